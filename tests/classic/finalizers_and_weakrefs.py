import sys, gc, weakref
gc.disable()
class A(object):
    def __init__(self, n): self.n = n
    def __del__(self): print "del", self.n
def cb(r): print "callback", r() is None
a = A(1)
r = weakref.ref(a, cb)
del a
class O:
    def __init__(self, n): self.n = n
    def __del__(self): print "odel", self.n, r2()
o = O(2)
r2 = weakref.ref(o, cb)
del o
def f():
    x = A("x")
    try:
        raise ValueError("v")
    except ValueError, e:
        print sys.getrefcount(e), sys.exc_info()[0].__name__, sys.exc_type
    return sys.exc_info()[1] is e
print f()
try:
    {}["k"]
except KeyError, e:
    print sys.getrefcount(e)
sys.exc_clear()
print sys.getrefcount(e)
d = {}
for i in range(10): d["k%d" % i] = i
print d, d.keys()[:3], d.popitem()
print set("hello world"), frozenset([1,2,3,100,50])
class P(object):
    x = 1
    def m(self): pass
p = P()
p.zeta, p.alpha, p.mid = 1, 2, 3
print p.__dict__, sorted(P.__dict__.keys()), P.m, p.m.im_class, p.m.im_func.func_name
print gc.get_count() > (0,0,0), gc.collect() >= 0
print [type(x) for x in (1, 1L, 1.0, "s", u"s", None, [], (), {}, set(), P, p, O, f, p.m, len, sys, file, xrange(1))]
print repr(KeyError("a")), repr(ValueError("a", 1)), str(KeyError("a")), ValueError("x").message
try:
    f(1)
except TypeError, e: print e
try:
    undefined
except NameError, e: print e
def g():
    print undefined2
try:
    g()
except NameError, e: print e
def h():
    print loc
    loc = 1
try:
    h()
except UnboundLocalError, e: print e
try:
    a, b = [1]
except ValueError, e: print e
try:
    a, b = [1,2,3]
except ValueError, e: print e
exec "print 'in exec', 3"
ns = {}
exec "y = 5" in ns
print ns["y"]
print `1`, `"a"`, 1 <> 2
print >>sys.stdout, "to stdout", 5
print >>sys.stderr, "err"
def tp(a, (b, c), d=4): return a, b, c, d
print tp(1, (2, 3))
print map(None, [1,2], [3]), filter(None, [0,1,2]), zip([1,2],[3,4]), reduce(lambda a,b: a+b, [1,2,3])
print sorted([3,1,2], cmp=lambda a,b: cmp(b,a)), max([1,5,2]), sum([1,2]), round(2.675, 2), 7/2.0
print "%s %r %d" % ("a", "b", 3), "abc"[1:], "abc"[-1], [1,2,3][::-1]
print isinstance(1, int), isinstance(1L, int), isinstance(u"a", str), isinstance("a", basestring), issubclass(bool, int)
