# Old-style instances: attributes, hooks, operators, conversion, the class itself.
class Base:
    kind = "base"
    def hello(self): return "hello from " + self.kind
class Hook(Base):
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError, name
        return "<%s>" % name
    def __setattr__(self, name, value): self.__dict__[name] = (value, value)
h = Hook()
h.x = 1
print h.x, h.y, h.hello(), h.__class__.__name__, sorted(h.__dict__)
class Num:
    def __init__(self, v): self.v = v
    def __add__(self, o): return Num(self.v + (o.v if isinstance(o, Num) else o))
    def __radd__(self, o): return Num(o + self.v)
    def __neg__(self): return Num(-self.v)
    def __int__(self): return self.v
    def __cmp__(self, o): return cmp(self.v, o.v)
    def __repr__(self): return "Num(%r)" % self.v
    def __nonzero__(self): return self.v != 0
    def __hash__(self): return hash(self.v)
    def __len__(self): return self.v
    def __iter__(self): return iter(range(self.v))
    def __contains__(self, o): return o == self.v
    def __call__(self, *a, **k): return a, sorted(k.items())
    def __getitem__(self, i): return i
    def __delitem__(self, i): print "del item", i
    def __setitem__(self, i, v): print "set item", i, v
a, b = Num(1), Num(2)
print a + b, a + 5, 5 + a, -a, int(b), a < b, sorted([b, a]), bool(Num(0)), len(b), list(b), 2 in b
print a(1, 2, k=3), a[5], a[1:2], {a: 1}[Num(1)], max(a, b), cmp(a, b)
del a[3]
a[4] = 5
try: a.nothing
except AttributeError, e: print e
try: a.hello = a.nothing
except AttributeError, e: print e
try: Num()
except TypeError, e: print e
try: Base(1)
except TypeError, e: print e
try: Base.hello()
except TypeError, e: print e
try: Base.hello(5)
except TypeError, e: print e
print Base.hello, isinstance(h, Base), issubclass(Hook, Base), Hook.__bases__, Base.__doc__
Base.kind = "changed"
print h.kind, Hook.kind
class Other: pass
h.__dict__["__class__"] = 1
o = Other()
o.__class__ = Base
print o.hello()
import types
print type(o) is types.InstanceType, type(Base) is types.ClassType, type(o.hello) is types.MethodType
print o.hello.im_self is o, o.hello.im_class is Base, Base.hello.im_self
