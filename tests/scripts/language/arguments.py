def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw


print(f(1, c=3), f(1, 2, 3, 4, c=5, z=6), f(*[1, 2], **{"c": 3}), f(1, *(2, 3), c=4, *[5], **{"x": 1}, **{"y": 2}), f(c=1, a=2))


def p(a, b, /, c, *, d):
    return a, b, c, d


def none():
    pass


def one(x):
    return x


def kwonly(*, a, b):
    pass


def defaults(a, b=1, c=2):
    pass


def many(a, b, c, d):
    pass


print(p(1, 2, 3, d=4), p(1, 2, c=3, d=4))
for call in (
    lambda: f(), lambda: f(1), lambda: f(1, 2, c=3, a=4), lambda: f(1, c=1, **{"c": 2}), lambda: f(1, *5), lambda: f(1, **5), lambda: f(1, **{1: 2}), lambda: f(*None, c=1),
    lambda: p(1, 2), lambda: p(a=1, b=2, c=3, d=4), lambda: p(1, 2, 3, 4), lambda: p(1, 2, 3), lambda: p(),
    lambda: none(1), lambda: none(1, 2), lambda: none(x=1), lambda: none(1, x=1), lambda: one(), lambda: one(1, 2), lambda: one(y=1), lambda: one(1, x=2), lambda: one(1, y=2),
    lambda: kwonly(), lambda: kwonly(a=1), lambda: kwonly(1, 2), lambda: kwonly(1, a=1, b=2), lambda: defaults(), lambda: defaults(1, 2, 3, 4), lambda: defaults(1, d=3), lambda: many(), lambda: many(1), lambda: many(1, 2), lambda: many(1, 2, 3),
    lambda: (lambda x: x)(), lambda: none(**{"a": 1}, **{"a": 2}), lambda: one(**{"x": 1, "y": 2}),
):
    try:
        print(call())
    except TypeError as e:
        print(e)


def mutable(x=[]):
    x.append(1)
    return x


print(mutable(), mutable(), mutable.__defaults__)
order = []


def t(n):
    order.append(n)
    return n


def g(*a, **k):
    return a, k


g(t(1), *[t(2)], t(3), k=t(4), **{"m": t(5)}, n=t(6))
print(order)


def outer(a=t(7), *, b=t(8)):
    def inner(x: t(9), y: t(10) = t(11)) -> t(12):
        pass


outer()
print(order)


class K:
    def m(self, x):
        return x

    @classmethod
    def c(cls, x):
        return x

    @staticmethod
    def s(x):
        return x

    def __init__(self, v=0):
        pass

    def __call__(self, q):
        pass


for call in (lambda: K().m(), lambda: K.m(1), lambda: K().m(1, 2), lambda: K.c(), lambda: K.s(), lambda: K(1, 2), lambda: K(w=1), lambda: K()(), lambda: K()(1, 2), lambda: K().m(x=1, y=2)):
    try:
        print(call())
    except TypeError as e:
        print(e)
