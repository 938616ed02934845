def f(a):
    return f"{a:d}"
f("x")
