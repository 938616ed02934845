# What a callee sees of its arguments, by every way of passing them.
import sys

rc = sys.getrefcount


class C:
    pass


def plain(a):
    return rc(a)


def two(a, b):
    return rc(a), rc(b)


def default(a, b=None):
    return rc(a)


def star(*args):
    return rc(args[0])


def double(**kw):
    return rc(kw["a"])


def both(*args, **kw):
    return rc(args[0]), rc(kw["k"])


def only(*, a):
    return rc(a)


def posonly(a, /):
    return rc(a)


def passing(a):
    return plain(a)


def dropping(a):
    b = a
    del a
    return rc(b)


x = C()
print("plain", plain(x))
print("keyword", plain(a=x))
print("two", two(x, x))
print("default", default(x))
print("star", star(x))
print("spread list", plain(*[x]))
print("spread tuple", plain(*(x,)))
t = (x,)
print("spread a named tuple", plain(*t))
del t
print("double", double(a=x))
print("spread dict", plain(**{"a": x}))
print("both", both(x, k=x))
print("keyword only", only(a=x))
print("positional only", posonly(x))
print("passing on", passing(x))
print("dropping", dropping(x))
print("lambda", (lambda a: rc(a))(x))
print("temporary", plain(C()))
print("nested call", plain(plain.__globals__["x"]))


class Callable:
    def __init__(self, a):
        self.count = rc(a)

    def __call__(self, a):
        return rc(a), rc(self)

    def method(self, a):
        return rc(a), rc(self)

    @classmethod
    def cm(cls, a):
        return rc(a)

    @staticmethod
    def sm(a):
        return rc(a)

    def __getitem__(self, a):
        return rc(a)

    def __add__(self, a):
        return rc(a)

    def __contains__(self, a):
        print("contains", rc(a))
        return True

    def __eq__(self, a):
        print("eq", rc(a), rc(self))
        return True


print("init", Callable(x).count)
c = Callable(x)
print("call", c(x))
print("method", c.method(x))
print("temporary's method", Callable(x).method(x))
print("classmethod", c.cm(x), Callable.cm(x))
print("staticmethod", c.sm(x), Callable.sm(x))
print("getitem", c[x])
print("add", c + x)
x in c
c == x
print("map", list(map(plain, [x])))
print("sorted key", sorted([x], key=lambda a: print("key", rc(a)) or 0) == [x])
print("max key", max([x, x], key=lambda a: print("key", rc(a)) or 0) is x)
print("after all", rc(x))
