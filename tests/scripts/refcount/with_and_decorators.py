import sys

rc = sys.getrefcount


class Manager:
    def __enter__(self):
        print("enter", rc(self))
        return self

    def __exit__(self, *exc):
        print("exit", rc(self), [type(e).__name__ for e in exc])
        return True


with Manager():
    print("body of an unnamed manager")
with Manager() as m:
    print("body", rc(m))
    raise KeyError("x")
print("after", rc(m))
with Manager() as a, Manager() as b:
    print(rc(a), rc(b))
del m, a, b


def decorator(f):
    print("decorating", rc(f))
    return f


@decorator
def decorated():
    pass


print(rc(decorated))


def class_decorator(c):
    return c


@class_decorator
class K:
    pass


k0 = rc(K)
i = K()
print(rc(K) - k0)


class P:
    @property
    def p(self):
        return rc(self)

    @classmethod
    def c(cls):
        return 1

    def __getattr__(self, name):
        return rc(self), rc(name) > 1


p = P()
print(p.p, p.missing, rc(p))
