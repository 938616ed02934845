# py_compile, compileall and the functions of importlib.util about caches.
import compileall
import contextlib
import importlib.machinery
import importlib.util as util
import io
import os
import py_compile
import sys

print(util.MAGIC_NUMBER, sys.implementation.cache_tag, importlib.machinery.BYTECODE_SUFFIXES, importlib.machinery.SOURCE_SUFFIXES)


def attempt(f, *args, **kw):
    try:
        print(f.__name__, args, kw, f(*args, **kw))
    except Exception as e:
        print(f.__name__, args, kw, type(e).__name__, e)


for path in ("a.py", "/x/y/a.py", "a", "a.b.py", "pack/__init__.py", ""):
    attempt(util.cache_from_source, path)
for level in ("", 0, 1, "2", "x y", None):
    attempt(util.cache_from_source, "a.py", optimization=level)
for path in ("__pycache__/a.cpython-311.pyc", "/x/__pycache__/a.b.cpython-311.opt-1.pyc", "a.pyc", "__pycache__/a.pyc", "__pycache__/a.cpython-311.opt-.pyc", "__pycache__/a.b.c.d.pyc", "__pycache__/a.cpython-311.foo-1.pyc"):
    attempt(util.source_from_cache, path)
print(util.source_hash(b""), util.source_hash(b"x = 1\n"))
print(util.decode_source(b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\n"))
with open("good.py", "w") as f:
    f.write("x = 1\n")
with open("bad.py", "w") as f:
    f.write("x = = 1\n")
attempt(py_compile.compile, "good.py")
attempt(py_compile.compile, "good.py", cfile="out.pyc", dfile="shown.py", optimize=2)
attempt(py_compile.compile, "good.py", invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
attempt(py_compile.compile, "bad.py", doraise=True)
attempt(py_compile.compile, "bad.py", quiet=2)
attempt(py_compile.compile, "missing.py", doraise=True)
print(sorted(os.listdir("__pycache__")))
os.makedirs("tree/sub")
for name in ("tree/a.py", "tree/sub/b.py"):
    with open(name, "w") as f:
        f.write("y = 2\n")
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print(compileall.compile_dir("tree", quiet=0))
    print(compileall.compile_dir("tree", quiet=0))
    print(compileall.compile_file("tree/a.py", force=True))
    print(compileall.compile_file("bad.py", quiet=2))
    print(compileall.compile_dir("tree", optimize=[0, 1, 2], quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH))
    print(compileall.compile_file("tree/a.py", legacy=True, quiet=1))
print("\n".join(sorted(out.getvalue().splitlines())))
for folder, _, files in sorted(os.walk("tree")):
    print(folder, sorted(files))
loader = importlib.machinery.SourceFileLoader("good", "good.py")
print(loader.get_filename(), loader.is_package("good"), loader.get_source("good"), loader.get_data("good.py"), loader.path_stats("good.py")["size"])
print(loader.get_code("good").co_filename, loader.source_to_code(b"z = 3", "other.py").co_filename)
bare = importlib.machinery.SourcelessFileLoader("good", "out.pyc")
print(bare.get_filename(), bare.get_source("good"), bare.get_code("good").co_filename, bare.is_package("good"))
spec = util.spec_from_file_location("loaded", "good.py")
module = util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.x, module.__name__, spec.origin, spec.cached, module.__spec__ is spec)
spec = util.spec_from_file_location("compiled", "out.pyc")
module = util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.x, module.__cached__, type(spec.loader).__name__)
with open("wrong.pyc", "wb") as f:
    f.write(b"nothing of the kind")
attempt(importlib.machinery.SourcelessFileLoader("w", "wrong.pyc").get_code, "w")
