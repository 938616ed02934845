raise SyntaxError("made", ("f.py", 1, 3, "text", 1, -1))
