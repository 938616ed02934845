t = (1, 2, 3, 2)
print(t.count(2), t.index(2), t.index(2, 2), t + (4,), t * 2, 2 * t, t[1], t[-1], len(t), 2 in t, 9 in t)
print((), (1,), (1, 2), ("a",), ((),), ((1,), [2]), (None, (True,)))
print(() == (), (1, 2) < (1, 3), (1,) < (1, 0), (1, 2) == (1.0, 2.0), (1, "a") == [1, "a"], (1, 2) != (1, 2), (2,) >= (1, 5))
print(tuple(), tuple("ab"), tuple([1, 2]), tuple(range(3)), tuple({1: 2}), tuple(t) is t, tuple(x for x in "ab"), t[:] is t, t * 1 is t, t + () is t, () + t is t, tuple([]) is tuple())
for f in (lambda: t.index(9), lambda: t.index(1, 1), lambda: t[10], lambda: t["a"], lambda: t + [1], lambda: t < [1], lambda: hash(([],)), lambda: t.count(), lambda: tuple(1), lambda: tuple(1, 2), lambda: t * "a", lambda: t - t, lambda: tuple(x=1), lambda: (1, "a") < (1, 2)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def assign():
    t[0] = 1


def delete():
    del t[0]


def append():
    t.append(1)


for f in (assign, delete, append):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print(hash(()), hash((1,)), hash((1, 2)), hash((0, 0.0)) == hash((0, 0)), hash((1, (2, 3))), hash((-1, -2)))
a = ([],)
try:
    a[0] += [1]
except TypeError as e:
    print(e, a)
r = ([],)
r[0].append(r)
print(r)


class T(tuple):
    def __new__(cls, *args):
        return super().__new__(cls, args)


s = T(1, 2)
print(s, type(s + (1,)).__name__, type(s[:]).__name__, s == (1, 2), hash(s) == hash((1, 2)), repr(s), type(s * 1).__name__)
a, (b, *c), d = 1, (2, 3, 4), 5
print(a, b, c, d)
print(t.__contains__(1), t.__getitem__(0), t.__len__(), t.__add__((1,)), t.__mul__(2), t.__eq__(1), t.__getnewargs__())
