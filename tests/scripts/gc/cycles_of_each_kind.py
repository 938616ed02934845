# Every container type can be part of a cycle and is then found.
import gc
import functools
import collections
import itertools
import types

gc.disable()


class C:
    pass


def build(kind):
    c = C()
    if kind == "list":
        c.x = [c]
    elif kind == "tuple":
        c.x = (c,)
    elif kind == "dict value":
        c.x = {1: c}
    elif kind == "dict key":
        c.x = {c: 1}
    elif kind == "set":
        c.x = {c}
    elif kind == "frozenset":
        c.x = frozenset([c])
    elif kind == "function default":
        c.x = lambda a=c: a
    elif kind == "closure":
        c.x = lambda: c
    elif kind == "bound method":
        c.x = types.MethodType(print, c)
    elif kind == "generator":
        def g(a):
            yield a
        c.x = g(c)
        next(c.x)
    elif kind == "genexpr":
        c.x = (a for a in [c])
    elif kind == "list iterator":
        c.x = iter([c])
    elif kind == "dict iterator":
        c.x = iter({1: c}.values())
    elif kind == "dict view":
        c.x = {1: c}.items()
    elif kind == "enumerate":
        c.x = enumerate([c])
    elif kind == "zip":
        c.x = zip([c])
    elif kind == "map":
        c.x = map(id, [c])
    elif kind == "filter":
        c.x = filter(None, [c])
    elif kind == "reversed":
        c.x = reversed([c])
    elif kind == "slice":
        c.x = slice(c)
    elif kind == "property":
        c.x = property(c)
    elif kind == "classmethod":
        c.x = classmethod(c)
    elif kind == "staticmethod":
        c.x = staticmethod(c)
    elif kind == "exception":
        c.x = ValueError(c)
    elif kind == "traceback":
        try:
            raise ValueError(c)
        except ValueError as e:
            c.x = e
    elif kind == "frame":
        import sys
        c.x = sys._getframe()
    elif kind == "partial":
        c.x = functools.partial(c.__class__, c)
    elif kind == "deque":
        c.x = collections.deque([c])
    elif kind == "defaultdict":
        c.x = collections.defaultdict(c.__class__, {1: c})
    elif kind == "OrderedDict":
        c.x = collections.OrderedDict(a=c)
    elif kind == "chain":
        c.x = itertools.chain([c])
    elif kind == "cycle":
        c.x = itertools.cycle([c])
    elif kind == "repeat":
        c.x = itertools.repeat(c)
    elif kind == "tee":
        c.x = itertools.tee([c])
    elif kind == "super":
        c.x = super(C, c)
    elif kind == "mappingproxy":
        c.x = types.MappingProxyType({1: c})
    elif kind == "module":
        c.x = types.ModuleType("m")
        c.x.c = c
    elif kind == "SimpleNamespace":
        c.x = types.SimpleNamespace(c=c)
    elif kind == "class attribute":
        c.x = type("K", (), {"c": c})
    elif kind == "instance of slots":
        class S:
            __slots__ = ("c",)
        c.x = S()
        c.x.c = c
    elif kind == "list subclass":
        c.x = type("L", (list,), {})([c])
    elif kind == "cell":
        c.x = types.CellType(c)
    elif kind == "generic alias":
        c.x = list[c]
    elif kind == "method-wrapper":
        c.x = c.__str__
    elif kind == "builtin method":
        l = [c]
        c.x = l.append
    elif kind == "memoryview":
        c.x = [memoryview(b"x"), c]


for kind in ("list", "tuple", "dict value", "dict key", "set", "frozenset", "function default", "closure", "bound method", "generator", "genexpr", "list iterator", "dict iterator", "dict view", "enumerate", "zip", "map", "filter", "reversed", "slice", "property", "classmethod", "staticmethod", "exception", "traceback", "frame", "partial", "deque", "defaultdict", "OrderedDict", "chain", "cycle", "repeat", "tee", "super", "mappingproxy", "module", "SimpleNamespace", "class attribute", "instance of slots", "list subclass", "cell", "generic alias", "method-wrapper", "builtin method", "memoryview"):
    gc.collect()
    build(kind)
    found = gc.collect()
    alive = sum(type(o) is C for o in gc.get_objects())
    print(f"{kind:18} {found:3} left {alive}")
