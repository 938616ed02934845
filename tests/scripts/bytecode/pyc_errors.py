# Compiled files that are not right: which error, in which words.
import importlib
import importlib.util
import marshal
import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.getcwd())
MAGIC = importlib.util.MAGIC_NUMBER
good = marshal.dumps(compile("x = 1", "m.py", "exec"))
count = 0


def attempt(body):
    global count
    count += 1
    name = f"broken{count}"
    with open(name + ".pyc", "wb") as f:
        f.write(body)
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(name)
        print(name, "x =", getattr(module, "x", None))
    except BaseException as e:
        print(name, type(e).__name__, e, getattr(e, "name", None), os.path.basename(getattr(e, "path", None) or ""))
    print(name in sys.modules)


def header(flags=0):
    return MAGIC + struct.pack("<III", flags, 0, 0)


attempt(header() + good)
attempt(b"")
attempt(b"\xa7")
attempt(MAGIC)
attempt(MAGIC + b"\0" * 8)
attempt(b"\xcb\r\r\n" + b"\0" * 12 + good)
attempt(b"\0\0\0\0" + b"\0" * 12 + good)
attempt(b"import os\n" * 5)
attempt(header(4) + good)
attempt(header(0xFFFFFFFF) + good)
attempt(header(1) + good)
attempt(header(3) + good)
attempt(header())
attempt(header() + good[:10])
attempt(header() + good[:-1])
attempt(header() + b"?")
attempt(header() + b"N")
attempt(header() + marshal.dumps([1, 2]))
attempt(header() + good + b"trailing")
attempt(header() + b"r\0\0\0\0")
attempt(header() + b"0")
