import sys
def hook(u): print(u.exc_type, u.exc_value, u.err_msg, u.object is not None)
sys.unraisablehook = hook
class A:
    def __del__(self): raise ValueError("in del")
A()
