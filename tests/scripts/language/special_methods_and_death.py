# Special methods of all kinds, and the order in which instances of classes die.
import sys
log=[]
class D:
    def __init__(self,n): self.n=n
    def __del__(self): print('del',self.n)
a=D(1); a.y=D(2); a.z=D(3)
print(sys.getrefcount(a), sys.getrefcount(D))
b=a; print(sys.getrefcount(a)); del b
del a
class S:
    __slots__=('b','a','c')
    def __del__(self): print('del S')
s=S(); s.a=D('a'); s.b=D('b'); s.c=D('c'); del s
class L(list):
    def __del__(self): print('del L')
l=L([D(1),D(2)]); l.q=D('q'); del l
class R:
    keep=None
    def __del__(self): R.keep=self; print('resurrect')
r=R(); del r; print(R.keep); R.keep=None; print(R.keep)
class E:
    def __del__(self): raise ValueError('x')
class B:
    def __init__(self): self.v=0
    @property
    def p(self): "doc p"; return self.v
    @p.setter
    def p(self,x): self.v=x
    @p.deleter
    def p(self): self.v=None
    @classmethod
    def c(cls,*a,**k): return cls.__name__,a,k
    @staticmethod
    def st(*a): return a
x=B(); x.p=5; print(x.p,x.v); del x.p; print(x.p, B.p.__doc__, B.p)
print(B.c(1,z=2), x.c(), x.st(3), B.st(4))
class P(B):
    @property
    def p(self): return super().p
    def c(self): return super().c(9)
    @classmethod
    def d(cls): return super().c(8)
y=P(); y.v=3; print(y.p,y.c(),P.d())
class Meta(type):
    def __new__(m,n,b,ns,**k): print('new',n,k); return super().__new__(m,n,b,ns)
    def __init__(c,n,b,ns,**k): print('init',n,k); super().__init__(n,b,ns)
    def __call__(c,*a): print('call',a); return super().__call__(*a)
    @classmethod
    def __prepare__(m,n,b,**k): print('prep',n,k); return {'zz':1}
    def mm(c): return c.__name__
    def __instancecheck__(c,o): return o==5
class M(metaclass=Meta,q=1):
    def __init__(self,*a): self.a=a
m=M(1,2); print(m.a,M.mm(),M.zz,isinstance(5,M),type(M))
class I:
    def __init_subclass__(cls,**k): print('isub',cls.__name__,k)
class J(I,w=2): pass
class Desc:
    def __set_name__(self,o,n): print('sn',o.__name__,n)
    def __get__(self,i,o=None): return ('get',i is None,o.__name__)
    def __set__(self,i,v): print('set',v)
    def __delete__(self,i): print('delete')
class K: d=Desc()
k=K(); print(k.d,K.d); k.d=3; del k.d; k.__dict__['d']=7; print(k.d)
class N:
    def __getattr__(self,n): return 'ga '+n
    def __setattr__(self,n,v): print('sa',n); object.__setattr__(self,n,v)
    def __delattr__(self,n): print('da',n); object.__delattr__(self,n)
n=N(); n.q=1; print(n.q,n.zz); del n.q
class O:
    def __getattribute__(self,n): return 'gta '+n
print(O().foo)
class V:
    def __init__(s,v): s.v=v
    def __add__(s,o): return V(s.v+(o.v if isinstance(o,V) else o))
    def __radd__(s,o): return ('radd',o)
    def __iadd__(s,o): s.v+=100; return s
    def __eq__(s,o): return s.v==o.v
    def __lt__(s,o): return s.v<o.v
    def __hash__(s): return 42
    def __repr__(s): return f'V({s.v})'
    def __len__(s): return s.v
    def __getitem__(s,i):
        if i>3: raise IndexError
        return i*10
    def __contains__(s,x): return x==1
    def __call__(s,*a,**k): return a,k
    def __bool__(s): return False
    def __index__(s): return 2
    def __neg__(s): return 'neg'
    def __pow__(s,o,m=None): return ('pow',o,m)
    def __rpow__(s,o): return ('rpow',o)
    def __matmul__(s,o): return 'mm'
    def __int__(s): return 7
    def __float__(s): return 1.5
    def __divmod__(s,o): return 'dm'
    def __enter__(s): return 'ent'
    def __exit__(s,*a): return True
v=V(2); print(v+v, v+1, 1+v, v==V(2), v!=V(2), v<V(3), v>V(1), hash(v), len(v), list(v), 1 in v, 2 in v, v(1,a=2), bool(v), [1,2,3][v], -v, v**2, pow(v,2,3), 2**v, v@1, int(v), float(v), divmod(v,1))
w=v; w+=1; print(v, {v:1}[V(102)])
with v as e: print(e); raise KeyError
print([c.__name__ for c in type('Z',(P,M.__base__),{}).__mro__])
class A1: pass
class A2(A1): pass
class A3(A1): pass
class A4(A2,A3): pass
print(A4.__mro__, A1.__subclasses__())
A1.foo=lambda s: 'foo'; q=A4(); print(q.foo()); A3.foo=lambda s:'foo3'; print(q.foo()); del A3.foo; print(q.foo())
A1.__len__=lambda s: 9; print(len(q)); del A1.__len__
try: len(q)
except TypeError as e: print(e)
q.__class__=A2; print(type(q))
class Sl(A1): __slots__=('k',)
t=Sl(); t.k=1; t.other=2; print(t.k,t.other,t.__dict__,Sl.k)
class St(str):
    pass
u=St('hey'); u.x=1; print(u,u.x,u.__dict__,u+'a',type(u+'a'))
class Ss(str): __slots__=('zz','yy')
u=Ss('heyé'); u.zz=D('zz'); u.yy=D('yy'); print(u,u.zz.n); del u
class T(tuple):
    pass
u=T((1,D('t'))); u.x=D('x'); print(len(u)); del u
class In(int): pass
u=In(5); u.x=1; print(u+1,u.x,u==5)
class Di(dict):
    def __missing__(s,k): return 'miss'
u=Di(a=1); u.x=2; print(u['a'],u['b'],u.x,u)
class Ex(Exception):
    def __init__(s,a): super().__init__(a); s.extra=D('ex')
try: raise Ex(3)
except Ex as e: print(e.args,e.extra.n)
