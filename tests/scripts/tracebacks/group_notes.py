e = ExceptionGroup("noted", [ValueError("x")])
e.add_note("on the group\nsecond line")
e.exceptions[0].add_note("on the member")
raise e
