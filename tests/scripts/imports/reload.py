import importlib
import os
import sys

sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = True


def write(text):
    with open("mod.py", "w") as f:
        f.write(text)
    importlib.invalidate_caches()


write("x = 1\nonly_old = True\ndef f(): return 'old'\nclass C: pass\n")
import mod

old_f, old_c, d = mod.f, mod.C(), mod.__dict__
write("x = 2\ndef f(): return 'new!'\nclass C: pass\n")
m = importlib.reload(mod)
print(m is mod, mod.x, mod.f(), old_f(), mod.only_old, mod.__dict__ is d, isinstance(old_c, mod.C), old_f.__globals__ is d)
write("try:\n    count += 1\nexcept NameError:\n    count = 0\n")
for _ in range(3):
    importlib.reload(mod)
    print(mod.count)
write("x = 5\nraise ValueError('half way')\n")
try:
    importlib.reload(mod)
except ValueError as e:
    print(e, mod.x, sys.modules["mod"] is mod)
write("def broken(:\n")
try:
    importlib.reload(mod)
except SyntaxError as e:
    print(e.msg, e.lineno, mod.x)
for bad in (5, "mod", type(sys)("unknown")):
    try:
        importlib.reload(bad)
    except Exception as e:
        print(type(e).__name__, e)
os.remove("mod.py")
importlib.invalidate_caches()
try:
    importlib.reload(mod)
except ModuleNotFoundError as e:
    print(e)
print(importlib.reload(sys) is sys)
