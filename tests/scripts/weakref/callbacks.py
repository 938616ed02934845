import gc
import weakref

gc.disable()


class C:
    pass


log = []
c = C()
refs = [weakref.ref(c, lambda r, i=i: log.append((i, r()))) for i in range(4)]
del c
print(log)
log.clear()
c = C()
r = weakref.ref(c, lambda r: log.append("dead ref called"))
del r
del c
print(log)


class D:
    def __init__(self):
        self.r = weakref.ref(self, lambda r: log.append("own"))

    def __del__(self):
        log.append("del")


D()
print(log)
log.clear()
d = D()
other = weakref.ref(d, lambda r: log.append("other"))
del d
print(log)
log.clear()
a, b = C(), C()
a.b, b.a = b, a
ra = weakref.ref(a, lambda r: log.append("a"))
rb = weakref.ref(b, lambda r: log.append("b"))
a.inner = weakref.ref(b, lambda r: log.append("inner: not called"))
del a, b
print(gc.collect(), log)
log.clear()
import sys

sys.unraisablehook = lambda u: log.append(("unraisable", str(u.exc_value)))
c = C()


def bad(r):
    raise ValueError("in callback")


r = weakref.ref(c, bad)
del c
print(log)
log.clear()
c = C()


def reviving(r):
    log.append(r() is None)


p = weakref.proxy(c, reviving)
del c
print(log)


class Res:
    def __del__(self):
        global back
        back = self


x = Res()
r = weakref.ref(x, lambda r: print("called"))
del x
print("resurrected by count, ref:", r() is back)
del back
print(r())
