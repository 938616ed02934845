# Dicts: every operation, views, sizes, key sharing, tracking by the collector.
import sys,gc
def t(s, **k):
    g = dict(globals()); g.update(k)
    try: print(s, '->', repr(eval(s, g)))
    except BaseException as e: print(s, '->', type(e).__name__, e.args)
class KM:
    def keys(s): return ['a','b']
    def __getitem__(s,k): return k*2
class BadK:
    def keys(s): return 5
class U:
    __hash__=None
class Miss(dict):
    def __missing__(s,k): return ('missing',k)
for s in '''{}
{1:2}|{3:4}
{1:2}|[(3,4)]
{1:2}.__or__(5)
{1:2}.__ror__({5:6})
{1:2}.get(1)
{1:2}.get(5)
{1:2}.get(5,6)
{}.get()
{}.get(1,2,3)
{}.get([])
{1:2}[5]
{1:2}[[]]
{1:2}[(1,2)]
{1:2}['a']
Miss()[5]
Miss().get(5)
{1:2}.pop(1)
{1:2}.pop(3)
{}.pop([])
{1:1}.pop([])
{}.pop()
{}.pop(1,2,3)
{}.pop(1,2)
{}.popitem()
{1:2}.popitem()
{1:2}.setdefault(1,5)
{1:2}.setdefault(2,5)
{1:2}.setdefault(2)
{}.setdefault()
{}.setdefault([])
{1:2}.update()
{1:2}.update(5)
{1:2}.update([1])
{1:2}.update([(1,2,3)])
{1:2}.update(['ab','cd'])
{1:2}.update(1,2)
dict(1)
dict([1])
dict([(1,)])
dict(a=1,b=2)
dict([('a',1)],a=2)
dict({'a':1},b=3)
dict(KM())
dict(BadK())
dict(1,2)
dict(**{'a':1})
dict.fromkeys('abc')
dict.fromkeys('abc',1)
dict.fromkeys({1,2,3},0)
dict.fromkeys({1:2,3:4})
dict.fromkeys()
dict.fromkeys(1)
dict.fromkeys([[]])
Miss.fromkeys('ab')
{1:2}=={1:2}
{1:2}=={1:3}
{1:2}!={1:2}
{1:2}<{1:2}
{1:2}==5
1 in {1:2}
[] in {}
list({1:2,3:4})
list({1:2,3:4}.items())
list(reversed({1:2,3:4}))
list(reversed({1:2,3:4}.items()))
list(reversed({1:2,3:4}.values()))
{1:2}.keys()
{1:2}.values()
{1:2}.items()
{1:2}.keys()&{1,5}
{1:2,3:4}.keys()&[3]
{1:2}.keys()|{5}
{1:2}.keys()-{1}
{1:2}.keys()^{1,7}
{1}|{1:2}.keys()
{1,2}&{1:2}.keys()
{1,2}-{1:2}.keys()
[1]-{1:2}.keys()
{1:2}.items()&{(1,2)}
{1:2}.items()^{1:3}.items()
{1:2}.items()|[5]
{1:2}.keys()=={1}
{1:2}.keys()<={1,2}
{1:2}.keys()<{1,2}
{1:2}.keys()>{1,2}
{1:2}.keys()==[1]
{1:2}.keys()<[1]
{1:2}.values()=={1:2}.values()
(1,2) in {1:2}.items()
(1,3) in {1:2}.items()
5 in {1:2}.items()
{1:2}.keys().isdisjoint([5])
{1:2}.keys().isdisjoint({1})
{1:2}.keys().isdisjoint(5)
{1:2}.keys().mapping
{1:2}.keys()+1
len({1:2}.values())
hash({})
hash({}.keys())
hash({}.values())==hash({}.values())
{1:2}.copy()
{1:2}.clear()
{}.__sizeof__()
{1:2}.__sizeof__()
{'a':2}.__sizeof__()
dict[int,str]
{}.__class_getitem__(int)
iter({1:2}).__length_hint__()
iter({1:2}).__reduce__()
iter({1:2}.items()).__reduce__()
reversed({1:2}).__reduce__()
{1:{2:{}}}
{'a':1}.__contains__('a')
{}.__getitem__(1)
{}.__setitem__(1)
{}.__delitem__(1)
{**{'a':1},'b':2}
{U():1}
{1:1,1.0:2,True:3}
{}.keys(1)
dict.keys()
dict.keys(5)
type({}.keys())()
type(iter({}))()
{1:2}.items().__len__()
max({1:5,7:2})
sorted({3:1,2:1})
str({'a':"q'"})'''.split('\n'): t(s)
d={}; o=[]
for i in range(200): d[i]=i; o.append(sys.getsizeof(d))
print(o)
d={}; o=[]
for i in range(50): d[str(i)]=i; o.append(sys.getsizeof(d))
print(o)
d['x']=1;d[5]=1;print(sys.getsizeof(d))
for i in range(40): del d[str(i)]
print(sys.getsizeof(d), sys.getsizeof(d.copy()), list(d)[:4])
d[6]=7; print(sys.getsizeof(d))
print([sys.getsizeof(dict.fromkeys(range(n))) for n in (0,1,5,6,11,22)], [sys.getsizeof(dict.fromkeys(set(range(n)))) for n in (0,1,5,6,11,22)],[sys.getsizeof(dict.fromkeys({i:1 for i in range(n)})) for n in (0,1,5,6,11,22)])
print([sys.getsizeof(dict({i:1 for i in range(n)})) for n in (0,1,5,6,11,22)], [sys.getsizeof({i:1 for i in range(n)}|{1:2,'a':3}) for n in (0,1,5,6,11,22)])
e={}; e.update({i:1 for i in range(7)}); print(sys.getsizeof(e)); e.update(a=1,b=2); print(sys.getsizeof(e)); e.clear(); print(sys.getsizeof(e))
class A: pass
a=A(); print(sys.getsizeof(a.__dict__)); a.x=1; a.y=2; print(a.__dict__, sys.getsizeof(a.__dict__)); b=A(); b.y=1; b.x=2; print(b.__dict__, sys.getsizeof(b.__dict__)); del b.y; b.z=1; b.y=3; print(b.__dict__); print(list(reversed(b.__dict__)), list(b.__dict__.items()), list(reversed(b.__dict__.items())))
c=b.__dict__.copy(); print(c, sys.getsizeof(c)); c['q']=1; print(c, sys.getsizeof(c)); print(b.__dict__.popitem(), b.__dict__, sys.getsizeof(b.__dict__))
for i in range(40): setattr(a,'k%d'%i,i)
print(len(a.__dict__), sys.getsizeof(a.__dict__)); n=A(); n.x=1; print(sys.getsizeof(n.__dict__)); n.__dict__[5]=6; print(n.__dict__, sys.getsizeof(n.__dict__))
def it(f):
    try: f()
    except RuntimeError as e: print('RT', e)
def f1():
    d={1:1}; 
    for k in d: d[2]=1
def f2():
    d={1:1,2:2}
    for k in d: del d[k]; d[k+10]=1
def f3():
    d={1:1}
    for k in reversed(d): d[2]=1
def f4():
    d={1:1}
    for k,v in d.items(): d.clear()
for f in (f1,f2,f3,f4): it(f)
d={1:1}; i=iter(d); d[2]=2
for _ in range(2):
    try: next(i)
    except RuntimeError as e: print(e)
# result tuple reuse
d={1:2,3:4}
ids=[id(x) for x in d.items()]; print(ids[0]==ids[1]); l=[x for x in d.items()]; print(l)
# tracking
print(gc.is_tracked({}), gc.is_tracked({1:2}), gc.is_tracked({'a':[]}), gc.is_tracked({1:()}), gc.is_tracked({1:(t,)}))
d={1:2}; d[2]=d.__class__; print(gc.is_tracked(d)); d={}; d["a"]=tuple([1]); print(gc.is_tracked(d)); gc.collect(); print(gc.is_tracked(d)); d['b']='c'; print(gc.is_tracked(d)); print(gc.is_tracked({1:2}.copy()), gc.is_tracked(dict(a=1)))
d={}; d[1]=[]; del d[1]; gc.collect(); print(gc.is_tracked(d))
# recursion
d={}; d['d']=d; print(d); l=[d]; d['l']=l; print(d, d.items(), d.values()); 
# eq mutating
class E:
    def __hash__(s): return 1
    def __eq__(s,o):
        d.clear(); return True
d={E():1}
print(d.get(E(),'def'), d)
class F:
    def __init__(s,n): s.n=n
    def __hash__(s): return 1
    def __eq__(s,o): log.append((s.n,o.n)); return s.n==o.n
log=[]; d={F(1):1,F(2):2,F(3):3}; print(log); log.clear(); F4=F(4); print(F4 in d, log); log.clear(); print(d.pop(F(2)), log)
class G:
    def __hash__(s): return 1
    def __eq__(s,o): raise ZeroDivisionError('eq')
d={G():1}
try: d[G()]
except ZeroDivisionError as e: print(e)
try: {1:2}=={1:G()}, {1:G()}=={1:G()}
except ZeroDivisionError as e: print('eq', e)
class D(dict):
    pass
x=D(a=1); x.foo=1; print(x, x.foo, sys.getsizeof(x), type(x.copy()), type(x|{}), type({}|x)); x|={'z':1}; print(type(x),x)
class DI(dict):
    def __iter__(s): return iter(['zz'])
    def __getitem__(s,k): return 'got'+k
    def keys(s): return ['kk']
print(dict(DI(a=1)), {**DI(a=1)}, {}|DI(a=1))
def kw(**k): return k
print(kw(**DI(a=1)))
try: kw(**{1:2})
except TypeError as e: print(e)
try: kw(**5)
except TypeError as e: print(e)
try: kw(a=1,**{'a':2})
except TypeError as e: print(e)
class V:
    def __del__(s): print('del', s.n)
    def __init__(s,n): s.n=n
d={'a':V(1),'b':V(2)}; d['a']=V(3); del d['b']; d.clear(); d={1:V(5),2:V(6)}; del d; d={V(7):V(8)}; d.pop(next(iter(d))); print('end')
d=dict.fromkeys(range(5)); 
for i in range(3): d.popitem()
d['n']=1; print(d, sys.getsizeof(d))
h={-1:'a',-2:'b'}; print(h[-1],h[-2]); print({float('nan'):1}=={float('nan'):1}); nan=float('nan'); print({nan:1}=={nan:1}, nan in {nan:1})
print(sys.getrefcount(d.setdefault('zzz', object()))); 
