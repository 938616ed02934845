a, b = 1, "x"
def f():
    return a   +   b
f()
