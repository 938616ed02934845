# Broken bytes: the error of each.
import io
import marshal
import sys


def show(what, f):
    try:
        print(what, "->", f())
    except BaseException as e:
        print(what, "->", type(e).__name__, e)


# broken
good = marshal.dumps(('abc', 1.5, [1, 2, {3: 'x'}], frozenset([1]), b'raw', 10**20, 'x' * 300))
for i in range(len(good)):
    show(i, lambda: marshal.loads(good[:i]))
for raw in (b'', b'?', b'0', b'i', b'i\1', b'l\0\0\0\x80', b'l\1\0\0\0\0\x80', b'l\1\0\0\0\0\0', b'l\0\0\0\0', b'(\xff\xff\xff\xff', b'[\xff\xff\xff\xff', b'<\xff\xff\xff\xff', b'>\xff\xff\xff\xff',
            b's\xff\xff\xff\xff', b'u\xff\xff\xff\xff', b'a\xff\xff\xff\xff', b'u\1\0\0\0\xff', b'u\2\0\0\0\xc3(', b'z\5ab', b'z', b')', b')\2N', b')\x010', b'[\1\0\0\x000', b'<\1\0\0\x000', b'{0', b'{N0', b'{NN0', b'{N',
            b'{[\0\0\0\0N0', b'<\1\0\0\0[\0\0\0\0', b'r\0\0\0\0', b'r\xff\xff\xff\xff', b'\xdb\1\0\0\0r\0\0\0\0', b'f', b'f\3abc', b'f\0031.5', b'f\x041e5x', b'g\0\0', b'x\0', b'y', b'\xce', b'\xee',
            b'Z\3abc', b't\2\0\0\0ab', b'\xe9\1\0\0\0', b'c', b'c' + b'\0' * 20, b'\xff', b'T', b'F', b'S', b'.', b'N trailing'):
    show(raw, lambda: marshal.loads(raw))
for arg in ('text', 5, None, [1]):
    show(arg, lambda: marshal.loads(arg))
show('bytearray', lambda: marshal.loads(bytearray(b'i\1\0\0\0')))
show('memoryview', lambda: marshal.loads(memoryview(b'i\1\0\0\0')))
