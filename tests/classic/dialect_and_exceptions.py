import sys
class E(Exception): pass
def gen():
    try:
        yield 1
        yield 2
    finally:
        print "cleanup"
g = gen()
print g.next()
g.close()
g = gen(); g.next()
try:
    g.throw(E, "x")
except E, e: print "E", e
def nested():
    try:
        try:
            raise KeyError("a")
        finally:
            print "fin", sys.exc_info()[0]
    except KeyError, e:
        print "k", e, sys.getrefcount(e)
        try:
            raise
        except KeyError, e2:
            print e2 is e
nested()
print sys.exc_info()[:2]
class Ctx:
    def __enter__(self): print "enter"; return self
    def __exit__(self, *a): print "exit", a[0]; return True
with Ctx() as c:
    raise E("in with")
print "after"
for i in range(3):
    try:
        continue
    finally:
        print i,
print
def ff():
    try:
        return "r"
    finally:
        print "f",
print ff()
try:
    raise E, ("a", "b")
except E, e: print e.args, e
try:
    raise E("inst")
except (KeyError, E), e: print repr(e)
try:
    try: 1/0
    except ZeroDivisionError: raise E, "v", sys.exc_info()[2]
except E, e:
    tb = sys.exc_info()[2]
    n = 0
    while tb: n += 1; tb = tb.tb_next
    print n
x = [i for i in range(3)]
print i, x
lst = range(3)
del lst[0]
print lst, xrange(3), 10L, 2**70, 1e20, 0.1, 1/3.0
print "a" "b", u"c", ur"\d", 'it''s', "\x41\101"
s = set([3,1,2]); s.add(9); print s
print {1:1, 2:2, 'c':3, (1,2):4}
print dict(a=1, b=2, c=3), dict([(1,2),(3,4)])
assert True
import types
print types.ClassType, type(Ctx) is types.ClassType
print Ctx, Ctx.__name__, Ctx.__module__, Ctx.__bases__
print callable(Ctx), hasattr(c, "zip"), getattr(c, "q", 5)
print hash("a"), hash(1), hash(1.5), id(c) == id(c)
print "%5.2f|%-5s|%05d" % (3.14159, "ab", 42)
print sys.version[:3], sys.maxint
print "abc".upper(), u"abc".upper(), u"a" + "b", "x".join(["1","2"])
print int("12"), float("1.5"), str(1.5), repr(1.1), long("5"), oct(8), hex(255)
