import gc

gc.disable()
t = tuple([1, "two", 3.0, None, (4, 5)])
inner = t[4]
print(gc.is_tracked(t), gc.is_tracked(inner))
gc.collect()
print(gc.is_tracked(t), gc.is_tracked(inner))
gc.collect()
print(gc.is_tracked(t))
t = tuple([[]])
gc.collect()
print("with a list:", gc.is_tracked(t))
d = {}
print(gc.is_tracked(d))
d["a"] = 1
d["b"] = "x"
d["c"] = (1, 2)
print(gc.is_tracked(d))
d["d"] = tuple([1])
print("tuple value tracks it:", gc.is_tracked(d))
gc.collect()
print("collected:", gc.is_tracked(d))
e = dict(a=1)
f = e.copy()
g = {**e}
h = e | e
i = dict.fromkeys([1, 2])
j = {k: k for k in range(3)}
k = dict(zip("ab", (1, 2)))
print([gc.is_tracked(x) for x in (e, f, g, h, i, j, k)])
e["l"] = []
print(gc.is_tracked(e), gc.is_tracked(e.copy()))
e["l"] = 0
print(gc.is_tracked(e), gc.is_tracked(e.copy()))
gc.collect()
print(gc.is_tracked(e), gc.is_tracked(e.copy()))


def args(*a, **kw):
    return gc.is_tracked(a), gc.is_tracked(kw)


print(args(), args(1), args([]), args(k=1), args(k=[]))


class C:
    pass


c = C()
c.x = 1
print(gc.is_tracked(c.__dict__), gc.is_tracked(c))
gc.collect()
print(gc.is_tracked(c.__dict__))
print(gc.is_tracked(divmod(7, 2)), gc.is_tracked("a b".partition(" ")), gc.is_tracked(next(enumerate("a"))), gc.is_tracked(next(iter({1: 2}.items()))))
z = next(zip([1], [2]))
print(gc.is_tracked(z))
gc.collect()
print(gc.is_tracked(z))
print(gc.is_tracked((1, 2)), gc.is_tracked((1, [])), gc.is_tracked((c,)))
