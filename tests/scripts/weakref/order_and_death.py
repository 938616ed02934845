# What dies when: __del__, callbacks, attributes, weak containers.
import gc
import weakref

gc.disable()


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("  del", self.n)


def cb(label):
    return lambda r: print("  callback", label, r())


print("one object")
d = D("d")
d.part = D("part")
r1 = weakref.ref(d, cb("first"))
r2 = weakref.ref(d, cb("second"))
r3 = weakref.ref(d.part, cb("part"))
del d
print("container of two")
l = [D("a"), D("b")]
rs = [weakref.ref(x, cb(x.n)) for x in l]
x = None
del l
print("cycle")
a, b = D("a"), D("b")
a.o, b.o = b, a
ra, rb = weakref.ref(a, cb("a")), weakref.ref(b, cb("b"))
del a, b
print("collected", gc.collect())
print("reference dies with the object")


class Own:
    pass


o = Own()
o.r = weakref.ref(o, cb("own, never called"))
del o
print("reference dies in the same cycle")
o, p = Own(), Own()
o.p, p.o = p, o
o.r = weakref.ref(p, cb("inside, never called"))
outside = weakref.ref(p, cb("outside"))
del o, p
gc.collect()
print("weak value dictionary")
w = weakref.WeakValueDictionary()
v = D("v")
w["v"] = v
print("  ", list(w.items())[0][0])
del v
print("  ", len(w))
print("__del__ sees its weak reference")


class Sees:
    def __init__(self):
        Sees.ref = weakref.ref(self)

    def __del__(self):
        print("  in __del__:", Sees.ref() is self)


Sees()
print("  after:", Sees.ref())
print("callback makes a new object")
made = []
k = D("k")
rk = weakref.ref(k, lambda r: made.append(D("made")))
del k
print("  ", made[0].n)
made.clear()
print("end")
