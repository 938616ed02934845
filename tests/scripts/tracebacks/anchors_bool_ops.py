def f(x):
    return x and x.y or 1
f(1)
