def f(a, b):
    z = [1, 2, (a @ b), 4]
f(1, 2)
