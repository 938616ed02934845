class A:
    """Doc of A."""

    attr = 1

    def __init__(self, v=0):
        self.v = v

    def __repr__(self):
        return f"A({self.v})"

    def __eq__(self, other):
        return isinstance(other, A) and self.v == other.v


class B(A):
    def __init__(self, v, w):
        super().__init__(v)
        self.w = w


a, b = A(1), B(2, 3)
print(a, b, a == A(1), a != A(2), a.__dict__, b.__dict__, A.__doc__, A.__name__, A.__qualname__, A.__module__, A.__bases__, B.__mro__, B.__base__, type(a), isinstance(b, A), issubclass(B, A))
try:
    hash(a)
except TypeError as e:
    print(e)
print(A.__hash__, repr(A), repr(B.__init__).split(" at ")[0], repr(a.__init__).split(" at ")[0])
A.attr = 2
print(b.attr, a.attr)
b.attr = 5
print(b.attr, A.attr, B.attr)
del b.attr
print(b.attr)
for f in (lambda: a.missing, lambda: A.missing, lambda: delattr(a, "missing"), lambda: delattr(A, "missing"), lambda: setattr(int, "x", 1), lambda: delattr(int, "real"), lambda: A(1, 2, 3), lambda: B(), lambda: a(), lambda: a[0], lambda: len(a), lambda: iter(a), lambda: a + 1, lambda: a < a, lambda: -a, lambda: int(a), lambda: a.__init__(1, 2), lambda: A.__new__(int), lambda: object.__new__(5), lambda: setattr(a, "__class__", 5), lambda: setattr(a, "__dict__", 5), lambda: A.__init__(5), lambda: setattr(A, "__name__", 5), lambda: setattr(A, "__bases__", ()), lambda: 1 in a, lambda: a.__class__.__bases__[5], lambda: setattr(a, 5, 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Empty:
    pass


e = Empty()
e.__class__ = A
e.v = 9
print(e, type(e).__name__)
A.__name__ = "Renamed"
print(A, a.__class__.__name__)
A.__qualname__ = "Q.R"
print(A)


class New:
    def __new__(cls, *args):
        print("new", cls.__name__, args)
        return super().__new__(cls)

    def __init__(self, *args):
        print("init", args)


New(1, 2)


class Other:
    def __new__(cls):
        return 5

    def __init__(self):
        print("never")


print(Other())


class Bad:
    def __init__(self):
        return 1


try:
    Bad()
except TypeError as x:
    print(x)


class NoInit:
    pass


class NewOnly:
    def __new__(cls, a):
        return object.__new__(cls)


for f in (lambda: NoInit(1), lambda: NoInit(x=1), lambda: NewOnly(), lambda: object(1), lambda: NewOnly(1), lambda: object.__new__(NoInit, 1), lambda: object.__init__(NoInit(), 1)):
    try:
        print(type(f()).__name__)
    except TypeError as x:
        print(x)


class Private:
    __secret = 1

    def __method(self):
        return self.__secret

    def call(self):
        return self.__method()

    def __dunder__(self):
        return "not mangled"


p = Private()
print(p.call(), p._Private__secret, [n for n in dir(p) if "secret" in n or "method" in n or n == "__dunder__"])


class Callable:
    def __call__(self, *a, **k):
        return a, k


print(Callable()(1, x=2), callable(Callable()), callable(p))


class Ordered:
    z = 1
    a = 2

    def m(self):
        pass


print([k for k in Ordered.__dict__])
Dyn = type("Dyn", (A,), {"extra": lambda self: self.v * 2, "__doc__": "made"})
print(Dyn(4).extra(), Dyn.__doc__, Dyn.__module__, Dyn.__qualname__)


class Inner:
    class Nested:
        def f(self):
            pass


print(Inner.Nested, Inner.Nested.__qualname__, Inner.Nested.f.__qualname__)


def maker():
    class Local:
        pass

    return Local


print(maker(), maker() is maker())
print(A.__subclasses__(), type.mro(B), A.__class__, type(type), type.__mro__, object.__bases__, object.__base__)
