raise SyntaxError("made", ("file.py", None, None, "text"))
