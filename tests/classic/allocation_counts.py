import gc
gc.disable()
def d(f):
    c0 = gc.get_count()[0]
    k = f()
    c1 = gc.get_count()[0]
    return c1 - c0
class Old: pass
class New(object): pass
class NewD(object):
    def __init__(self): self.a = 1
class OldD:
    def __init__(self): self.a = 1
class Sl(object): __slots__ = ("a",)
def gen(): yield 1
print "none", d(lambda: None)
print "old", d(Old), d(Old)
print "new", d(New), d(New)
print "newd", d(NewD)
print "oldd", d(OldD)
print "sl", d(Sl)
print "list", d(lambda: [])
print "list3", d(lambda: [1,2,3])
print "dict", d(lambda: {})
print "dict1", d(lambda: {1:2})
print "tuple", d(lambda: (d, d))
print "gen", d(gen)
print "meth", d(lambda: Old().__init__ if hasattr(Old, '__init__') else OldD().__init__)
print "func", d(lambda: lambda: 1)
def mk():
    class X: pass
    return X
def mk2():
    class X(object): pass
    return X
def mk3():
    class X(object):
        def f(self): pass
    return X
print "cls", d(mk)
print "cls2", d(mk2)
print "cls3", d(mk3)
print "slice", d(lambda: slice(1))
print "iter", d(lambda: iter([]))
def cl():
    x = 1
    def f(): return x
    return f
print "closure", d(cl)
print "prop", d(lambda: property())
print "exc", d(lambda: ValueError("x"))
print "range", d(lambda: range(10))
print "str", d(lambda: "a" * 20)
print "listcomp", d(lambda: [[] for i in range(5)])
