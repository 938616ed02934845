# marshal: values there and back, and what cannot be.
import marshal
for v in (None,True,1,-5,2**70,1.5,1j,"a","é\ud800",b"x",(1,(2,3)),[1,[2]],{1:2,"a":[3]},{1},frozenset({1,2}),..., StopIteration, ()):
    d=marshal.dumps(v); r=marshal.loads(d)
    print(repr(v), r==v, type(r) is type(v))
def f(x): return x+1
import types
g=types.FunctionType(marshal.loads(marshal.dumps(f.__code__)),{})
print(g(4))
for a in (b"", b"(", 5):
    try: marshal.loads(a)
    except Exception as e: print(type(e).__name__, e)
try: marshal.dumps(object())
except ValueError as e: print(e)
