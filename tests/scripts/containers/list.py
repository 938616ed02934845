# Lists: every operation, what a bad one says, growth, sorting and its comparisons.
import sys
def t(s, **k):
    g = dict(globals()); g.update(k)
    try: print(s, '->', repr(eval(s, g)))
    except BaseException as e: print(s, '->', type(e).__name__, e)
def x(s):
    try:
        exec(s, g); print(s, '->', g.get('a'))
    except BaseException as e: print(s, '->', type(e).__name__, e, g.get('a'))
class Idx:
    def __init__(s,i): s.i=i
    def __index__(s): return s.i
for s in '''[1,2]+[3]
[1]+(2,)
[1]*3
3*[1]
[1]*-1
[1]*10**30
[1]*2**62
[1]*'a'
[1,2,3][1]
[1,2,3][-1]
[1,2,3][5]
[1,2,3][Idx(1)]
[1,2,3][10**30]
[1,2,3,4,5][::2]
[1,2,3,4,5][::-1]
[1,2,3,4,5][-2:]
[1,2,3,4,5][4:1:-2]
[1,2,3,4,5][::0]
[1,2,3,4,5]['a':]
[1,2,3,4,5][10**30:]
[1,2,3,4,5][:-10**30]
[1,2]==[1,2]
[1,2]!=[1,2]
[1,2]<[1,3]
[1,2]<[1]
[1,2]>=[1,2]
[1,2]==(1,2)
[1]<(1,)
[1]<1
2 in [1,2]
3 in [1,2]
[1,2,1].count(1)
[1,2,1].index(2)
[1,2,1].index(3)
[1,2,1].index(1,1)
[1,2,1].index(1,-1)
[1,2,1].index(2,0,1)
[1,2,1].index('a','b')
[1,2,1].index(None,None)
[].index()
[].index(1,2,3,4)
[].append()
[].append(1,2)
[].append(a=1)
[].pop()
[1].pop(2)
[1].pop('a')
[1].pop(1,2)
[1].pop(10**30)
[1].remove(2)
[1].insert(1)
[1].insert('a',1)
[1].extend(1)
[1].extend()
[3,1,2].sort()
[3,'a'].sort()
[1].sort(1)
[1].sort(foo=1)
[1].sort(reverse='a')
[2,1].sort(key=5)
sorted([3,1,2],reverse=True)
sorted([3,-1,2],key=abs)
sorted('bca')
sorted([(2,'a'),(1,'b')])
list('abc')
list()
list(1)
list(a=1)
list(1,2)
list(range(5))
list({1:2})
hash([])
[].__sizeof__()
[1,2,3].__sizeof__()
[].copy()
[1].reverse()
repr([[]])
[1,[2,[3]]]
list.append
[].append.__name__
list(reversed([1,2,3]))
reversed([1,2]).__length_hint__()
iter([1,2]).__length_hint__()
iter([1,2]).__reduce__()
reversed([1,2]).__reduce__()
list.__new__(int)
list.__getitem__([1],0)
[].__class_getitem__(int)
list[int]
[1,2,3].__contains__(2)
[1].__eq__([1])
[1].__lt__(2)
[1].__add__((1,))
[1].__mul__(2)
[1].__imul__(3)
[1].__iadd__('ab')
[1].__setitem__(0,5)
[1].__setitem__(5,5)
[1].__delitem__(5)
sum([[1],[2]],[])
max([1,3,2])
any([0,[]])
[None]*3
[[0]*2 for _ in range(2)]
[*range(3), *'ab']'''.split('\n'): t(s)
g={'Idx':Idx}
for s in '''a=[1,2,3,4,5,6]
a[1:3]=[9]
a[1:2]=[7,8,9,10]
a[::2]=[0,0]
a[::2]=[0]*4
a[::2]=5
a[1:2]=5
a[0:0]='xy'
del a[0]
del a[-1]
del a[100]
del a['a']
del a[::2]
a=list(range(10))
del a[8:2:-3]
del a[5:2]
a[5:2]=['in']
a[::-1]=a
a[:]=a
a[2:5]=a
a+=a
a*=2
a*=0
a+=(1,2)
a+=5
a[0]=a
a
a[1]=[a]
a.clear()
a=[1,2,3]
a[10:]=[4]
a[-100:1]=[]
a[1.5]=2
a['x']=2
a[::0]=[1]
a.insert(100,'e')
a.insert(-100,'s')
a.insert(-1,'m')
a.pop(0)
a.pop(-1)
a.extend(x*2 for x in range(3))
a.extend(a)
a.reverse()
a=[5,2,8,1]
a.sort()
a.sort(key=lambda v:-v)
a.sort(key=lambda v:a.append(1))
a.sort(key=lambda v:1/0)
a=[3,1,2]*20
a.sort(reverse=True)'''.split('\n'): x(s)
# sizes
l=[];o=[]
for i in range(70):
    l.append(i); o.append(sys.getsizeof(l))
print(o)
o=[]
while l: l.pop(); o.append(sys.getsizeof(l))
print(o)
for n in (0,1,2,3,4,5,7,8,9): print(n, sys.getsizeof(list(range(n))), sys.getsizeof([0]*n), sys.getsizeof(list(str(i) for i in range(n))), sys.getsizeof([i for i in range(n)]))
a=[1,2,3]; a+=[4]; print(sys.getsizeof(a)); a[1:1]=[9]*5; print(sys.getsizeof(a)); del a[2:]; print(sys.getsizeof(a)); a.extend(range(50)); print(sys.getsizeof(a)); a.insert(0,1); print(sys.getsizeof(a)); a.clear(); print(sys.getsizeof(a))
class L(list): pass
m=L([1,2]); m.x=5; print(m, m.x, sys.getsizeof(m), type(m+[1]), type(m[:]), type(m*2), type(m.copy())); 
class L2(list):
    __slots__=()
print(L2('ab'), sys.getsizeof(L2()))
# mutation while comparing
class E:
    def __init__(s,l): s.l=l
    def __eq__(s,o): s.l.clear(); return False
l=[];l.extend([E(l),2,3]); print(l.count(5), l)
l.extend([E(l),2,3])
try: print(l.index(5))
except ValueError as e: print(e)
l.extend([E(l),2,3]); print(5 in l)
l.extend([E(l),2,3]); print(l==[1,2,3])
class K:
    n=0
    def __init__(s,v): s.v=v
    def __lt__(s,o): K.n+=1; log.append((s.v,o.v)); return s.v<o.v
def lcg(n,seed=1):
    r=[]
    for i in range(n):
        seed=(seed*1103515245+12345)%2**31; r.append(seed%1000)
    return r
for n in (2,5,33,64,100,500):
    log=[]; l=[K(v) for v in lcg(n)]; l.sort(); print(n,len(log),hash(tuple(log)),[k.v for k in l[:5]])
    log=[]; l=[K(v//100) for v in lcg(n)]; l.sort(reverse=True); print(n,len(log),hash(tuple(log)))
    log=[]; l=[K(v) for v in list(range(n))+lcg(5)+list(range(n))]; l.sort(); print(n,len(log),hash(tuple(log)))
    log=[]; l=[K(v) for v in list(range(n,0,-1))+list(range(n))]; l.sort(); print(n,len(log),hash(tuple(log)))
    log=[]; l=[(v%7,K(v)) for v in lcg(n)]; l.sort(); print(n,len(log),hash(tuple(log)))
print(sorted([1.5,1,2,0.5]), sorted(['b','a','é']), sorted([True,False,2]), sorted([10**30,5,10**20]))
try: sorted([1,None])
except TypeError as e: print(e)
class R:
    def __repr__(s): return str(sys.getrefcount(s))
print([R()], (R(),), {1:R()}, {R()})
print([1,2,3].__sizeof__(), [].__init__([1]), list.__init__([],(1,2)))
it=iter([1,2,3]); next(it); it.__setstate__(0); print(list(it)); 
it=iter([1,2,3]); 
try: it.__setstate__('a')
except TypeError as e: print(e)
it.__setstate__(-5); print(next(it)); it.__setstate__(50); print(list(it), it.__reduce__())
it.__setstate__(0); print(list(it))
l=[1,2]
for v in l:
    if len(l)<6: l.append(v*10)
print(l)
