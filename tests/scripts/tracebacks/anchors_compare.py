def f(a, b):
    return (a < b) or 1
f(1, "")
