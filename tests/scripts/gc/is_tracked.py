import gc


class C:
    pass


class S:
    __slots__ = ("a",)


class E:
    __slots__ = ()


def show(label, o):
    print(f"{label:26} {gc.is_tracked(o)}")


show("int", 1)
show("str", "s")
show("None", None)
show("float", 1.5)
show("bytes", b"")
show("object()", object())
show("list", [])
show("empty tuple", ())
show("tuple of atoms", tuple([1, "a", None]))
t = tuple([1, []])
show("tuple with list", t)
show("dict", {})
show("dict of atoms", {"a": 1})
show("dict with list", {"a": []})
show("dict with tuple", {"a": (1,)})
d = {}
d["x"] = 1
show("stored an atom", d)
d["y"] = {}
show("stored a dict", d)
del d["y"]
show("removed again", d)
gc.collect()
show("after collecting", d)
show("set", set())
show("frozenset", frozenset())
show("instance", C())
show("slots", S())
show("empty slots", E())
show("instance dict", C().__dict__)
show("function", lambda: 0)
show("class", C)
show("builtin function", len)
show("builtin method", [].append)
show("bound method", C().__init__)
show("type", int)
show("module", gc)
show("generator", (i for i in []))
show("range", range(3))
show("slice", slice(1))
show("iterator", iter([]))
show("range iterator", iter(range(1)))
show("str iterator", iter(""))
show("code", show.__code__)
show("exception", ValueError())
show("property", property())
show("bytearray", bytearray())
show("complex", 1j)
show("Ellipsis", ...)


def f():
    x = 1

    def g():
        return x

    return g


show("cell", f().__closure__[0])
t1 = tuple([1, 2, 3])
gc.collect()
show("tuple, collected", t1)
t2 = tuple([1, (2, 3), []])
gc.collect()
show("tuple with list, collected", t2)
t3 = tuple([(1, 2), (3, 4)])
gc.collect()
gc.collect()
show("nested tuples, collected", t3)
l = [1]
gc.collect()
show("list, collected", l)
nt = {"a": {"b": 1}}
gc.collect()
show("dict of dict, collected", nt)
show("copy of dict", {"a": 1}.copy())
show("dict(a=1)", dict(a=1))
show("dict comprehension", {k: k for k in "ab"})
show("dict.fromkeys", dict.fromkeys("ab"))
