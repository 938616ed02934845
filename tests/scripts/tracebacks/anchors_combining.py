def f(a):
    return ("é" + a.b), 1
f(1)
