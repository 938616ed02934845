import sys
import types

m = types.ModuleType("made", "doc")
print(m, m.__name__, m.__doc__, m.__dict__ == {"__name__": "made", "__doc__": "doc", "__package__": None, "__loader__": None, "__spec__": None})
m.x = 1
print(m.x, sorted(dir(m))[-1])
for f in (lambda: m.nothing, lambda: types.ModuleType(), lambda: types.ModuleType(5), lambda: setattr(m, "__dict__", {}), lambda: delattr(m, "nope")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
del m.__name__
try:
    m.y
except AttributeError as e:
    print(e)
print(repr(m))


def module_getattr(name):
    if name == "dynamic":
        return "from __getattr__"
    raise AttributeError("custom " + name)


m.__getattr__ = module_getattr
print(m.dynamic)
try:
    m.other
except AttributeError as e:
    print(e)
m.__dir__ = lambda: ["b", "a"]
print(dir(m))


class Sub(types.ModuleType):
    @property
    def computed(self):
        return 42


s = Sub("s")
print(s.computed, s)
sys.modules["s"] = s
from s import computed

print(computed)
try:
    from s import missing
except ImportError as e:
    print(e)
m2 = types.ModuleType("m2")
m2.__class__ = Sub
print(m2.computed)
print(sys.modules["__main__"].__name__, "builtins" in sys.builtin_module_names, isinstance(sys.modules, dict), sys.meta_path != [], type(sys.path))
d = m2.__dict__
d["injected"] = 3
print(m2.injected)
import weakref

print(weakref.ref(m2)() is m2)


class Loud:
    def __del__(self):
        print("module attribute freed")


m3 = types.ModuleType("m3")
m3.a = Loud()
del m3
print("end")
