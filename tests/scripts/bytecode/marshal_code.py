# Code objects there and back.
import io
import marshal
import sys


def show(what, f):
    try:
        print(what, "->", f())
    except BaseException as e:
        print(what, "->", type(e).__name__, e)


# code
src = '''
def f(a, b=1, *c, d, **e):
    "a docstring"
    x = a + b
    def g(): return x, {1, 2} == a
    try: return g
    except KeyError as err: raise
class C:
    y: int = 3
    def m(self): return __class__, 'a b', 'a b'
z = 'a b', 1000, 1000, (1, (2.5, None)), b'q'
'''
code = compile(src, 'name.py', 'exec')
blob = marshal.dumps(code)
print(len(blob), blob == marshal.dumps(code), blob[:1])
again = marshal.loads(blob)
print(again == code, again.co_consts[-2:])
print(marshal.dumps(again) == blob)
for version in (0, 1, 2, 3): print(version, marshal.loads(marshal.dumps(code, version)) == code, len(marshal.dumps(code, version)))
ns = {}
exec(again, ns)
print(ns['f'](1, d=2)(), ns['C']().m(), ns['z'])
print(len(marshal.dumps([code, code])), len(marshal.dumps((code.co_consts[0], code))))
print(marshal.dumps(ns['f'].__code__)[:60])
