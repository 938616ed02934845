d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), len(v), len(i))
d["d"] = 4
print(k, v, i)
print("a" in k, 1 in v, ("a", 1) in i, ("a", 2) in i, "a" in i, [] in v)
print(sorted(k & {"a", "z"}), sorted(k | {"z"}), sorted(k - {"a"}), sorted(k ^ {"a", "z"}), sorted(i & {("a", 1)}), sorted(k & ["a"]), sorted(["z", "a"] - k if False else {"z"} - k))
print(k == {"a", "b", "c", "d"}, k < {"a", "b", "c", "d", "e"}, k >= {"a"}, i == set(d.items()), v == v, v == d.values(), k == d.keys(), k == ["a"], k.isdisjoint({"z"}), k.isdisjoint("a"), i.isdisjoint([]))
print(list(reversed(k)), list(reversed(v)), list(reversed(i)), k.mapping, type(k.mapping).__name__)
for f in (lambda: k[0], lambda: k + k, lambda: hash(k), lambda: k & 1, lambda: i | 5, lambda: k < 1, lambda: v & v, lambda: type(k)(), lambda: k.isdisjoint(1), lambda: k.add(1)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
try:
    k.mapping["x"] = 1
except TypeError as e:
    print(e)
it = iter(d)
print(next(it), it.__length_hint__(), next(it))
d.pop("d")
try:
    next(it)
except RuntimeError as e:
    print(e)
it = iter(d.items())
print(next(it), it.__length_hint__(), list(it), list(it), it.__length_hint__())
ri = reversed(d)
print(next(ri), ri.__length_hint__(), list(ri))
print(type(iter(d)).__name__, type(iter(d.values())).__name__, type(iter(d.items())).__name__, type(reversed(d)).__name__, type(reversed(d.values())).__name__, type(reversed(d.items())).__name__)
nested = {1: {2: {}}}
nested[1][2]["v"] = nested.values()
print(nested)
print({}.keys(), {}.values(), {}.items(), {"x": {}.keys()})
print({**d, "z": 1, **{"a": 100}}, [*d], [*d.values()], dict(zip(d.values(), d.keys())))
from types import MappingProxyType

p = MappingProxyType(d)
print(p, p["a"], len(p), list(p), p.get("q", 5), "a" in p, p == d, p | {"n": 1}, p.copy(), list(p.items()), list(reversed(p)))
for f in (lambda: p.__setitem__(1, 2), lambda: hash(p), lambda: MappingProxyType(1), lambda: MappingProxyType(), lambda: p["zz"]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
