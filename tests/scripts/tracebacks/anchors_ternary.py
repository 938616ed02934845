def f(x):
    return (1 if x / 0 else 2)
f(1)
