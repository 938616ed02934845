def f(a):
    return ("😀😀" + a.b), 1
f(1)
