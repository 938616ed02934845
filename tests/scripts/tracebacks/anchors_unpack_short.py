def f(v):
    (a, b), c = v
f(((1,), 2))
