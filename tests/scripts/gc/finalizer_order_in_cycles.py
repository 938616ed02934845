import gc
import weakref

gc.disable()
gc.collect()


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n, hasattr(self, "other"))


a, b, c = D("a"), D("b"), D("c")
a.other, b.other, c.other = c, a, b
refs = [weakref.ref(x, lambda r, n=x.n: print("callback", n)) for x in (a, b, c)]
del a, b, c
print(gc.collect())
print([r() for r in refs])
a = D("head")
a.tail = D("tail")
a.other = a
del a
print(gc.collect())


class Plain:
    pass


p = Plain()
p.d = D("hanging")
p.me = p
del p
print(gc.collect())
m = D("outside")
i = D("inside")
i.other = i
i.m = m
del i
print(gc.collect())
del m


class Breaker:
    def __del__(self):
        print("breaking")
        self.other = None


x, y = Breaker(), Breaker()
x.other, y.other = y, x
del x, y
print(gc.collect())


class Grower:
    def __del__(self):
        self.extra = [Grower2()]
        self.extra.append(self)
        print("grown")


class Grower2:
    def __del__(self):
        print("grower2")


g = Grower()
g.me = g
del g
print(gc.collect())
print(gc.collect())
