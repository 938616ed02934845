def f(a):
    a += 1; b = 4
f("")
