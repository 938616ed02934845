# Classes, metaclasses, copying, modules, aliases and descriptors, seen from outside.
import gc, sys, weakref, types, copy, copyreg
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
# namespaces
n=types.SimpleNamespace(a=1,b='x'); n.c=n
print(n, n==types.SimpleNamespace(a=1), n.__reduce__()[1:2], vars(n).keys())
class NS(types.SimpleNamespace): pass
print(NS(q=2)); t(lambda: types.SimpleNamespace(1)); t(lambda: n.zz)
# module
m=types.ModuleType('mm','doc'); m.x=1; print(m, m.__doc__, m.__dict__.keys(), dir(m))
m.__getattr__=lambda n:('dyn',n); print(m.foo); m.__dir__=lambda:['b','a']; print(dir(m))
t(lambda: types.ModuleType()); t(lambda: types.ModuleType(3))
class MM(types.ModuleType):
    def __init__(s,n): super().__init__(n); s.q=1
    @property
    def p(s): return 'prop'
k=MM('kk'); print(k.p,k.q,k)
m2=types.ModuleType('m2'); m2.__class__=MM; print(m2.p)
# alias/unions
print(list[int], dict[str,list[int]], tuple[int,...], list[int].__args__, list[int].__origin__, list[int]==list[int], hash(list[int])==hash(list[int]), type(list[int]))
print(int|None, (int|str).__args__, int|str==str|int, (int|list[int]), isinstance(3,int|str), issubclass(bool,int|str))
t(lambda: int|3); t(lambda: list[int][str]); t(lambda: [*tuple[int]]); print(list[int]([1,2]), list[int].append)
class G(list[int]): pass
print(G.__mro__, G.__orig_bases__)
class CG:
    def __class_getitem__(c,i): return (c.__name__,i)
print(CG[3]); t(lambda: CG()[1]); t(lambda: type[int]); t(lambda: int[3])
# copy
class P:
    def __init__(s): s.a=1; s.b=[2]
p=P(); q=copy.copy(p); r=copy.deepcopy(p); print(q.__dict__, r.__dict__, q.b is p.b, r.b is p.b)
class PS:
    __slots__=('x','y','__dict__')
p=PS(); p.x=1; p.z=3; q=copy.copy(p); print(q.x,q.z,p.__reduce_ex__(2)[2]); t(lambda: q.y)
class PL(list): pass
p=PL([1,2]); p.a=5; q=copy.deepcopy(p); print(q,q.a,p.__reduce_ex__(2)[1:3])
class PD(dict): pass
p=PD(a=1); p.b=2; q=copy.copy(p); print(q,q.b)
class PN:
    def __new__(c,*a,**k): o=object.__new__(c); o.got=(a,k); return o
    def __getnewargs_ex__(s): return (1,2),{'k':3}
p=PN(); q=copy.copy(p); print(q.got)
class GS:
    def __getstate__(s): return {'z':1}
    def __setstate__(s,x): s.st=x
print(copy.copy(GS()).st); t(lambda: copy.copy(x for x in ())); t(lambda: GS().__reduce_ex__(0)[1:])
print(copy.copy(P), copy.deepcopy(len), copy.copy((1,[2])), copy.deepcopy({1:[2]}), copy.copy({1,2}))
# class lifecycle
class A: pass
wr=weakref.ref(A); sub=type('B',(A,),{}); print(A.__subclasses__()); del sub; gc.collect(); print(A.__subclasses__()); del A; print(wr()); gc.collect(); print(wr())
def mk():
    class Z:
        def m(s): return __class__
    return Z
z=mk(); print(z().m() is z); w=weakref.ref(z); del z; gc.collect(); print(w())
class V: pass
v=V(); v.s=v; w=weakref.ref(v,lambda r:print('cb')); del v; print(gc.collect(), w())
v=V(); v.a=1; d=v.__dict__; v.b=2; print(d, v.__dict__ is d); d['c']=3; print(v.c); v.__dict__={'q':1}; print(v.q, d, hasattr(v,'a')); del v.__dict__; print(v.__dict__)
v2=V(); v2.x=1; del v2.x; print(v2.__dict__); t(lambda: delattr(v2,'x')); 
for i in range(40): setattr(v2,'k%d'%i,i)
print(len(v2.__dict__), v2.k39, list(v2.__dict__)[:3])
class W1: 
    def __init__(s): s.a=1; s.b=2
class W2: pass
w=W1(); w.__class__=W2; print(w.a,w.b,type(w).__name__,w.__dict__)
# mro/bases
class X: x='X'
class Y: x='Y'
class Q(X): pass
q=Q(); print(q.x); Q.__bases__=(Y,); print(q.x, X.__subclasses__(), Y.__subclasses__()); Q.__bases__=(X,Y); print(Q.__mro__)
class Mt(type):
    def mro(c): return [c,Y,object]
class R(metaclass=Mt): pass
print(R().x, R.__mro__)
# abstract
class Ab: pass
Ab.__abstractmethods__=frozenset(['b','a']); t(Ab); t(lambda: sorted(Ab.__abstractmethods__)); Ab.__abstractmethods__=frozenset(); t(lambda: type(Ab()))
t(lambda: int.__abstractmethods__)
# annotations, doc
class An: a:int=1
print(An.__annotations__, An.__doc__, type.__doc__[:20]); An.__doc__='new'; print(An.__doc__); t(lambda: int.__annotations__)
class Nb: pass
print(Nb.__annotations__, '__annotations__' in Nb.__dict__)
print(An.__module__, An.__qualname__, int.__module__, weakref.ref.__module__); An.__module__='zz'; print(An, An()); An.__qualname__='A.B'; print(An); An.__name__='CC'; print(An)
# getattr on descr
class De:
    def __get__(s,i,o): raise AttributeError('inner')
class Ge:
    d=De()
    def __getattr__(s,n): return 'fallback '+n
print(Ge().d); 
class Ge2:
    @property
    def p(s): raise AttributeError('in p')
t(lambda: Ge2().p); t(lambda: getattr(Ge2(),'p','default')); t(lambda: hasattr(Ge2(),'p'))
for a in ('__getattribute__','__class__'): t(lambda: getattr(Ge2(),a))
t(lambda: setattr(Ge2(),'p',1)); t(lambda: object.__getattribute__(1,'real')); t(lambda: type.__getattribute__(int,'real')); t(lambda: object.__setattr__(int,'x',1)); t(lambda: type.__setattr__(int,'x',1)); t(lambda: object.__setattr__(Ge2,'x',1))
t(lambda: int.__new__(int,'5')); t(lambda: object.__new__(list)); t(lambda: list.__new__(object)); t(lambda: dict.__new__(PD)); t(lambda: type.__call__(int,'7'))
print([k for k in dir(V) ][:3], dir(v2)[-2:], V.__weakref__, V.__dict__['__dict__'].__get__(v2)is v2.__dict__)
print(sorted(vars(types.SimpleNamespace(a=1)))); print(super(Q,Q(1) if 0 else q).x, super(Q,q), super(Q))
class SlD: __slots__=('__dict__','a')
s=SlD(); s.a=1; s.b=2; print(s.__dict__); 
class SlW(SlD): __slots__=('__weakref__',)
print(weakref.ref(SlW())()); print(SlW.__basicsize__, SlW.__weakrefoffset__, SlW.__dictoffset__)
class Priv: __slots__=('__p','q')
print(Priv.__slots__, [k for k in Priv.__dict__]); 
class DS: __slots__={'a':'doc a'}
print(DS.a.__doc__, DS.__slots__); 
print(type('T',(),{})().__class__.__name__, type('T',(int,),dict(x=1))(5)+1)
print(types.new_class('NC',(V,),{},lambda ns:ns.update(q=4)).q, types.resolve_bases((V,list[int])))
f=type('F',(),{'__call__':lambda s,*a,**k:(a,k)})(); print(f(1,b=2), callable(f), callable(V), callable(3))
print(isinstance(True,(int,str)), isinstance(V(),V), issubclass(bool,int)); t(lambda: isinstance(1,'a')); t(lambda: issubclass(V(),V)); t(lambda: issubclass(V,1))
class Fake:
    __class__=int
print(isinstance(Fake(),int), type(Fake()).__name__, Fake().__class__)
class Bs:
    __bases__=(int,)
t(lambda: issubclass(Bs(),int)); t(lambda: issubclass(int,Bs()))
