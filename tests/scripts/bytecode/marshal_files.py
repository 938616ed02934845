# load() and dump() with files and with what is none.
import io
import marshal
import sys


def show(what, f):
    try:
        print(what, "->", f())
    except BaseException as e:
        print(what, "->", type(e).__name__, e)


# files
f = io.BytesIO(); marshal.dump([1, 2], f); marshal.dump('next', f, 2); f.write(b'rest'); f.seek(0)
show('load', lambda: marshal.load(f)); show('load', lambda: marshal.load(f)); print(f.read())
show('empty', lambda: marshal.load(io.BytesIO()))
show('short', lambda: marshal.load(io.BytesIO(b'i\1')))
show('short2', lambda: marshal.load(io.BytesIO(b'z\5ab')))
show('short3', lambda: marshal.load(io.BytesIO(b')')))
show('text', lambda: marshal.load(io.StringIO('i')))
show('nofile', lambda: marshal.load(5))
show('nofile', lambda: marshal.dump(5, 5))
show('args', lambda: marshal.dumps())
show('args', lambda: marshal.dumps(1, 2, 3))
show('args', lambda: marshal.dumps(1, 'x'))
show('args', lambda: marshal.loads())
show('args', lambda: marshal.dump(1))
class R:
    def read(self, n): return b''
    def readinto(self, b): return len(b) + 5
show('too much', lambda: marshal.load(R()))
class W:
    def write(self, b): return ('wrote', b)
show('dump result', lambda: marshal.dump(1, W()))
