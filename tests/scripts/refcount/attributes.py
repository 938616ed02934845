# Attributes of instances, classes, functions and modules; slots.
import sys


class C:
    pass


class Slots:
    __slots__ = ("a", "b")


rc = sys.getrefcount
x = C()
base = rc(x)


def show(label):
    print(f"{label:34} {rc(x) - base:+d}")


o = C()
o.a = x
show("o.a = x")
o.a = x
show("o.a = x again")
o.b = o.a
show("o.b = o.a")
o.__dict__
show("dict made")
copied = dict(o.__dict__)
show("dict copied")
del copied
del o.a
show("del o.a")
o.__dict__["b"] = 1
show("through the dict")
o.__dict__ = {"z": x}
show("new dict")
o.__dict__ = {}
show("empty dict")
setattr(o, "n", x)
show("setattr")
getattr(o, "n")
show("getattr")
delattr(o, "n")
show("delattr")
s = Slots()
s.a = x
show("slot")
s.b = x
show("two slots")
s.a = None
show("slot changed")
del s
show("slots gone")
C.shared = x
show("class attribute")
o.shared
show("looked up")
del C.shared
show("class attribute gone")


def f(p=x):
    return p


show("default argument")
f()
show("called")
f.attr = x
show("function attribute")
f.__defaults__ = None
show("defaults removed")
del f
show("function gone")


class Meth:
    def m(self):
        return rc(self)


m = Meth()
print(m.m(), rc(m))
bound = m.m
print(bound(), rc(m), rc(bound.__self__))
bounds = [m.m, m.m]
print(rc(m))
del bounds, bound
print(rc(m))
print(rc(Meth) - rc(Meth))
k = Meth()
c0 = rc(Meth)
ks = [Meth() for _ in range(10)]
print(rc(Meth) - c0)
ks.clear()
print(rc(Meth) - c0)
