# range, slice and the built-in iterators: arguments, results, pickling state, reuse of result tuples.
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
t(lambda: enumerate()); t(lambda: enumerate([],1,2)); t(lambda: enumerate([],foo=1)); t(lambda:enumerate(start=1)); t(lambda: enumerate([], 'a'))
t(lambda: list(enumerate(iterable='ab',start=5)));t(lambda: list(enumerate(start=5,iterable='ab')))
t(lambda: zip(1)); t(lambda: zip([1],x=1)); t(lambda: list(zip([1],[1,2],strict=True)));t(lambda: list(zip([1],[1,2],strict=1,foo=2)))
t(lambda: map()); t(lambda: map(1)); t(lambda: map(1,2)); t(lambda: map(1,[1],a=1)); t(lambda: filter()); t(lambda: filter(None)); t(lambda: filter(None,[],a=1))
t(lambda: reversed()); t(lambda: reversed(1)); t(lambda: reversed({1})); t(lambda: reversed([],1)); t(lambda: reversed(a=1)); t(lambda: range()); t(lambda: range(1,2,3,4)); t(lambda: range(1.0)); t(lambda: range(1,2,0)); t(lambda: range(x=1))
t(lambda: range(3)[5]); t(lambda: range(3)['a']); t(lambda: range(3).index('a')); t(lambda: range(3).index(7)); t(lambda: len(range(10**30))); t(lambda: range(3).__iter__().__reduce__()); t(lambda: iter(range(10**30)).__reduce__())
t(lambda: reversed(range(3)).__reduce__()); t(lambda: iter(range(10**30)).__length_hint__()); t(lambda: iter(range(3)).__setstate__('a')); t(lambda: hash(slice(1))); t(lambda: slice(1)<slice(2)); t(lambda: slice()); t(lambda: slice(1).indices(-1)); t(lambda: slice(1).indices('a')); t(lambda: slice('a').indices(4))
t(lambda: range(3).count('a')); t(lambda: range(1<<70, (1<<70)+5)[2]); t(lambda: range(10)[::-2]); t(lambda: range(10**30)[10**25:10**26:7])
t(lambda: type(iter(range(0, 2**63-1, 2**62)))); t(lambda: type(iter(range(0, 2**63-1, 1)))) ; t(lambda: type(reversed(range(-2**63, 5)))); t(lambda: hash(range(5))==hash((5,0,1)))
t(lambda: iter(1)); t(lambda: iter(1,2)); t(lambda: list(iter([1,2,3].pop, 2)))
def q(s):
    try: print(s, '->', repr(eval(s)))
    except BaseException as e: print(s, '->', type(e).__name__, e)
class Sq:
    def __init__(s,n): s.n=n
    def __getitem__(s,i):
        if i>=s.n: raise IndexError
        return i*i
class SqL(Sq):
    def __len__(s): return s.n
class NoRev:
    __reversed__=None
    def __len__(s): return 1
    def __getitem__(s,i): return 1
for s in '''range(5)
range(1,5,2)
range(10**30,10**30+3)
list(range(5,0,-2))
range(5)==range(0,5,1)
range(0)==range(5,5)
range(0,3,2)==range(0,4,2)
range(3)!=range(3)
range(3)<range(4)
hash(range(0))==hash(range(5,5,2))
hash(range(3))
len(range(-10,10,3))
bool(range(0))
bool(range(1))
range(10)[3]
range(10)[-1]
range(10)[2:8:3]
range(10)[::-1]
range(10)[10**30:]
range(10)['a']
3 in range(10)
3.0 in range(10)
3.5 in range(10)
'a' in range(10)
10**40 in range(10**50)
range(10).count(3)
range(10).count(3.0)
range(10).index(3)
range(0,10,2).index(4)
range(10).index(3.0)
list(reversed(range(0,10,3)))
list(reversed(range(10**20,10**20+5,2)))
range(5).start,range(5).stop,range(5).step
range(5).__reduce__()
iter(range(5)).__length_hint__()
list(range(2**63-2,2**63+2))
list(range(-2**63,-2**63+2))
list(reversed(range(-2**63,-2**63+2)))
list(range(2**63-3,2**63-1))
range(True)
range(True).stop
slice(1)
slice(1,2)
slice(1,2,3)
slice(None)
slice(1,2,3).indices(10)
slice(None,None,-1).indices(10)
slice(-3,None).indices(10)
slice(10**30,-10**30,-10**29).indices(10**30)
slice(1,2)==slice(1,2)
slice(1,2)<slice(1,3)
slice(1,2)==5
slice(1,2).__reduce__()
slice(1).start
slice(None,None,0).indices(5)
list(iter(Sq(3)))
iter(Sq(3)).__length_hint__()
iter(SqL(3)).__length_hint__()
list(reversed(SqL(4)))
reversed(Sq(4))
reversed(NoRev())
reversed(SqL(3)).__length_hint__()
reversed(SqL(3)).__reduce__()[1:]
iter(int,1)
iter(int,0).__reduce__()
list(iter(int,0))
list(enumerate('ab'))
list(enumerate('ab',2**63-1))
list(enumerate('ab',10**20))
enumerate([]).__reduce__()
enumerate([],10**20).__reduce__()
enumerate[int]
list(zip())
list(zip('ab',[1,2,3]))
list(zip('abc',[1,2],strict=True))
list(zip('ab',[1,2,3],strict=True))
list(zip('ab','cd','e',strict=True))
list(zip('ab','cd','efg',strict=True))
list(zip('','',strict=True))
zip('ab',strict=True).__reduce__()
zip('ab').__reduce__()
list(map(str,[1,2]))
list(map(lambda a,b:a+b,[1,2],[3]))
map(str,[1]).__reduce__()
list(filter(None,[0,1,'']))
list(filter(bool,[0,1,'']))
list(filter(lambda x:x>1,[1,2,3]))
filter(None,[1]).__reduce__()
list(map(1,[1]))
next(iter([]))
next(iter([]),5)
next(5)
iter(5)
sum(range(10))
min([])
sorted(map(abs,[-3,2]))
[*map(int,'123')]
all(map(bool,[1,1]))'''.split('\n'): q(s)
import sys
ids=set()
for p in zip([1,2,3],[4,5,6]): ids.add(id(p))
print(len(ids)); ids=set()
for p in enumerate('abc'): ids.add(id(p))
print(len(ids)); l=list(zip([1,2],[3,4])); print(l)
z=zip([1,2,3],[4,5,6]); a=next(z); i=id(a); del a; b=next(z); print(id(b)==i, sys.getrefcount(b)); c=next(z); print(id(c)==i, b, c)
r=iter(range(5)); next(r); print(r.__reduce__()); r.__setstate__(3); print(list(r)); 
r=iter(range(10**20,10**20+5)); next(r); print(r.__reduce__()); r.__setstate__(3); print(list(r)); r.__setstate__(-5); print(next(r)); 
e=enumerate('abc'); next(e); print(e.__reduce__()[1][1])
rv=reversed([1,2,3]); next(rv); print(rv.__reduce__()); rv.__setstate__(0); print(list(rv), rv.__reduce__())
it=iter(Sq(3)); next(it); print(it.__reduce__()[2]); it.__setstate__(0); print(list(it)); print(it.__reduce__())
class X:
    def __iter__(s): return s
    def __next__(s): raise ValueError('x')
for f in (lambda: list(zip([1],X())), lambda: list(map(str,X())), lambda:list(filter(None,X())), lambda:list(enumerate(X())), lambda: list(zip(X(),[1],strict=True)), lambda: tuple(X()), lambda: set(X()), lambda: dict(X()), lambda: [].extend(X())):
    try: f()
    except ValueError as e: print(e)
class Z(zip): pass
print(list(Z([1],[2])), type(Z()))
class En(enumerate): pass
print(list(En('a')))
class M(map):
    def __init__(self,*a,**k): pass
print(list(M(str,[1],x=2)))
class LH:
    def __iter__(s): return iter([1,2])
    def __length_hint__(s): return 'a'
for f in (list,tuple):
    try: f(LH())
    except TypeError as e: print(e)
class LH2(LH):
    def __length_hint__(s): return -1
for f in (list,tuple):
    try: f(LH2())
    except ValueError as e: print(e)
class LH3(LH):
    def __length_hint__(s): return NotImplemented
print(list(LH3()),tuple(LH3()))
