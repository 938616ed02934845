# The native core of collections.
import sys
from _collections import deque, defaultdict, _count_elements, _tuplegetter
def t(s, **k):
    g = dict(globals()); g.update(k)
    try: print(s, '->', repr(eval(s, g)))
    except BaseException as e: print(s, '->', type(e).__name__, e)
for s in '''deque()
deque('abc')
deque('abc',2)
deque('abc',maxlen=2)
deque(maxlen=-1)
deque(maxlen='a')
deque(1)
deque(1,2,3)
deque(x=1)
deque('abc')[1]
deque('abc')[5]
deque('abc')['a']
deque('abc')[0:1]
deque('abc')+deque('d')
deque('abc')+'d'
deque('ab')*2
deque('ab',3)*5
2*deque('ab')
deque('ab')*-1
deque().pop()
deque().popleft()
deque('abc').index('b')
deque('abc').index('z')
deque('abc').index('a',1)
deque('aab').count('a')
deque('abc').remove('z')
deque('abc').insert(1)
deque('abc',3).insert(1,2)
deque('abc').rotate(1,2)
deque('abc').rotate('a')
deque('ab')==deque('ab')
deque('ab')<deque('b')
deque('ab')=='ab'
deque('ab')<5
'a' in deque('ab')
hash(deque())
deque('ab').maxlen
deque('ab',5).maxlen
deque('ab').__reduce__()[0:3]
deque('ab',5).__reduce__()[0:3]
list(reversed(deque('abc')))
iter(deque('ab')).__length_hint__()
len(deque('ab'))
bool(deque())
deque[int]
deque('abc').copy()
deque('abc',2).copy()
defaultdict()
defaultdict(int)
defaultdict(list,{1:2})
defaultdict(5)
defaultdict(None,a=1)
defaultdict(int)[5]
defaultdict()[5]
defaultdict(int,a=1)|{'b':2}
{'b':2}|defaultdict(int,a=1)
defaultdict(int)|5
defaultdict(int,a=1).copy()
defaultdict(int,a=1).__reduce__()[:4]
defaultdict(int).default_factory
defaultdict(int).__missing__(3)
_tuplegetter(1,'doc')
_tuplegetter(1)
_tuplegetter('a',1)'''.split('\n'): t(s)
d=deque()
o=[]
for i in range(200): d.append(i); o.append(sys.getsizeof(d))
for i in range(100): d.appendleft(i); o.append(sys.getsizeof(d))
d.rotate(30); o.append(sys.getsizeof(d)); d.rotate(-100); o.append(sys.getsizeof(d)); print(list(d)[:5])
for i in range(150): d.popleft(); o.append(sys.getsizeof(d))
for i in range(150): d.pop(); o.append(sys.getsizeof(d))
print(o)
d=deque(range(5)); d.insert(2,'x'); d.insert(-1,'y'); d.insert(100,'z'); d.insert(-100,'s'); print(d); d.remove('x'); del d[0]; d[1]='q'; d.reverse(); print(d); d.extendleft('ab'); d.extend(d); print(d); d+='zz'; d*=2; print(d); d.rotate(3); print(d); d.rotate(-5); print(d); d.clear(); print(d)
d=deque([1,2],maxlen=3); d.append(3); d.append(4); d.appendleft(9); print(d); d.extend('abcdef'); print(d); d.extendleft('xyz'); print(d)
d=deque(range(5))
try:
    for x in d: d.append(1)
except RuntimeError as e: print(e)
d.append(d); print(d)
class V:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
d=deque([V(1),V(2),V(3)]); d.popleft(); d.append(V(4)); del d; print('-')
dd=defaultdict(list); dd['a'].append(1); dd['b']; print(dd, dict(dd)); dd.default_factory=None
try: dd['zz']
except KeyError as e: print(repr(e))
c={}; _count_elements(c,'abracadabra'); print(c)
class MyD(dict):
    def get(s,k,d=None): print('get',k); return super().get(k,d)
c=MyD(); _count_elements(c,'aab'); print(c)
class P(tuple):
    x=_tuplegetter(0,'the x'); y=_tuplegetter(5,'y')
p=P((1,2)); print(p.x, P.x.__doc__)
try: p.y
except IndexError as e: print(e)
try: p.x=1
except AttributeError as e: print(e)
try: _tuplegetter(0,'').__get__(5,int)
except TypeError as e: print(e)
class SD(deque): pass
s=SD('ab',5); s.foo=1; print(s, type(s.copy()), s.copy(), s+s, type(s+s))
print(sys.getsizeof(deque()), deque.__basicsize__, defaultdict.__basicsize__)
import gc
from _collections import deque
d=deque('abc')
def t(s):
    try: print(s,eval(s))
    except Exception as e: print(s,type(e).__name__,e)
for s in ["d.index()","d.index(1,2,3,4)","d.insert()","d.insert(1,2,3)","d.insert('a',1)","d.rotate(1.5)","d.append()","d.extend()","d.remove()","d.pop(1)","d.rotate(10**30)","d.insert(10**30,1)", "d.index('a', 'b')","d.index('a',0,'b')"]: t(s)
