# OrderedDict: operations, order, changes during iteration.
import sys
from collections import OrderedDict as O
def t(s):
    try: print(s,'->',eval(s))
    except BaseException as e: print(s,'->',type(e).__name__, e)
def it(f):
    o=O(a=1,b=2,c=3); n=0
    try:
        for k in o:
            f(o); n+=1
            if n>8: break
        print(n)
    except RuntimeError as e: print('RT',e, n)
it(lambda o:o.move_to_end('a')); it(lambda o:o.move_to_end('c')); it(lambda o:o.pop('a',None)); it(lambda o:o.__setitem__('a',5)); it(lambda o:o.__setitem__(len(o),5)); it(lambda o:o.clear()); it(lambda o:o.popitem()); it(lambda o: (o.pop('c',None),o.__setitem__('z',1))); it(lambda o:o.update(a=5)); it(lambda o:o.setdefault('q',1)); it(lambda o:o.setdefault('a',1)); it(lambda o:o.copy())
for s in '''O(1)
O(1,2)
O([1])
O([(1,)])
O([(1,2,3)])
O({'a':1},b=2)
O().update(1,2)
O().update(5)
O().update([(1,2,3)])
O().update(self=1)
O().pop()
O().pop(1)
O().pop(1,2)
O(a=1).pop('a',default=3)
O().pop(key=1,default=2)
O().popitem()
O(a=1).popitem(last=1)
O(a=1).popitem(1,2)
O().move_to_end()
O().move_to_end('a')
O(a=1).move_to_end('a',last=False)
O(a=1).move_to_end([])
O().setdefault('a')
O().setdefault()
O().setdefault(key='a',default=3)
O.fromkeys('ab')
O.fromkeys(iterable='ab',value=3)
O.fromkeys()
O(a=1)['b']
O(a=1).get('b')
O(a=1)==O(a=1)
O(a=1,b=2)==O(b=2,a=1)
O(a=1,b=2)!=O(b=2,a=1)
O(a=1,b=2)=={'b':2,'a':1}
{'b':2,'a':1}==O(a=1,b=2)
O(a=1)==5
O(a=1)<O(a=1)
O(a=1)|O(b=1)
O(a=1)|5
O(a=1)|[('b',2)]
O().__ior__([('b',2)])
hash(O())
O(a=1).__reduce__()[:4]
O(a=1).copy()
O(a=1).__sizeof__()
[sys.getsizeof(O.fromkeys(range(n))) for n in (0,1,5,6,11)]
O(a=1).keys()
O(a=1).values()
O(a=1).items()
list(reversed(O(a=1,b=2)))
list(reversed(O(a=1,b=2).keys()))
list(reversed(O(a=1,b=2).items()))
list(reversed(O(a=1,b=2).values()))
O(a=1).keys()&{'a'}
len(O(a=1).items()|{1})
O(a=1).keys()=={'a'}
{'a'}==O(a=1).keys()
type(O(a=1).keys())
type(iter(O()))
type(O().keys()).__mro__
type(iter(O(a=1))).__name__
O(a=1).keys().isdisjoint('b')
O(a=1).keys().mapping
O(a=1).__dict__
O.__doc__ is not None
O.__mro__
O.__basicsize__,O.__dictoffset__,O.__weakrefoffset__
'a' in O(a=1)
del_('a')
O(a=1).clear()
len(O(a=1))
bool(O())
dict(O(a=1))
{**O(a=1)}
O(O(a=1))
O(iter([('a',1)]))
O(zip('ab',[1,2]))'''.split('\n'): t(s)
class S(O): pass
s=S(a=1); s.x=5; print(s, s.__dict__, s.copy(), type(s.copy()), s.__reduce__()[2], type(s|{}), type({}|s))
class M(O):
    def __missing__(s,k): return 'm'+k
print(M()['z'])
class LS(O):
    def __setitem__(s,k,v): print('set',k); super().__setitem__(k,v)
l=LS(a=1); l.update(b=2); l|={'c':3}; l.setdefault('d',4); print(l)
class LI(O):
    def items(s): return [('x',1)]
print(repr(LI(a=1)))
o=O(a=1); o['o']=o; print(o)
o=O.fromkeys(range(6)); del o[2]; o[2]='again'; o.move_to_end(0); o.move_to_end(5,last=False); print(o, list(reversed(o)), o.popitem(False), o.popitem(), o)
for i in range(1000): o[i]=i; o.popitem(last=False) if len(o)>3 else 0
print(o)
import weakref,gc
w=weakref.ref(o); print(w() is o); del o; print(w())
class V:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
o=O([(1,V(1)),(2,V(2)),(3,V(3))]); del o; print('-')
o=O(a=1); o.self=o; del o; print(gc.collect()>0)
i=iter(O(a=1,b=2)); next(i); print(i.__reduce__())
i=reversed(O(a=1,b=2)); print(next(i), list(i))
