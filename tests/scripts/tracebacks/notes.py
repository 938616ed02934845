e = ValueError("x"); e.add_note("first"); e.add_note("second\nthird\n"); e.add_note("")
raise e
