class A:
    def who(self):
        return ["A"]


class B(A):
    def who(self):
        return ["B"] + super().who()


class C(A):
    def who(self):
        return ["C"] + super().who()


class D(B, C):
    def who(self):
        return ["D"] + super().who()


print(D().who(), [c.__name__ for c in D.__mro__])
for bases in ((A, B), (object, A), (A, A), (int, str), (list, dict), (bool,), (type(None),), (5,), ("x",), (len,)):
    try:
        print(type("X", bases, {}))
    except TypeError as e:
        print(e)
X = type("X", (B,), {})
Y = type("Y", (C,), {})
Z = type("Z", (X, Y), {})
print([c.__name__ for c in Z.__mro__])
try:
    type("Bad", (type("P", (B, C), {}), type("Q", (C, B), {})), {})
except TypeError as e:
    print(e)
D.__bases__ = (C, B)
print(D().who())
try:
    A.__bases__ = (D,)
except TypeError as e:
    print(e)


class S:
    def __getattr__(self, n):
        return n


class T(S):
    def m(self):
        return super().nothing


try:
    T().m()
except AttributeError as e:
    print(e)
print(super(B, D()).who(), super(B, B()).__self__.__class__.__name__, super(B, B).who(A()), super(B, D()).__thisclass__.__name__, super(B, D()).__self_class__.__name__, repr(super(B, D())).split(" at ")[0], repr(super(B)))
for f in (lambda: super(B, A()), lambda: super(B, 5), lambda: super(5, 5), lambda: super(B).who):
    try:
        print(f())
    except (TypeError, AttributeError) as e:
        print(e)


def bare():
    return super()


try:
    bare()
except RuntimeError as e:
    print(e)


def with_arg(x):
    return super()


try:
    with_arg(1)
except RuntimeError as e:
    print(e)


class Deleted:
    def f(self):
        del self
        return super()


try:
    Deleted().f()
except RuntimeError as e:
    print(e)


class Coop:
    def __init__(self, **kw):
        print("Coop", kw)
        super().__init__(**kw)


try:
    Coop(x=1)
except TypeError as e:
    print(e)
Coop()


class Mixin:
    def save(self):
        return "mixin+" + super().save()


class Base:
    def save(self):
        return "base"


class Model(Mixin, Base):
    pass


print(Model().save())


class P(str):
    def __new__(cls, v, extra):
        self = super().__new__(cls, v)
        self.extra = extra
        return self

    def upper(self):
        return "P" + super().upper()


p = P("abc", 5)
print(p, p.extra, p.upper(), p + "d", type(p + "d").__name__, isinstance(p, str), p == "abc", {p: 1}["abc"])


class ML(type):
    def mro(cls):
        return [cls, A, object]


class W(B, metaclass=ML):
    pass


print([c.__name__ for c in W.__mro__], W().who())


class M2(type):
    def mro(cls):
        return [5]


try:
    M2("x", (), {})
except TypeError as e:
    print(e)


class E1(type):
    pass


class E2(type):
    pass


try:

    class Conflict(E1("a", (), {}), E2("b", (), {})):
        pass

except TypeError as e:
    print(e)


class Entries:
    def __mro_entries__(self, bases):
        print("mro_entries", len(bases))
        return (A,)


class FromEntries(Entries()):
    pass


print(FromEntries.__bases__, FromEntries.__orig_bases__[0].__class__.__name__)
