# Operators take and give back exactly.
import sys

rc = sys.getrefcount


class N:
    def __init__(self, log=None):
        self.log = log

    def __add__(self, other):
        return rc(self), rc(other)

    __sub__ = __mul__ = __matmul__ = __and__ = __or__ = __add__

    def __radd__(self, other):
        return "r", rc(self)

    def __iadd__(self, other):
        print("iadd", rc(self), rc(other))
        return self

    def __neg__(self):
        return rc(self)

    def __lt__(self, other):
        return rc(self), rc(other)

    def __bool__(self):
        print("bool", rc(self))
        return True

    def __getitem__(self, k):
        return rc(self), rc(k)

    def __setitem__(self, k, v):
        print("setitem", rc(self), rc(k), rc(v))

    def __delitem__(self, k):
        print("delitem", rc(self), rc(k))

    def __len__(self):
        return 3

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return rc(self), rc(other)


a, b = N(), N()
print(a + b, a - b, a * b, a @ b, a & b, a | b)
print(1 + a)
a += b
print(-a, a < b, a == b, a > b)
if a:
    print("true")
print(a and b is b, rc(a), rc(b))
not a
print(a[b])
a[b] = b
del a[b]
print(N() + N(), -N(), N() < N())
c = a if a else b
print(rc(a), rc(b), rc(c))
del c
d = {a: b}
print(rc(a), rc(b))
d[a]
print(a in d, rc(a))
x = a or b
print(rc(a))
del x, d
print(rc(a), rc(b))
print(f"{-a}", rc(a))
assert a, b
print(rc(a), rc(b))
