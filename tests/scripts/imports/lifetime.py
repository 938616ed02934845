import gc
import importlib
import os
import sys
import weakref

gc.disable()
sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = True
with open("life.py", "w") as f:
    f.write(
        """
class Loud:
    def __init__(self, n):
        self.n = n
    def __del__(self):
        print("del", self.n)
first = Loud("first")
second = Loud("second")
_private = Loud("_private")
def function():
    return first
"""
    )
import life

r = weakref.ref(life)
print(sys.getrefcount(life))
del sys.modules["life"]
print("out of sys.modules", r() is life)
f = life.function
del life
print("module gone:", r() is None)
print("function still works:", f().n)
del f
print("function gone")
print(gc.collect() > 0)
import life

print("again")
life = None
print("name gone, sys.modules has it")
sys.modules.pop("life")
gc.collect()
print("end")
import life

life.first = None
importlib.reload(life)
print("script ends")
