# What is reported when nobody can catch it, and sys.unraisablehook.
import sys,gc
def hook(a): print(a.exc_type, a.err_msg, len(a))
class A:
    def __del__(s): 1/0
A()
sys.unraisablehook=hook
A()
def bad(a): raise ValueError
sys.unraisablehook=bad
A()
sys.unraisablehook=sys.__unraisablehook__
class B:
    def __del__(s): raise KeyboardInterrupt
B()
try: sys.unraisablehook(5)
except Exception as e: print(e)
sys.unraisablehook(type(sys)('x')) if 0 else None
def cb(p,i): print(p,i); 1/0
gc.callbacks.append(cb)
gc.collect()
gc.callbacks.clear()
import weakref
w=weakref.ref(A(), lambda r: 1/0)
class C:pass
w=weakref.ref(C(), lambda r: 1/0)
w=weakref.ref(C(), len)
class D:
  def __repr__(s): 1/0
  def __del__(s): 1/0
D()
