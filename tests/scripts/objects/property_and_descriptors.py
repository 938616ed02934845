class C:
    def __init__(self):
        self._x = 1

    @property
    def x(self):
        """The x."""
        return self._x

    @x.setter
    def x(self, v):
        print("set", v)
        self._x = v

    @x.deleter
    def x(self):
        print("delete")
        del self._x

    @property
    def readonly(self):
        return 1

    writeonly = property(None, lambda self, v: print("wo", v))


c = C()
print(c.x, C.x.__doc__, type(C.x).__name__, C.x.fget.__name__, C.x.fset.__name__, C.x.fdel.__name__)
c.x = 5
print(c.x)
del c.x
c.writeonly = 3
for f in (lambda: setattr(c, "readonly", 1), lambda: delattr(c, "readonly"), lambda: c.writeonly, lambda: delattr(c, "writeonly"), lambda: c.x, lambda: C.x.__get__(5), lambda: C.x()):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print(C.x.__get__(None, C) is C.x, property().__doc__, property(doc="d").__doc__, property(lambda s: 1).getter(lambda s: 2).fget(0))


class D:
    def __get__(self, obj, cls):
        return ("get", obj is not None, cls.__name__)

    def __set__(self, obj, v):
        print("D.set", v)

    def __delete__(self, obj):
        print("D.delete")

    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)


class N:
    def __get__(self, obj, cls=None):
        return "non-data"


class K:
    d = D()
    n = N()


k = K()
print(k.d, K.d, k.n)
k.d = 1
k.n = "instance wins"
print(k.n)
k.__dict__["d"] = "data wins"
print(k.d)
del k.d


class G:
    def __getattr__(self, name):
        if name == "boom":
            raise AttributeError("custom")
        return f"getattr {name}"

    def __setattr__(self, name, v):
        print("setattr", name, v)
        super().__setattr__(name, v)

    def __delattr__(self, name):
        print("delattr", name)
        super().__delattr__(name)


g = G()
g.a = 1
print(g.a, g.missing, hasattr(g, "boom"), hasattr(g, "other"))
del g.a
print(g.a)
try:
    g.boom
except AttributeError as e:
    print(e, e.name, e.obj)


class A:
    def __getattribute__(self, name):
        if name.startswith("x"):
            return name.upper()
        return super().__getattribute__(name)


a = A()
a.real = 1
print(a.xyz, a.real)


class SM:
    @staticmethod
    def s(x):
        return x

    @classmethod
    def c(cls, x):
        return cls.__name__, x

    class Inner:
        pass


class SM2(SM):
    pass


print(SM.s(1), SM().s(2), SM.c(3), SM2.c(4), SM2().c(5), SM.__dict__["s"].__func__(6), SM.__dict__["c"].__func__(int, 7), staticmethod(len)([1]), SM.__dict__["s"].__wrapped__.__name__)
try:
    classmethod(len)([1])
except TypeError as e:
    print(e)


class P:
    @property
    def p(self):
        raise AttributeError("inside property")


try:
    P().p
except AttributeError as e:
    print(e)


class Q(P):
    def __getattr__(self, n):
        return "fallback " + n


print(Q().p)
