raise SyntaxError("made", ("f.py", 1, 2, "ab (\n c)\n", 2, 3))
