d = {"a": 1, "b": 2}
print(d.get("a"), d.get("z"), d.get("z", 0), d["a"], "a" in d, 1 in d, len(d))
print(d.setdefault("a", 9), d.setdefault("c", 3), d.setdefault("n"), d)
print(d.pop("n"), d.pop("zz", "default"), d.popitem(), d)
d.update({"a": 10})
d.update([("x", 1), ("y", 2)])
d.update(k=5)
d.update({"a": 11}, z=6)
d.update()
print(d)
d.update(zip("pq", (1, 2)))
print(d, d.copy() == d, d.copy() is d)
print(list(d), list(d.keys()), list(d.values()), list(d.items()), list(reversed(d)), list(reversed(d.items())))
print(dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), dict(), dict(a=1), dict([(1, 2)]), dict({1: 2}, b=3), dict(["ab", "cd"]))
print({"a": 1} | {"b": 2}, {"a": 1} | {"a": 2}, {"a": 1} == {"a": 1.0}, {1: 1, 2: 2} == {2: 2, 1: 1}, {"a": 1} != {})
d = {"a": 1}
d |= {"b": 2}
d |= [("c", 3)]
print(d)
for f in (lambda: d["zz"], lambda: d[None], lambda: d.pop("zz"), lambda: {}.popitem(), lambda: d[[]], lambda: {[]: 1}, lambda: {{}: 1}, lambda: d.update(1), lambda: d.update([1]), lambda: d.update([(1, 2, 3)]), lambda: dict(1), lambda: dict([1]), lambda: dict("ab"), lambda: d.get(), lambda: d.get(1, 2, 3), lambda: d.pop(), lambda: d.pop(1, 2, 3), lambda: d.setdefault(), lambda: d < d, lambda: d + d, lambda: hash(d), lambda: d | 1, lambda: d.get([]), lambda: [] in d, lambda: dict.fromkeys(1), lambda: dict.fromkeys(), lambda: d.copy(1), lambda: d.update({}, {}), lambda: dict({}, {}), lambda: d.__delitem__("zz"), lambda: dict.fromkeys([[]]), lambda: d.keys(1), lambda: dict(**{1: 2})):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
d = {}
d[1] = "int"
d[1.0] = "float"
d[True] = "bool"
print(d)
r = {}
r["me"] = r
print(r)
d = {i: i for i in range(5)}
try:
    for k in d:
        d[k + 10] = 1
except RuntimeError as e:
    print(e)
try:
    for k in d:
        del d[k]
except RuntimeError as e:
    print(e)
for k in d:
    d[k] = "same size"
print(d)
d = {"x": 1, "y": 2, "z": 3}
del d["x"]
d["x"] = 4
print(d, list(d))
d.clear()
print(d)


class M(dict):
    def __missing__(self, k):
        return k * 2


m = M(a=1)
print(m["a"], m["zz"], m.get("zz"), "zz" in m, m, type(m.copy()).__name__, type(m | {}).__name__, M.fromkeys("a"))


class H:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return 1

    def __eq__(self, o):
        print("eq", self.v, getattr(o, "v", o))
        return self.v == getattr(o, "v", o)

    def __repr__(self):
        return f"H{self.v}"


d = {H(1): "a"}
print(d[H(1)])
print(H(2) in d)
d[H(2)] = "b"
h = H(3)
d[h] = "c"
print(d[h], d)
print({None: 1, (): 2, (1, 2): 3, "": 4, b"": 5, 0.5: 6, frozenset(): 7})
print(d.__class_getitem__(int), dict[str, int])
