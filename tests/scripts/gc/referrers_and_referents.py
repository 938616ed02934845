import gc

gc.disable()


class C:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"C{self.n}"


a, b = C(1), C(2)
l = [a, b, 3]
print(gc.get_referents(l))
print(gc.get_referents((a, 1), [b]))
print(gc.get_referents({"k": a, "j": 5}))
print(gc.get_referents(5, "x", None))
a.other = b
print(gc.get_referents(a))
a.__dict__
print(gc.get_referents(a) == [{"n": 1, "other": b}, C])
print(gc.get_referents())
r = gc.get_referrers(b)
print(len(r), any(x is l for x in r), any(x is globals() for x in r))
print(gc.get_referrers(object()))
only = C(3)
holder = (only, [])
print([type(x).__name__ for x in gc.get_referrers(only) if x is not globals()])


def f(x=a):
    return b


print([type(x).__name__ for x in gc.get_referents(f)])


def outer():
    v = a

    def inner():
        return v

    return inner


i = outer()
print(gc.get_referents(i.__closure__[0]))
print(gc.get_referents(iter([a])))
print([type(x).__name__ for x in gc.get_referents(C)])
s = {a}
print(gc.get_referents(s))
m = a.__init__
print(gc.get_referents(m)[1])
g = (x for x in [a])
print(len(gc.get_referents(g)) > 0)
print(gc.get_referents(slice(a, b)))
print(gc.get_referents(ValueError(a))[0] == (a,))
