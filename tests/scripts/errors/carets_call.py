def f(x, *, y):
    pass


print(f(1, y=2), f(
    1,
    z=3,
))
