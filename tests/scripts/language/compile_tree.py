import ast
# A tree that is compiled gives the same code as its source, and one that no parser made is checked.
src = '''
from __future__ import annotations
import a.b as c, d
from . import (x, y as z)
@dec
class C(B, metaclass=M):
    "doc"
    x: int = 3
    def f(self, a, /, b: int = 2, *args, k, l=3, **kw) -> None:
        global g
        try:
            return [i for i in a if i for j in k] if 0 else (yield)
        except (A, B) as e:
            raise X from e
        else: pass
        finally:
            del a[1:2, ...], b.c
        lambda x, *y: x
    async def g(self):
        async with a as b, c: await d
        async for i in x: break
        else: pass
def m(x):
    match x:
        case [1, *_, {"a": 2}] | C(1, k=None) as q if q: pass
        case {"a": b, **rest}: pass
        case -1+2j | 'a': pass
    while (n := x): continue
    f"{x!r:>{w}} {y=} é" 'abc' u'x'
    try: pass
    except* E: pass
    assert x, y
    x @= y if not z < 1 <= 2 else {**a, 'b': c}
    nonlocal_ = {1, *s}
'''
t=ast.parse(src)
c1=compile(t,'f','exec'); c2=compile(src,'f','exec')
def same(a,b):
    import types
    for n in ('co_code','co_names','co_varnames','co_linetable','co_exceptiontable','co_qualname','co_flags','co_stacksize'):
        if getattr(a,n)!=getattr(b,n): print('differ',a.co_qualname,n)
    for x,y in zip(a.co_consts,b.co_consts):
        if isinstance(x,types.CodeType): same(x,y)
        elif x!=y: print('const',x,y)
same(c1,c2)
import hashlib
print(hashlib.md5(ast.dump(t,include_attributes=True).encode()).hexdigest())
print(eval(compile(ast.Expression(ast.fix_missing_locations(ast.BinOp(ast.Constant(1),ast.Add(),ast.Constant(2)))),'x','eval')))
print(ast.literal_eval("{'a': [1, -2, (3,), b'x', None, 1+2j]}"))
def err(f):
    try: f()
    except Exception as e: print(type(e).__name__, e)
L=dict(lineno=1,col_offset=0)
err(lambda: compile(ast.Module([], []),'x','eval'))
err(lambda: compile(ast.Module([ast.Expr(ast.Name('x',ast.Load()))], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Expr(ast.Name('x',ast.Store(),**L),**L)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Assign([ast.Constant(1,**L)],ast.Constant(1,**L),**L)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Expr(3,**L)], []),'x','exec'))
err(lambda: compile(ast.Module(3, []),'x','exec'))
err(lambda: compile(ast.Module([ast.If(ast.Constant(1,**L),[],[],**L)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Return(None,**L)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Expr(ast.Constant([1],**L),**L)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Expr(**L)], []),'x','exec'))
err(lambda: compile(ast.Module([None], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Expr(ast.Name('None',ast.Load(),**L),**L)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Pass(lineno=5,col_offset=0,end_lineno=1)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Expr(ast.Compare(ast.Constant(1,**L),[],[],**L),**L)], []),'x','exec'))
err(lambda: compile(ast.Module([ast.Delete([],**L)], []),'x','exec'))
