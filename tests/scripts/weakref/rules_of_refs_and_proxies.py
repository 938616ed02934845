# Making, comparing, calling and dying of references and proxies.
import weakref
print("weakref ok")
class A: pass
a=A()
r=weakref.ref(a); print(r() is a, r is weakref.ref(a), weakref.getweakrefcount(a), hash(r)==hash(a))
print(repr(r)[:10], weakref.getweakrefs(a)==[r])
def cb(x): print("cb", x)
r2=weakref.ref(a, cb)
p=weakref.proxy(a)
p.x=5; print(a.x, p.x)
try: hash(p)
except Exception as e: print(e)
print(r==r2, r!=r2, r==5)
del a
print(r(), r==r2, r==r)
try: p.x
except ReferenceError as e: print(e)
for x in (5, (), "a", None):
    try: weakref.ref(x)
    except TypeError as e: print(e)
d=weakref.WeakValueDictionary()
b=A(); d["b"]=b; print(list(d.items())[0][0]); del b; print(len(d))
s=weakref.WeakSet(); c=A(); s.add(c); print(len(s)); del c; print(len(s))
k=weakref.WeakKeyDictionary(); c=A(); k[c]=1; print(len(k)); del c; print(len(k))
class R(weakref.ref):
    __slots__=("k",)
    def __init__(self,o,cb=None): super().__init__(o,cb); self.k=1
o=A(); q=R(o); print(q.k, q() is o, q==weakref.ref(o))
f=weakref.finalize(o, print, "fin"); del o
print(f.alive)
class B:
    def m(self): return 7
b=B(); wm=weakref.WeakMethod(b.m); print(wm()()); del b; print(wm())
class L:
    def __init__(s): s.v=[1,2,3]
    def __len__(s): return 3
    def __getitem__(s,i): return s.v[i]
    def __setitem__(s,i,v): s.v[i]=v
    def __add__(s,o): return "add"
    def __radd__(s,o): return "radd"
    def __contains__(s,x): return x in s.v
    def __call__(s,*a): return a
    def __iter__(s): return iter(s.v)
    def __bool__(s): return False
    def __int__(s): return 9
    def __eq__(s,o): return True
    def __str__(s): return "str"
l=L(); p=weakref.proxy(l)
print(len(p), p[1], p+1, 1+p, 2 in p, p(1,2), list(p), bool(p), int(p), p==4, str(p), type(p))
p[0]=7; print(l.v)
p+=1; print(p)
try: next(weakref.proxy(l))
except TypeError as e: print(e)
for args in ((),(1,2,3),):
    for f in (weakref.ref, weakref.proxy, weakref.getweakrefcount):
        try: f(*args)
        except TypeError as e: print(e)
try: weakref.ref(l, callback=None)
except TypeError as e: print(e)
try: weakref.ref(l)(1)
except TypeError as e: print(e)
print(weakref.ref(l).__callback__, weakref.ref(l, len).__callback__)
