import gc

gc.disable()
gc.collect()


class C:
    pass


def cycle(n):
    nodes = [C() for _ in range(n)]
    for i in range(n):
        nodes[i].next = nodes[(i + 1) % n]


cycle(1)
print("one", gc.collect())
cycle(2)
print("two", gc.collect())
cycle(100)
print("hundred", gc.collect())
a = C()
a.me = a
a.__dict__
del a
print("with dict", gc.collect())
l = []
l.append(l)
del l
print("list", gc.collect())
d = {}
d[1] = d
del d
print("dict", gc.collect())
t = ([],)
t[0].append(t)
del t
print("tuple and list", gc.collect())


def f():
    def g():
        return g

    return None


f()
print("recursive closure", gc.collect())


class K:
    pass


del K
print("class", gc.collect())


class K:
    def m(self):
        return super()

    x = property(lambda self: 1)


del K
print("class with method, property, cell", gc.collect())


def gen():
    me = yield
    yield


g = gen()
next(g)
g.send(g)
del g
print("generator", gc.collect())
try:
    raise ValueError
except ValueError as e:
    e.me = e
print("exception", gc.collect())
s = C()
s.b = s.__init__
del s
print("bound method", gc.collect())
fs = C()
fs.s = {1, 2}
fs.f = frozenset([3])
fs.me = fs
del fs
print("reaching sets", gc.collect())
x = C()
x.data = [1, 2, (3, [4])]
x.me = x
del x
print("reaching lists", gc.collect())
outer = C()
inner = C()
inner.me = inner
inner.out = outer
del inner
print("pointing out", gc.collect(), type(outer).__name__)
del outer
print(gc.collect())
print(gc.collect(0), gc.collect(1), gc.collect(2))
for bad in (3, -1):
    try:
        gc.collect(bad)
    except ValueError as e:
        print(e)
print(gc.collect(generation=1))
print(gc.garbage, gc.get_count()[1:], gc.isenabled())
