def f(a, b, c):
    return a.x + b.y * (c.z / 0)
class O: x = 1; y = 2; z = 3
f(O, O, O)
