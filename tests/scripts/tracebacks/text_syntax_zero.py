raise SyntaxError("made", ("f.py", 1, 0, "text", 1, 0))
