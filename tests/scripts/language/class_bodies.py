x = "module"


class A:
    print(__name__, __qualname__, x)
    x = "class"
    print(x)
    y = [x for _ in range(1)]
    z = (lambda: x)()
    del x
    print(x)
    for i in range(2):
        locals()[f"v{i}"] = i

    def f(self):
        return x

    if True:

        def conditional(self):
            return "yes"

    try:
        1 / 0
    except ZeroDivisionError:
        handled = True
    with open(__file__) as fh:
        first = fh.readline()


print(A.y, A.z, A().f(), A.v0, A.v1, A.i, A().conditional(), A.handled, hasattr(A, "x"), A.first.strip())


def outer(v):
    class L:
        w = v

        def get(self):
            return v, __class__.__name__

        class M:
            u = v

    return L


print(outer(5)().get(), outer(6).M.u, outer(1) is outer(1), outer(2).__qualname__, outer(2).M.__qualname__)


class Doc:
    "docstring"
    __slots__ = ()


class NoDoc:
    pass


class Late:
    x = 1
    __doc__ = "late"


print(Doc.__doc__, NoDoc.__doc__, Late.__doc__, Doc.__dict__.get("__doc__"))


class G:
    global made_global
    made_global = 5

    def __init_subclass__(cls, **kw):
        print("subclass", cls.__name__, kw)


class H(G, a=1):
    pass


print(made_global, "made_global" in G.__dict__)


def nl():
    n = 1

    class C:
        nonlocal n
        n = 2

    return n


print(nl())
try:

    class Broken:
        a = 1
        raise ValueError("in body")

except ValueError as e:
    print(e, "Broken" in globals())


class Ann:
    a: int
    b: str = "x"
    c: "forward"
    _d: list = []
    (e): int = 1
    f.g if False else None


print(Ann.__annotations__, hasattr(Ann, "a"))


class P:
    __x = 1

    def m(self):
        __y = 2
        return self.__x, __y, sorted(n for n in locals())

    def __p(self, __q=3):
        return __q

    class __Inner:
        pass

    def g(self):
        return self.__p(), self.__Inner.__name__


print(P().m(), P().g(), [n for n in P.__dict__ if "__" not in n[-2:]])


class _U:
    __x = 5


print(_U._U__x)


class Multi(int, metaclass=type):
    def __new__(cls, v):
        return super().__new__(cls, v * 2)

    def __add__(self, o):
        return Multi(int(self) // 2 + o)

    __radd__ = __add__


print(Multi(5) + 1, 1 + Multi(5), type(Multi(5) + 1).__name__, sum([Multi(1), Multi(2)]))
print(type("T", (), dict(a=1, f=lambda s: s.a))().f(), type("T", (A,), {}).__mro__[1].__name__)
class One: a = 1; b = 2
print(One.a, One.b)
