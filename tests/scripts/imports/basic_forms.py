import os
import sys

sys.path.insert(0, os.getcwd())


def write(name, text):
    folder = os.path.dirname(name)
    if folder:
        os.makedirs(folder, exist_ok=True)
    with open(name, "w") as f:
        f.write(text)


write("mod_a.py", "print('mod_a runs', __name__)\nx = 1\n_hidden = 2\ndef f(): return x\n")
write("pkg/__init__.py", "print('pkg runs', __name__, __package__)\nvalue = 'pkg'\n")
write("pkg/sub.py", "print('sub runs', __name__, __package__)\nfrom . import value\nfrom .other import y as z\n")
write("pkg/other.py", "y = 7\n")
write("pkg/deep/__init__.py", "from .. import value as v\nfrom ..other import y\n")
write("with_all.py", "__all__ = ['a']\na = 1\nb = 2\n")
write("bad_all.py", "__all__ = ['missing']\n")
write("fails.py", "print('fails runs')\nraise ValueError('at import')\n")
write("syntaxbad.py", "x = = 1\n")
import mod_a
import mod_a as alias
from mod_a import x, f as func
from mod_a import *

print(mod_a.x, alias is mod_a, x, func(), "_hidden" in globals(), f())
import pkg.sub

print(pkg.sub.z, pkg.value, pkg.__path__ == [os.path.join(os.getcwd(), "pkg")], pkg.sub.__package__, sorted(m for m in sys.modules if m.startswith("pkg")))
from pkg import sub, other as o
from pkg.deep import v, y

print(sub is pkg.sub, o.y, v, y)
import pkg.deep as pd

print(pd.__name__)
from with_all import *

print(a, "b" in globals())
for stmt in ("from bad_all import *", "import nothing_here", "import pkg.nothing", "from pkg import nothing", "from mod_a import nothing", "import mod_a.sub", "import fails", "import fails", "import syntaxbad", "from . import x", "from .. import y", "import ''" if False else "pass", "from pkg.other import nope"):
    try:
        exec(stmt)
    except Exception as e:
        print(stmt, "->", type(e).__name__, str(e).replace(os.getcwd(), "."))
print("fails" in sys.modules)
print(mod_a.__name__, mod_a.__file__ == os.path.join(os.getcwd(), "mod_a.py"), mod_a.__spec__.name, mod_a.__spec__.origin == mod_a.__file__, mod_a.__doc__, mod_a.__package__ == "", type(mod_a.__loader__).__name__, repr(mod_a).replace(os.getcwd(), "."), repr(sys), mod_a.__cached__.endswith("mod_a.cpython-311.pyc"))
sys.modules["fake"] = 42
import fake

print(fake)
sys.modules["blocked"] = None
try:
    import blocked
except ImportError as e:
    print(type(e).__name__, e)
mod_a.x = 100
import mod_a as again

print(again.x, x)
del sys.modules["mod_a"]
import mod_a as fresh

print(fresh.x, fresh is mod_a)
m = __import__("pkg.sub")
print(m.__name__, __import__("pkg.sub", fromlist=["x"]).__name__)
import importlib

print(importlib.import_module("pkg.sub").__name__, importlib.import_module(".sub", "pkg").__name__, importlib.import_module("..other", "pkg.deep").y)
for args in ((".sub",), ("",), (5,), ("nope.sub",)):
    try:
        importlib.import_module(*args)
    except Exception as e:
        print(type(e).__name__, e)
