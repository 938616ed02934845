def f(a, b):
    z = (a) << (b)
f("1", 2)
