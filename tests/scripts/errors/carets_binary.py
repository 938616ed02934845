def f(a, b, c):
    return a.x + (b * c) / len(c)


class O:
    x = 1


f(O(), 1, [])
