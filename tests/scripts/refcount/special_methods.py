# What a special method sees of the counts of its receiver and its arguments.
import sys
rc=sys.getrefcount
class A:
    def __getitem__(s,k): return rc(s),rc(k)
    def __setitem__(s,k,v): print(rc(s),rc(k),rc(v))
    def __len__(s): print(rc(s)); return 1
    def __contains__(s,x): return print(rc(s),rc(x)) or True
    def __iter__(s): print(rc(s)); return iter([])
    def __add__(s,o): return rc(s),rc(o)
    def __radd__(s,o): return rc(s),rc(o)
    def __eq__(s,o): return (rc(s),rc(o))
    def __hash__(s): print('h',rc(s)); return 1
    def __bool__(s): print('b',rc(s)); return True
    def __repr__(s): return f'{rc(s)}'
    def __str__(s): return f'{rc(s)}'
    def __format__(s,f): return f'{rc(s)}'
    def __call__(s,*a,**k): return rc(s),[rc(x) for x in a],[rc(x) for x in k.values()]
    def __get__(s,i,o): return rc(s),rc(i)>3,rc(o)>5
    def __set__(s,i,v): print('set',rc(s),rc(i),rc(v))
    def __delete__(s,i): print('del',rc(s),rc(i))
    def __enter__(s): return rc(s)
    def __exit__(s,*a): print('exit',rc(s))
    def __setattr__(s,n,v): print('sa',rc(s),rc(v))
    def __delattr__(s,n): print('da',rc(s))
    def __getattr__(s,n): return rc(s)
    def __index__(s): print('idx',rc(s)); return 0
    def __neg__(s): return rc(s)
    def __iadd__(s,o): print(rc(s),rc(o)); return s
    def __pow__(s,o,m=None): return rc(s),rc(o)
    def __int__(s): return rc(s)
    def __dir__(s): print(rc(s)); return []
    def __reversed__(s): return rc(s)
    def __round__(s,n=0): return rc(s)
    def m(s,x=None): return rc(s),rc(x)>3 or rc(x)
    @classmethod
    def cm(c,x): return rc(x)
    @staticmethod
    def sm(x): return rc(x)
    @property
    def p(s): return rc(s)
a=A();b=object()
print(a[b]); a[b]=b; len(a); b in a; list(a); print(a+b,b+a,a==b,b==a,a!=b); hash(a); bool(a); print(repr(a),str(a),f'{a!r}')
print(a(b),a(b,k=b),a(*[b]),a(*(b,)),a(**{'q':b}))
class O: x=a
o=O(); print(o.x,O.x); o.x=b; del o.x
with a as q: print(q)
a.z=b; del a.z; print(a.z, [1][a], -a, a**b); a+=b; print(reversed(a))
print(a.m(b),A.m(a,b),a.cm(b),A.cm(b),a.sm(b),a.p)
m=a.m; print(m(b)); 
print(list(map(a.m,[b])), sorted([b],key=a.cm), [*map(rc,[b])], list(filter(a.sm,[b])) )
print(getattr(a,'m')(b), isinstance(a,A), rc(a), rc(b))
class N:
    def __new__(c,*x,**k): print('new',rc(c)>5,[rc(i) for i in x],[rc(i) for i in k.values()]); return super().__new__(c)
    def __init__(s,*x,**k): print('init',rc(s),[rc(i) for i in x],[rc(i) for i in k.values()])
N(b); N(b,k=b); N(*[b]); N(*(b,)); N(**{'z':b}); N(b,*(b,),**{'z':b})
class M(type):
    def __call__(c,*x,**k): print('mcall',[rc(i) for i in x],[rc(i) for i in k.values()]); return super().__call__(*x,**k)
class Q(metaclass=M):
    def __init__(s,x): print('qi',rc(x))
Q(b)
def gen(x): yield rc(x); yield rc(x)
print(list(gen(b)))
d={a:1}; d[a]; a in d; d.get(a)
def f(*args,**kw): return rc(args[0]) if args else rc(kw['x'])
print(f(b),f(x=b),f(*[b]),f(**{'x':b}),(lambda x:rc(x))(b))
print(rc(A),rc(O),rc(type(a)), rc(a))
class SL: __slots__=('a',)
s=SL(); s.a=b; print(rc(b)); del s; print(rc(b)); 
