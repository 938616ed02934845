print((lambda: 1)(), (lambda x, y=2, *a, k=3, **kw: (x, y, a, k, kw))(1, z=5), (lambda *a: a)(1, 2), (lambda x: lambda y: x + y)(1)(2), (lambda: (yield))().__class__.__name__)
log = []


def deco(tag):
    log.append(f"make {tag}")

    def apply(f):
        log.append(f"apply {tag}")

        def wrapper(*a, **k):
            log.append(f"call {tag}")
            return f(*a, **k)

        return wrapper

    return apply


@deco("outer")
@deco("inner")
def f(x):
    log.append("f")
    return x


print(f(5), log)


@str
@repr
def g():
    pass


print(g.split(" at ")[0], type(g))


@lambda c: [c]
class C:
    pass


print(C)
fs = [lambda f: f]


@fs[0]
def h():
    return "h"


@(lambda f: lambda: "wrapped " + f())
def i():
    return "i"


print(h(), i())


class D:
    def __init__(self, f):
        self.f = f

    def __call__(self, *a):
        return ("D", self.f(*a))

    def __get__(self, o, t=None):
        return lambda *a: ("bound", self.f(o, *a))


@D
def j(x):
    return x


class K:
    @D
    def m(self, x):
        return type(self).__name__, x

    @staticmethod
    @D
    def s(x):
        return x

    @property
    def p(self):
        return "p"

    @classmethod
    def c(cls):
        return cls.__name__

    @classmethod
    @property
    def cp(cls):
        return "class property " + cls.__name__


print(j(1), K().m(2), K.s(3), K().p, K.c(), K.cp)
import functools


def plain(f):
    @functools.wraps(f)
    def w(*a):
        return f(*a)

    return w


@plain
def documented():
    """The doc."""


print(documented.__name__, documented.__doc__, documented.__wrapped__.__name__)


@functools.lru_cache(maxsize=2)
def cached(x):
    print("computing", x)
    return x * 2


print(cached(1), cached(1), cached(2), cached(3), cached(1), cached.cache_info())
print(functools.reduce(lambda a, b: a * 10 + b, [1, 2, 3]), functools.reduce(lambda a, b: a + b, [], 7), functools.partial(pow, 2)(5), functools.partial(int, base=2)("101"))
try:
    functools.reduce(lambda a, b: a, [])
except TypeError as e:
    print(e)
sorted_ = sorted(["bb", "a"], key=functools.cmp_to_key(lambda a, b: len(a) - len(b)))
print(sorted_)


@functools.total_ordering
class T:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v < o.v


print(T(1) <= T(2), T(2) > T(1), T(1) >= T(1))


@functools.singledispatch
def sd(x):
    return "default"


@sd.register(int)
def _(x):
    return "int"


print(sd(1), sd("a"), sd(True))
