e = SyntaxError("made", (None, 1, 1, "abc"))
raise e
