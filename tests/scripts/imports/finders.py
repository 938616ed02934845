import os
import sys

os.mkdir("d1")
os.mkdir("d2")
with open("d1/dup.py", "w") as f:
    f.write("where = 'd1'\n")
with open("d2/dup.py", "w") as f:
    f.write("where = 'd2'\n")
sys.path[:0] = [os.path.abspath("d1"), os.path.abspath("d2")]
import dup

print(dup.where)
sys.path.remove(os.path.abspath("d1"))
del sys.modules["dup"]
import dup

print(dup.where)
# A folder without __init__ is a namespace package over all of sys.path.
os.makedirs("d2/space")
with open("d2/space/one.py", "w") as f:
    f.write("n = 1\n")
os.makedirs("d3/space")
with open("d3/space/two.py", "w") as f:
    f.write("n = 2\n")
sys.path.insert(0, os.path.abspath("d3"))
import importlib

importlib.invalidate_caches()
import space.one
import space.two

print(space.one.n, space.two.n, space.__file__, len(list(space.__path__)), type(space.__path__).__name__)
with open("d3/both.py", "w") as f:
    f.write("kind = 'module'\n")
os.mkdir("d3/both")
with open("d3/both/__init__.py", "w") as f:
    f.write("kind = 'package'\n")
importlib.invalidate_caches()
import both

print(both.kind)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("magic_"):
            from importlib.machinery import ModuleSpec

            print("finder asked for", name)
            return ModuleSpec(name, Loader)
        return None


class Loader:
    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.spell = module.__name__.upper()


sys.meta_path.insert(0, Finder)
import magic_one

print(magic_one.spell)
sys.meta_path.remove(Finder)
try:
    import magic_two
except ImportError as e:
    print(e)
print(__import__("sys") is sys, sys.modules["sys"] is sys)
try:
    __import__("dup", level=-1)
except ValueError as e:
    print(e)
try:
    __import__("x", globals(), locals(), [], 1)
except ImportError as e:
    print(e)
