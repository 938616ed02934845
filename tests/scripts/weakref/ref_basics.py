import weakref


class C:
    def __init__(self, v=0):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    def __hash__(self):
        return hash(self.v)


c = C(1)
r = weakref.ref(c)
print(r() is c, r is weakref.ref(c), weakref.getweakrefcount(c), weakref.getweakrefs(c) == [r])
r2 = weakref.ref(c, lambda r: print("cb"))
print(r2 is r, r == r2, hash(r) == hash(c), weakref.getweakrefcount(c))
print(c.__weakref__ is r)
d = C(1)
rd = weakref.ref(d)
print(r == rd, r != rd, r == weakref.ref(C(2)))
print(r.__callback__, callable(r2.__callback__))
del c
print(r(), r2(), r == r2, r == rd)
print(hash(r) == hash(1))
e = C(5)
re = weakref.ref(e)
del e
try:
    hash(re)
except TypeError as x:
    print(x)
for o in (1, "s", None, (), [], {}, 1.5, object(), int(10**30), slice(1)):
    try:
        weakref.ref(o)
    except TypeError as x:
        print(x)
print(type(weakref.ref(C)).__name__, weakref.ref(len)() is len, weakref.ref({1})() is None)


def f():
    pass


print(weakref.ref(f)() is f, weakref.ref(weakref)() is weakref)
try:
    weakref.ref()
except TypeError as x:
    print(x)
try:
    r(1)
except TypeError as x:
    print(x)


class S:
    __slots__ = ()


class W:
    __slots__ = ("__weakref__",)


try:
    weakref.ref(S())
except TypeError as x:
    print(x)
w = W()
print(weakref.ref(w)() is w)


class Sub(weakref.ref):
    __slots__ = ("tag",)

    def __new__(cls, o, tag):
        self = super().__new__(cls, o)
        self.tag = tag
        return self

    def __init__(self, o, tag):
        super().__init__(o)


s = Sub(w, "t")
print(s.tag, s() is w, s is Sub(w, "t"), weakref.getweakrefcount(w))
