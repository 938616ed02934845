"""Lesson 10: from source to bytecode to a .pyc file.

Importing compiles the source and keeps the bytecode beside it, in
__pycache__.  The next import loads that instead, as long as the source has
not been changed since.
"""
import importlib
import os
import sys
import tempfile

print("source to bytecode")
code = compile("answer = question * 2", "<lesson>", "exec")
print("  constants:", code.co_consts)
print("  names:    ", code.co_names)
print("  bytecode: ", code.co_code.hex(" ", 2))
scope = {"question": 21}
exec(code, scope)
print("  the answer is", scope["answer"])

folder = tempfile.mkdtemp()
source = os.path.join(folder, "subject.py")
with open(source, "w") as file:
    file.write("print('    (subject is running)')\nvalue = 42\n")
os.utime(source, (1_000_000_000, 1_000_000_000))
sys.path.insert(0, folder)
sys.dont_write_bytecode = False

cached = os.path.join(folder, "__pycache__",
                      f"subject.{sys.implementation.cache_tag}.pyc")
print("the cache file is", os.path.relpath(cached, folder))


def load():
    """Import it as if for the first time, and say what happened to the cache."""
    sys.modules.pop("subject", None)
    importlib.invalidate_caches()
    there = os.path.exists(cached)
    if there:
        os.utime(cached, (1, 1))             # a mark: a rewritten file loses it
    importlib.import_module("subject")
    if not there:
        print("  compiled, cache written")
    elif os.stat(cached).st_mtime == 1:
        print("  loaded from the cache")
    else:
        print("  compiled again, cache rewritten")


print("first import")
load()
print("second import")
load()

with open(cached, "rb") as file:
    header = file.read(16)
print("the header of the file")
print("  magic number:", header[:4])
print("  flags:       ", int.from_bytes(header[4:8], "little"))
print("  source mtime:", int.from_bytes(header[8:12], "little"))
print("  source size: ", int.from_bytes(header[12:16], "little"))

print("touch the source")
os.utime(source, (1_000_000_001, 1_000_000_001))
load()
print("and once more")
load()

print("change its text")
with open(source, "a") as file:
    file.write("value += 1\n")
load()
print("  value:", sys.modules["subject"].value)

print("spoil the cache")
with open(cached, "wb") as file:
    file.write(b"not bytecode")
load()

os.remove(cached)
os.rmdir(os.path.dirname(cached))
os.remove(source)
os.rmdir(folder)
sys.path.remove(folder)
