def f(x):
    if (y := x / 0) > 1: pass
f(1)
