e = SyntaxError("x"); e.filename = 5; e.lineno = "y"; e.text = b"z"
raise e
