def check(x):
    assert x > 0, f"must be positive, not {x}"


check(5)
check(-1)
