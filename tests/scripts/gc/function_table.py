# Every function of gc, weakref, _weakref, and sys's functions about memory: signature and errors.
import _weakref
import gc
import inspect
import sys
import weakref


class A:
    def f(self):
        pass


a = A()
r = weakref.ref(a)


def signature(function):
    return getattr(function, "__text_signature__", None)


def attempt(name, function, *args, **kw):
    try:
        result = function(*args, **kw)
    except BaseException as error:
        print("   ", name, args if all(isinstance(x, (int, str, float, list)) for x in args) else len(args), kw and sorted(kw), "->", type(error).__name__, error)
    else:
        print("   ", name, len(args), "->", type(result).__name__)


def table(module, names):
    for name in names:
        function = getattr(module, name)
        print(f"{module.__name__}.{name}", type(function).__name__, signature(function), bool(function.__doc__))
        yield name, function


print(sorted(name for name in dir(gc) if not name.startswith("_")))
for name, function in table(gc, [
    "enable", "disable", "isenabled", "collect", "get_count", "set_threshold", "get_threshold", "set_debug",
    "get_debug", "get_objects", "get_stats", "is_tracked", "is_finalized", "get_referrers", "get_referents",
    "freeze", "unfreeze", "get_freeze_count",
]):
    if name not in ("set_threshold",):
        attempt(name, function)
    attempt(name, function, 1, 2, 3, 4)
    attempt(name, function, bogus=1)
    attempt(name, function, "x")
gc.unfreeze()
gc.enable()
for args in ((-1,), (3,), (2.5,), ("0",), (None,), (2**40,)):
    attempt("collect", gc.collect, *args)
    attempt("get_objects", gc.get_objects, *args)
attempt("collect", gc.collect, generation=0)
attempt("collect", gc.collect, 0, generation=0)
attempt("get_objects", gc.get_objects, generation=1)
for args in ((), ("a",), (1.5,), (1, "a"), (1, 2, 3), (2**40,)):
    attempt("set_threshold", gc.set_threshold, *args)
gc.set_threshold(700, 10, 10)
attempt("set_debug", gc.set_debug, 2**40)
attempt("set_debug", gc.set_debug, 1.5)
gc.set_debug(0)
print([(name, getattr(gc, name)) for name in dir(gc) if name.startswith("DEBUG")])
print(type(gc.garbage), type(gc.callbacks), [sorted(stats) for stats in gc.get_stats()])

print(sorted(name for name in dir(_weakref) if not name.startswith("__")))
for name, function in table(_weakref, ["getweakrefcount", "getweakrefs", "proxy", "_remove_dead_weakref"]):
    attempt(name, function)
    attempt(name, function, 1)
    attempt(name, function, 1, 2, 3)
    attempt(name, function, a)
    attempt(name, function, bogus=1)
for name in ["ref", "ReferenceType", "ProxyType", "CallableProxyType"]:
    print(name, getattr(_weakref, name))
attempt("ref", weakref.ref)
attempt("ref", weakref.ref, 1)
attempt("ref", weakref.ref, a, None, None)
attempt("ref", weakref.ref, a, callback=None)
attempt("ref()", r, 1)
attempt("ref()", r, x=1)
attempt("proxy", weakref.proxy, [])
attempt("proxy type", weakref.ProxyType)
attempt("hash of proxy", hash, weakref.proxy(a))
print(sorted(weakref.__all__))
for name in ["WeakValueDictionary", "WeakKeyDictionary", "WeakSet", "WeakMethod", "finalize"]:
    cls = getattr(weakref, name)
    print(name, [attribute for attribute in sorted(vars(cls)) if not attribute.startswith("_")])
for name in ["WeakMethod", "finalize"]:
    attempt(name, getattr(weakref, name))
    attempt(name, getattr(weakref, name), 1, 2, 3)
attempt("WeakKeyDictionary[]", weakref.WeakKeyDictionary().__setitem__, 1, 2)
attempt("WeakValueDictionary[]", weakref.WeakValueDictionary().__setitem__, 1, 2)
attempt("WeakSet.add", weakref.WeakSet().add, 1)

for name, function in table(sys, ["getrefcount", "getsizeof", "intern", "_getframe", "getallocatedblocks", "_debugmallocstats", "exc_info", "exception", "_clear_type_cache", "is_finalizing"]):
    if name != "_debugmallocstats":
        attempt(name, function)
    attempt(name, function, 1, 2, 3)
    attempt(name, function, bogus=1)


class NoSize:
    def __sizeof__(self):
        return -1


class OddSize:
    def __sizeof__(self):
        return "x"


class Raises:
    def __sizeof__(self):
        raise KeyError(1)


for obj in (NoSize(), OddSize(), Raises(), NoSize, 5):
    attempt("getsizeof", sys.getsizeof, obj)
    attempt("getsizeof", sys.getsizeof, obj, 7)
    attempt("getsizeof", sys.getsizeof, obj, default=7)
attempt("intern", sys.intern, 5)
attempt("intern", sys.intern, type("S", (str,), {})("x"))
attempt("_getframe", sys._getframe, 1000)
attempt("_getframe", sys._getframe, -5)
attempt("_getframe", sys._getframe, "x")
