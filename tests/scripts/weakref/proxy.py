import weakref


class C:
    def __init__(self):
        self.v = 3
        self.items = [1, 2, 3]

    def __add__(self, o):
        return self.v + o

    def __radd__(self, o):
        return o - self.v

    def __len__(self):
        return 3

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, v):
        self.items[i] = v

    def __contains__(self, x):
        return x in self.items

    def __iter__(self):
        return iter(self.items)

    def __str__(self):
        return "C!"

    def __bool__(self):
        return False

    def __call__(self, x):
        return x * 2

    def __eq__(self, o):
        return True

    def __lt__(self, o):
        return True

    def __neg__(self):
        return -self.v

    def __index__(self):
        return 1

    def method(self):
        return self.v


c = C()
p = weakref.proxy(c)
print(p.v, p + 1, 1 + p, len(p), p[0], 2 in p, list(p), str(p), bool(p), p == 5, p < 1, -p)
p[0] = 9
p.v = 4
p.new = 1
print(c.items, c.v, c.new, p.method())
del p.new
print(hasattr(c, "new"), type(p).__name__, p.__class__.__name__, isinstance(p, C))
print(p(21), [10, 20, 30][p])
try:
    hash(p)
except TypeError as e:
    print(e)
print(weakref.proxy(c) is p, weakref.getweakrefcount(c))
print(repr(p).startswith("<weakproxy at") or repr(p).startswith("<weakcallableproxy"))


class N:
    pass


n = N()
q = weakref.proxy(n)
print(type(q).__name__)
try:
    q()
except TypeError as e:
    print(e)
try:
    q + 1
except TypeError as e:
    print(e)
try:
    q.missing
except AttributeError as e:
    print(e)
del c, n
for action in (lambda: p.v, lambda: p + 1, lambda: len(p), lambda: str(p), lambda: p == 1, lambda: bool(q), lambda: q.x, lambda: p()):
    try:
        action()
    except ReferenceError as e:
        print(e)
