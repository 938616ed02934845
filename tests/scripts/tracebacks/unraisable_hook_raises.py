import sys
def hook(u): raise KeyError("hook")
sys.unraisablehook = hook
class A:
    def __del__(self): raise ValueError("in del")
A()
