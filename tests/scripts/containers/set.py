# Sets: every operation, and a table whose order and size agree with the reference.
import sys, gc
def t(s, **k):
    g = dict(globals()); g.update(k)
    try:
        r = eval(s, g)
        print(s, '->', type(r).__name__ + repr(sorted(r, key=repr)) if isinstance(r, (set, frozenset)) else repr(r))
    except BaseException as e: print(s, '->', type(e).__name__, e.args)
class S2(set): pass
class F2(frozenset): pass
class B:
    def __len__(s): return 3
for s in '''set()
frozenset()
set('abc')
set([3,1,2])
set(1)
set([[]])
set(1,2)
set(a=1)
frozenset(a=1)
frozenset(1,2)
frozenset('ab')
frozenset(frozenset())
{1,2}|{3}
{1,2}&{2}
{1,2}-{2}
{1,2}^{2,3}
{1}|[2]
{1}&[2]
{1}-[2]
{1}^[2]
{1}.union([2],'ab',{3:4})
{1}.union()
{1}.union(5)
{1,2,3}.intersection([2,3],[3])
{1,2}.intersection()
{1,2}.difference([1],[2])
{1,2}.difference()
{1,2}.difference({1:2})
{1,2}.symmetric_difference([2,3])
{1,2}.symmetric_difference({1:5})
{1,2}.symmetric_difference()
{1,2}.issubset([1,2,3])
{1,2}.issuperset([1])
{1,2}.isdisjoint([3])
{1,2}.isdisjoint({2})
{1,2}<={1,2}
{1,2}<{1,2}
{1,2}>={1}
{1,2}>{1}
{1,2}=={2,1}
{1,2}!={2,1}
{1,2}==frozenset([1,2])
{1,2}==[1,2]
{1}<5
{1}.add([])
{1}.remove(2)
{1}.remove([])
{1}.remove({1})
{frozenset([1])}.remove({1})
{frozenset([1])}.discard({1})
{1} in {frozenset([1])}
[] in {1}
{1}.discard(5)
set().pop()
{5}.pop()
{1}.clear()
{1}.copy()
{1}.update([2],5)
hash(frozenset())
hash(frozenset([1,2,3]))
hash(frozenset(range(100)))
hash({1})
frozenset([1])|{2}
{2}|frozenset([1])
frozenset([1]).union([2])
frozenset([1]).copy()
frozenset([1]).add(1)
S2([1])
S2([1])|{2}
type(S2([1])|{2})
type(S2([1]).copy())
type({1}|S2())
F2([1])
F2([1]).copy()
type(F2([1]).copy())
type(F2([1])|{2})
F2([1])=={1}
{1}.__reduce__()
F2([1]).__reduce__()
iter({1}).__length_hint__()
iter({1,2}).__reduce__()
set().__sizeof__()
set(range(5)).__sizeof__()
{1,2,3,4,5}.__sizeof__()
set[int]
{1}.__or__([1])
{1}.__ior__([1])
{1}.__contains__(1)
{1}.__rsub__({1,2})
set.__init__({1},[2])
{1,2}.intersection_update([1])
{1,2}.difference_update([1],[2])
{1,2}.symmetric_difference_update([1,5])
{1}.isdisjoint()
{1}.issubset(5)
len({1,2})
min({3,2})
{1,True,1.0}
{(1,2),(1,2)}
set('hello world')
frozenset('hello world')
set(range(-10,10))
set(str(i) for i in range(40))
set([1.5,2**40,-1,-2,None is None,(),(1,),(1,2),frozenset([1])])'''.split('\n'): t(s)
def lcg(n,seed=1,m=1000):
    r=[]
    for i in range(n):
        seed=(seed*1103515245+12345)%2**31; r.append(seed%m)
    return r
for seed in range(30):
    s=set(); o=[]
    for i,v in enumerate(lcg(300,seed+1,120)):
        if i%3==2: s.discard(v)
        elif i%17==0 and s: o.append(s.pop())
        else: s.add(v)
        if i%25==0: o.append(list(s)); o.append(sys.getsizeof(s))
    u=set(lcg(20,seed+5,60)); w=set(lcg(60,seed+9,90))
    o+= [list(s|u), list(s&u), list(s-u), list(s^u), list(u|w), list(w-u), list(u-w), list(w^u), list(u&w)]
    u2=u.copy(); u2|=w; o.append(list(u2)); u2&=s; o.append(list(u2)); u2-=w; o.append(list(u2)); u2^=s; o.append(list(u2)); o.append(list(set(u2))); o.append(list(frozenset(u2))); o.append(sys.getsizeof(u2)); o.append(list(set({k:1 for k in lcg(30,seed)}))); o.append(list(s.union(lcg(30,seed),u)))
    u2.difference_update(lcg(40,seed+3,100)); o.append(list(u2)); u2.clear(); u2.update(w,s); o.append(list(u2)); o.append(sys.getsizeof(u2))
    print(seed, sum(ord(c) * (i % 1009 + 1) for i, c in enumerate(str(o))), str(o)[:150])
s=set(); o=[]
for i in range(3000):
    s.add(i*7%3001)
    z=sys.getsizeof(s)
    if not o or o[-1]!=z: o.append(z)
print(o, hash(tuple(s)))
s={1}
try:
    for x in s: s.add(x+1)
except RuntimeError as e: print(e)
i=iter({1,2}); 
class V:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
    def __hash__(s): return s.n
    def __eq__(s,o): return s is o
s={V(1),V(2),V(3)}; s.clear(); s={V(4)}; s.pop(); s={V(5),V(6)}; del s; print('x')
class E:
    def __hash__(s): return 1
    def __eq__(s,o): print('eq'); z.clear(); return True
z={E()}; print(E() in z, z)
z={E()}; z.add(E()); print(len(z))
print(gc.is_tracked(set()), gc.is_tracked(frozenset()), gc.is_tracked({1}))
s=set(); s.add(frozenset([1])); print(s)
class RS(set):
    def __repr__(self): return 'RS!'
print(RS([1]), [RS()])
import sys
a=object(); s={a}; print(sys.getrefcount(a)); t2=s|s; print(sys.getrefcount(a)); del s,t2; print(sys.getrefcount(a))
for n in (10,100): print([sys.getsizeof(set(range(k))) for k in range(n)])
print([sys.getsizeof(set(list(range(k)))|{1}) for k in range(40)])
print({frozenset({1,2}),frozenset({2,1})}, set(frozenset([1,2])) , {1,2}.__and__(frozenset([1])))
