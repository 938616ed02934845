# The three forms of compiled files: when they are used, checked, written anew.
import importlib
import importlib.util
import os
import py_compile
import struct
import sys
from py_compile import PycInvalidationMode as Mode

sys.dont_write_bytecode = False
sys.path.insert(0, os.getcwd())
cache = importlib.util.cache_from_source("mod.py")
print(cache)


def source(text):
    with open("mod.py", "w") as f:
        f.write(text)
    os.utime("mod.py", (1_000_000_000, 1_000_000_000))


def header():
    with open(cache, "rb") as f:
        magic, flags, a, b = struct.unpack("<4sIII", f.read(16))
    print(magic == importlib.util.MAGIC_NUMBER, flags, (a, b) if flags == 0 else (struct.pack("<II", a, b) == importlib.util.source_hash(open("mod.py", "rb").read())))


def load():
    sys.modules.pop("mod", None)
    importlib.invalidate_caches()
    import mod
    return mod.x


source("x = 1\n")
print(load(), os.path.exists(cache))
header()
# Same time and size: the old code is used.
source("x = 2\n")
print(load())
source("x = 33\n")
print(load())
header()
for mode in Mode:
    source("x = 4\n")
    print(mode.name, py_compile.compile("mod.py", invalidation_mode=mode) == cache)
    header()
    print(load())
    source("x = 5\n")
    print(load())
    header()
    source("x = 66\n")
    print(load())
    header()
# Nothing is written.
os.remove(cache)
sys.dont_write_bytecode = True
print(load(), os.path.exists(cache))
sys.dont_write_bytecode = False
# Another place for all of them.
sys.pycache_prefix = os.path.join(os.getcwd(), "elsewhere")
moved = importlib.util.cache_from_source(os.path.abspath("mod.py"))
print(os.path.relpath(moved) == os.path.join("elsewhere", os.getcwd().lstrip("/"), "mod.cpython-311.pyc"))
print(load(), os.path.exists(moved), os.path.exists(cache))
sys.pycache_prefix = None
# Broken caches are made anew.
for broken in (b"", b"xx", b"\xcb\r\r\n" + b"\0" * 12, importlib.util.MAGIC_NUMBER + struct.pack("<III", 0, 0, 0)):
    with open(cache, "wb") as f:
        f.write(broken)
    print(load())
    header()
print(oct(os.stat(cache).st_mode & 0o777), sorted(os.listdir("__pycache__")))
# A module without a source.
os.rename(cache, "bare.pyc")
import bare
print(bare.x, os.path.basename(bare.__file__), os.path.basename(bare.__cached__), type(bare.__loader__).__name__, type(bare.__spec__.loader).__name__)
os.mkdir("pack")
py_compile.compile("mod.py", cfile="pack/__init__.pyc")
py_compile.compile("mod.py", cfile="pack/sub.pyc")
import pack.sub
print(pack.x, pack.sub.x, [os.path.basename(p) for p in pack.__path__], os.path.basename(pack.sub.__file__))
