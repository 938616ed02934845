raise SyntaxError("made", ("f.py", 1, 6, "    a b", 1, 7))
