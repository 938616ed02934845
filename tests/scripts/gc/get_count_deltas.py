import gc

gc.disable()


class C:
    pass


class S:
    __slots__ = ()


def young():
    return gc.get_count()[0]


def measure(label, make):
    make()
    before = young()
    x = make()
    made = young()
    del x
    print(f"{label:24} {made - before:+d} {young() - made:+d}")


young()
measure("instance", lambda: C())
measure("slots instance", lambda: S())
measure("object()", lambda: object())
measure("int", lambda: 10**20)
measure("str", lambda: "x" * 100)
measure("float", lambda: 1.5 * 3)
measure("bytes", lambda: b"x" * 100)
measure("list", lambda: [])
measure("list of 3", lambda: [1, 2, 3])
measure("tuple of 2", lambda: (1, C))
measure("dict", lambda: {})
measure("set", lambda: set())
measure("frozenset", lambda: frozenset([1]))
measure("lambda", lambda: (lambda: None))
measure("generator", lambda: (i for i in ()))
measure("bound method", lambda: C().__init__)
measure("builtin method", lambda: [].append)
measure("range", lambda: range(10))
measure("slice", lambda: slice(1, 2))
measure("list iterator", lambda: iter([]))
measure("tuple iterator", lambda: iter(()))
measure("str iterator", lambda: iter("abc"))
measure("range iterator", lambda: iter(range(3)))
measure("dict keys", lambda: {}.keys())
measure("dict iterator", lambda: iter({}))
measure("enumerate", lambda: enumerate([]))
measure("zip", lambda: zip())
measure("map", lambda: map(str, ()))
measure("filter", lambda: filter(None, ()))
measure("reversed", lambda: reversed([]))
measure("property", lambda: property())
measure("classmethod", lambda: classmethod(len))
measure("staticmethod", lambda: staticmethod(len))
measure("exception", lambda: ValueError("x"))
measure("bytearray", lambda: bytearray(3))
measure("memoryview", lambda: memoryview(b"x"))
measure("super", lambda: super(C, C()))
measure("complex", lambda: complex(1, 2))
measure("20 instances", lambda: [C() for _ in range(20)])
measure("20 lists", lambda: [[] for _ in range(20)])
measure("20 dicts", lambda: [{} for _ in range(20)])
measure("100 lists", lambda: [[] for _ in range(100)])
measure("100 dicts", lambda: [{} for _ in range(100)])
measure("30 tuples", lambda: [(i, i) for i in range(30)])
