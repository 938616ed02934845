"""Records sample.bin: `python3.11 tests/marshal/record.py` with the reference, from anywhere."""
import marshal
import pathlib

SOURCE = '''
"""Doc."""
import os.path as p
X = (1, 2.5, -3j, 'a b', b'raw', b'', None, ..., 10**30, frozenset())

def f(a, b=1, *args, c, **kw):
    "Doc."
    try:
        x = a + b
    except (ValueError, TypeError) as e:
        raise KeyError('\\u20ac\\ud800') from e
    return lambda z: z + x in {1, 2, 'two'}

class A:
    def g(self):
        return 'hello world', 'hello', 'hello world', 300, 300

    class B:
        h = [i for i in range(300)]
'''

here = pathlib.Path(__file__).parent
# Held by a name, as an importer holds it: the outermost type byte tells.
code = compile(SOURCE, "t.py", "exec")
(here / "sample.bin").write_bytes(marshal.dumps(code))
