raise SyntaxError("made", ("f.py", 1, 30, "   text\n\n", 1, 40))
