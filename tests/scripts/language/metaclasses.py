class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print("prepare", name, bases, kw)
        return {"prepared": True}

    def __new__(mcs, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name, kw)
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kw):
        print("call", args, kw)
        return super().__call__(*args, **kw)

    def __instancecheck__(cls, o):
        return o == 42

    def __subclasscheck__(cls, c):
        return c is int

    def __len__(cls):
        return 7

    def __getattr__(cls, n):
        return "meta " + n

    def __iter__(cls):
        return iter("meta")

    def __repr__(cls):
        return f"<Meta {cls.__name__}>"

    def __contains__(cls, x):
        return x == 1

    def __getitem__(cls, k):
        return k

    @property
    def prop(cls):
        return "metaprop"

    def method(cls):
        return cls.__name__


class A(metaclass=Meta, flag=1):
    x = 1


print("--")


class B(A, other=2):
    def __init__(self, v):
        self.v = v


b = B(5)
print(b.v, isinstance(42, A), isinstance(b, A), isinstance(b, B), issubclass(int, A), len(A), A.anything, list(A), A, 1 in A, A["k"], A.prop, B.method(), A.prepared)
try:
    b.prop
except AttributeError as e:
    print(e)
try:
    b.method
except AttributeError as e:
    print(e)


class Sub:
    registry = []

    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        Sub.registry.append((cls.__name__, tag))


class S1(Sub, tag="one"):
    pass


class S2(S1):
    pass


print(Sub.registry)
try:

    class S3(Sub, bad=1):
        pass

except TypeError as e:
    print(e)


class Name:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)


class Uses:
    one = Name()
    two = three = Name()


class BadName:
    def __set_name__(self, owner, name):
        raise ValueError("bad")


try:

    class UsesBad:
        attr = BadName()

except RuntimeError as e:
    print(e, repr(e.__cause__))


def func_meta(name, bases, ns, **kw):
    print("func", name, bases, kw)
    return 5


class F(metaclass=func_meta, k=1):
    pass


print(F)


class Ns(dict):
    def __setitem__(self, k, v):
        if not k.startswith("__"):
            print("set", k)
        super().__setitem__(k, v)


class NsMeta(type):
    @classmethod
    def __prepare__(mcs, *a):
        return Ns()


class Logged(metaclass=NsMeta):
    a = 1

    def f(self):
        pass

    a = 2


class BadPrepare(type):
    @classmethod
    def __prepare__(mcs, *a):
        return 5


try:

    class X(metaclass=BadPrepare):
        pass

except TypeError as e:
    print(e)
for f in (lambda: type("A", (), {}, x=1), lambda: type("A\0", (), {}), lambda: type("A", (), {"__slots__": 5}), lambda: type("A", (), {"__slots__": ["1x"]}), lambda: type("A", (), {"__slots__": ["a"], "a": 1}), lambda: type.__new__(type), lambda: type.__new__(5), lambda: type.__call__(int, "5"), lambda: type("A", (type,), {})("B", (), {})):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


class Single(type):
    _inst = {}

    def __call__(cls, *a):
        if cls not in cls._inst:
            cls._inst[cls] = super().__call__(*a)
        return cls._inst[cls]


class One(metaclass=Single):
    pass


print(One() is One(), type(One).__name__, One.__class__.__mro__)


class CG:
    def __class_getitem__(cls, k):
        return f"{cls.__name__}[{k}]"


print(CG[int], CG[1, 2])
try:
    A2 = type("A2", (), {})[int]
except TypeError as e:
    print(e)
