"""Records the samples: `python3.11 tests/dis/record.py` with the reference, from anywhere."""
import contextlib
import dis
import io
import marshal
import pathlib
import re

SOURCE = '''
import os.path as p
X = (1, 2.5, 'a b')
def f(a, b=1, *args, c:int=3, **kw):
    "Doc."
    global G
    try:
        x = a + b; x += 1; x @= 3
        for i in x:
            if i in a: continue
            if i is not None: break
            if i != 3: pass
        G = x.foo(1, k=3)
    except (ValueError, TypeError) as e:
        raise KeyError('no') from e
    finally:
        print(f'{x!r:>{a}} {b!s} {c:3}')
    with a as q: del q, x
    while a: a.b.c = d[a] = a < b > c
    return lambda z: z + x
class A:
    def g(self):
        l = []
        return super().g
    h = [i for i in range(300)]
''' + "\n" * 1000 + "y = [" + ", ".join(f"v{i}" for i in range(300)) + "]\n"

here = pathlib.Path(__file__).parent
code = compile(SOURCE, "t.py", "exec")
(here / "sample.bin").write_bytes(marshal.dumps(code))
code = marshal.loads(marshal.dumps(code))


def printed(show):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        show()
    return re.sub(r" at 0x[0-9a-f]+", " at 0x0", out.getvalue())


(here / "sample.txt").write_text(printed(lambda: dis.dis(code)))
(here / "sample_caches.txt").write_text(printed(lambda: dis.disassemble(code, 2, show_caches=True)))
