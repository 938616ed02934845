def f(a, b):
    z = 3 + (a   ** b) + 4
f("", 0)
