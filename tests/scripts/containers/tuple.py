# Tuples: every operation, hashes, tracking, and the free lists seen through gc.get_count().
import sys, gc
def t(s, **k):
    g = dict(globals()); g.update(k)
    try: print(s, '->', repr(eval(s, g)))
    except BaseException as e: print(s, '->', type(e).__name__, e)
class T(tuple): pass
for s in '''()
(1,)
(1,2)+(3,)
(1,)+[2]
()+(1,)
(1,2)*3
3*(1,2)
(1,)*-1
(1,)*'a'
(1,)*10**30
(1,)*2**61
(1,2,3)[1]
(1,2,3)[-4]
(1,2,3)[:]
(1,2,3)[::-1]
(1,2,3)[1:]
(1,2,3).index(2)
(1,2,3).index(5)
(1,2,3).index(1,1)
(1,2,3).index()
(1,2,3).index('a','b')
(1,2,3).count(1)
(1,2,3).count()
(1,2)<(1,3)
(1,2)==(1,2)
(1,2)==[1,2]
(1,)<(1,2)
(1,)<1
hash(())
hash((1,))
hash((1,2,3))
hash((1.5,None is None))
hash((-1,))
hash(([],))
tuple()
tuple('abc')
tuple([1,2])
tuple(1)
tuple(1,2)
tuple(a=1)
tuple(x for x in range(15))
(1,(2,))
(1,2).__getnewargs__()
T((1,2))
T((1,2)).__getnewargs__()
T([1])+(2,)
type(T([1])+(2,))
type(T([1])[:])
T([1])==(1,)
hash(T([1]))==hash((1,))
tuple(T([1]))
type(tuple(T([1])))
tuple[int]
tuple[int,...]
1 in (1,2)
(1,2,3).__contains__(3)
iter((1,2)).__reduce__()
iter((1,2)).__length_hint__()
reversed((1,2)).__reduce__()
list(reversed((1,2)))
().__sizeof__()
(1,2).__sizeof__()
sys.getsizeof(T([1,2]))
(1,2,3)[10**30]
max((1,2))
sum(((1,),(2,)),())
(1,2)>=(1,1)
(1,[2])==(1,[2])
divmod(7,2)
tuple({1:2})
().index(1)'''.split('\n'): t(s)
print((1,2)[:] is (1,2)[:], tuple((1,2)) is not None)
a=(1,2); print(a[:] is a, a+() is a, ()+a is a, a*1 is a, tuple(a) is a)
x=T([1]); x.foo=5; print(x.foo, x.__dict__)
l=[]; tt=(l,); l.append(tt); print(tt)
print(gc.is_tracked(()), gc.is_tracked((1,)), gc.is_tracked(([],)))
def mk(): return tuple([1,2])
w=mk(); print(gc.is_tracked(w)); gc.collect(); print(gc.is_tracked(w))
class V:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
v=(V(1),V(2),V(3)); del v
gc.disable()
def cnt(f):
    a=gc.get_count()[0]; r=f(); b=gc.get_count()[0]; return b-a
for n in (1,2,5,19,20,21):
    keep=[]
    x=tuple(range(n)); y=tuple(range(n)); del x,y
    print(n, cnt(lambda: keep.append(tuple(range(n)))), cnt(lambda: keep.append(tuple(range(n)))), cnt(lambda: keep.append(tuple(range(n)))))
print(cnt(lambda:[]), cnt(lambda:list()), cnt(lambda:{}), cnt(lambda:dict()), cnt(lambda:set()))
k=[]
print(cnt(lambda:k.append([])), cnt(lambda:k.append({})), cnt(lambda:k.append(list())),cnt(lambda:k.append(dict())), cnt(lambda:k.append(slice(1))), cnt(lambda:k.append(iter([]))), cnt(lambda:k.append({}.items())), cnt(lambda:k.append(enumerate([]))))
