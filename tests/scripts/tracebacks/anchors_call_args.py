def f(a):
    return (a(1, 2,
              3), 4)
f(None)
