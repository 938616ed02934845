# ast: trees of every kind of node, literal_eval, transformers, unparse.
import ast
source = '''
@deco
async def f(a, /, b: int = 1, *args, c, d=2, **kw) -> str:
    """doc"""
    async with x as y, z: pass
    async for i in it: await i
    return [j async for j in k if j]
class C(B, metaclass=M):
    x: int = 1
    def m(self): nonlocal_ = 1; global g; return self
for a, *b in c:
    if a < b <= 3 and not c or d: continue
    else: break
while True: x += 1; del y[0], z.w
try: raise E from e
except (A, B) as err: assert x, "m"
else: pass
finally: import a.b as c, d; from .. import e as f
match p:
    case [1, *rest] | {"k": v, **o} if v: pass
    case Cls(1, k=None) as w: lambda q, *r: (yield q)
    case _: print(f"{x!r:>{w}} t", b"b", 1.5, 2j, ..., x[1:2, ::3], {**a, 1: 2}, {1}, {k: v for k, v in d}, (n := 5), a if b else c, -x ** +y, not z)
'''
tree = ast.parse(source)
print(ast.dump(tree, include_attributes=False))
print(ast.unparse(tree))
first = tree.body[0]
print(first.lineno, first.col_offset, first.end_lineno, first.end_col_offset, ast.get_docstring(first), first._fields)
print(ast.literal_eval("{'a': [1, -2.5, (3, None)], 'b': {b'x'}, 'c': 1+2j}"))
for wrong in ["a", "f()", "1 + 'x'", "[x for x in y]"]:
    try:
        ast.literal_eval(wrong)
    except ValueError as error:
        print(str(error).split(" at ")[0])
class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.Constant(node.value * 2)
doubled = ast.fix_missing_locations(Double().visit(ast.parse("print(21, 'ab')")))
exec(compile(doubled, "<tree>", "exec"))
print(eval(compile(ast.parse("1 + 2", mode="eval"), "<tree>", "eval")))
print(sorted({type(node).__name__ for node in ast.walk(tree)}))
node = ast.Name("x", ctx=ast.Load())
print(node.id, isinstance(node, ast.expr), ast.Name._fields, ast.dump(ast.arguments([], [], None, [], [], None, [])))
for call in [lambda: ast.Name(1, 2, 3), lambda: ast.Name("x", id="y"), lambda: ast.parse("x =")]:
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
