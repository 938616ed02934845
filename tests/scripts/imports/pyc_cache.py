import importlib
import os
import sys

sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = False
PYC = "__pycache__/mod.cpython-311.pyc"


def write(text, when):
    with open("mod.py", "w") as f:
        f.write(text)
    os.utime("mod.py", (when, when))


def load():
    sys.modules.pop("mod", None)
    importlib.invalidate_caches()
    import mod

    return mod.value


write("value = 1\n", 1000)
print(os.path.exists(PYC), load(), os.path.exists(PYC))
data = open(PYC, "rb").read()
print(data[:4], int.from_bytes(data[4:8], "little"), int.from_bytes(data[8:12], "little"), int.from_bytes(data[12:16], "little"))
# Same time and size: the cache is believed, though the text is another.
write("value = 2\n", 1000)
print(load())
write("value = 3\n", 1001)
print(load())
write("value = 44\n", 1001)
print(load())
for spoil in (b"", b"short", data[:16], data[:20], b"\0" * 50, data[:16] + b"\xff" * 20, data[:4] + b"\xff\xff\xff\xff" + data[8:]):
    with open(PYC, "wb") as f:
        f.write(spoil)
    try:
        print(load())
    except Exception as e:
        print(type(e).__name__, e)
    write("value = 44\n", os.stat("mod.py").st_mtime + 1)
print(load())
# Without source, a pyc beside the script is a module of its own.
os.rename(PYC, "legacy.pyc")
import legacy

print(legacy.value, legacy.__file__.endswith("legacy.pyc"))
os.remove("mod.py")
sys.modules.pop("mod")
importlib.invalidate_caches()
try:
    import mod
except ModuleNotFoundError as e:
    print(e)
sys.dont_write_bytecode = True
with open("quiet.py", "w") as f:
    f.write("value = 1\n")
importlib.invalidate_caches()
import quiet

print([n for n in os.listdir("__pycache__") if "quiet" in n])
