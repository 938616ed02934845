def f(a, b=2, /, c=3, *args, d, e=5, **kw) -> int:
    """Doc."""
    x = 1
    return x


print(f.__name__, f.__qualname__, f.__doc__, f.__defaults__, f.__kwdefaults__, f.__annotations__, f.__module__, f.__closure__, f.__dict__, type(f.__code__).__name__, f.__globals__ is globals(), f.__builtins__ is not None)
c = f.__code__
print(c.co_name, c.co_qualname, c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_varnames, c.co_names, c.co_consts, c.co_cellvars, c.co_freevars, c.co_flags, c.co_stacksize, c.co_firstlineno)
f.attr = 1
print(f.__dict__, f.attr)
f.__name__ = "g"
f.__qualname__ = "G.g"
f.__doc__ = None
f.__defaults__ = (9,)
f.__kwdefaults__ = {"d": 4, "e": 5}
f.__annotations__ = {"a": str}
print(f.__name__, repr(f).split(" at ")[0], f.__doc__, f.__annotations__, f.__defaults__)
print(f(1, 2, e=7), f(1, 3))
for name, v in (("__name__", 1), ("__qualname__", None), ("__defaults__", 5), ("__kwdefaults__", 5), ("__code__", 1), ("__dict__", 1), ("__globals__", {}), ("__closure__", ()), ("__annotations__", 3), ("__module__", 5)):
    try:
        setattr(f, name, v)
        print(name, "set")
    except Exception as e:
        print(name, type(e).__name__, e)


def g():
    return "g"


def h(x):
    def inner():
        return x

    return inner


g.__code__ = (lambda: "replaced").__code__
print(g())
try:
    g.__code__ = h(1).__code__
except ValueError as e:
    print(e)
del f.__defaults__
print(f.__defaults__)
try:
    del f.__name__
except TypeError as e:
    print(e)
try:
    del f.nothing
except AttributeError as e:
    print(e)
import types

fn = types.FunctionType(g.__code__, {}, "made", (1,), None)
print(fn.__name__, fn.__defaults__, fn())
for args in ((1, {}), (g.__code__, 1), (h(1).__code__, {}), (g.__code__, {}, 1), (g.__code__, {}, "n", 1)):
    try:
        types.FunctionType(*args)
    except (TypeError, ValueError) as e:
        print(e)


class K:
    def m(self, x):
        return (self, x)


k = K()
m = k.m
print(m.__func__ is K.m, m.__self__ is k, m.__name__, m.__qualname__, m == k.m, m is k.m, hash(m) == hash(k.m), repr(m).split(" at ")[0], m(1)[1], K.m(k, 2)[1])
try:
    m.attr = 1
except AttributeError as e:
    print(e)
K.m.attr = 2
print(m.attr)
try:
    K.m()
except TypeError as e:
    print(e)
print(types.MethodType(len, [1, 2])(), types.MethodType(lambda s: s, 5)())
for args in ((1, 2), (len, None), (len,)):
    try:
        types.MethodType(*args)
    except TypeError as e:
        print(e)
print(len.__name__, len.__module__, len.__self__, [].append.__self__, [].append.__name__, [].append.__qualname__, len.__qualname__, repr(len), str.upper, repr([].append).split(" at ")[0], len.__doc__ is not None, str.upper.__objclass__, len.__text_signature__)
print((lambda x: x).__name__, (lambda: 0).__qualname__, h(1).__qualname__, h(1).__code__.co_freevars)
