def f(x):
    assert x == 1, f"x is {x}"
f(2)
