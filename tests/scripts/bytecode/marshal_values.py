# Every type in every version; what is shared is written once, by its reference count.
import io
import marshal
import sys


def show(what, f):
    try:
        print(what, "->", f())
    except BaseException as e:
        print(what, "->", type(e).__name__, e)


values = {
 'none': None, 'true': True, 'ellipsis': ..., 'stop': StopIteration, 'small': 7, 'neg': -1, 'int31': 2**31-1, 'int32': 2**31, 'nint32': -2**31, 'nint33': -2**31-1,
 'big': 10**30, 'nbig': -10**30, 'float': 1.5, 'nan': float('nan'), 'inf': float('inf'), 'ninf': float('-inf'), 'nzero': -0.0, 'tiny': 5e-324, 'third': 1/3, 'e22': 1e22,
 'complex': 1-2.5j, 'bytes': b'raw', 'empty bytes': b'', 'one byte': b'x', 'str': 'a b', 'name': 'abc', 'latin': '\xe9', 'euro': '\u20ac!', 'surrogate': '\ud800x', 'empty': '',
 'long': 'x y' * 100, 'tuple': tuple([1, 2, tuple([3, 'x'])]), 'empty tuple': (), 'list': [1, [2, 3], 'a b'], 'dict': {'a': 1, 2: [3]}, 'empty dict': {}, 'set': {3}, 'frozenset': frozenset(['one']),
 'empty set': set(), 'empty frozenset': frozenset(), 'long tuple': tuple(range(300)), 'shared': None, 'bytearray': bytearray(b'ab'), 'memoryview': memoryview(b'cd'),
}
s = ['x y', 1000, 2.5]
values['shared'] = [s, s, s[0], s[1]]
for name, value in values.items():
    for version in (0, 1, 2, 3, 4):
        show((name, version), lambda: marshal.dumps(value, version))
    show(('load', name), lambda: marshal.loads(marshal.dumps(value)))
show('fresh list', lambda: marshal.dumps([1000, 'x y', b'zz', 2.5]))
show('fresh', lambda: marshal.dumps([int('1000'), ''.join(['q', ' '])]))
x = int('123456'); show('twice', lambda: marshal.dumps([x, x]))
show('freshsets', lambda: marshal.dumps([frozenset([int('1234')]), {int('777'), int('99999')}]))
for v in (-5, 99): show(v, lambda: marshal.dumps(['a', x, x], v))
show('default', lambda: marshal.dumps(1) == marshal.dumps(1, 4))
for bad in (object(), type, lambda: 0, sys, range(3), iter([]), [object()], {1: open}, int, Exception(), slice(1)):
    show('unmarshallable', lambda: marshal.dumps(bad))
class L(list): pass
class I(int): pass
show('sub', lambda: marshal.dumps(L()))
show('subint', lambda: marshal.dumps(I(3)))
a = []; a.append(a)
show('cyclic', lambda: marshal.dumps(a))
show('cyclic2', lambda: marshal.dumps(a, 2))
b = marshal.loads(marshal.dumps(a)); print(b[0] is b, b)
d = {}; d['self'] = d; e = marshal.loads(marshal.dumps(d)); print(e['self'] is e)
deep = []
for i in range(1990): deep = [deep]
r = marshal.loads(marshal.dumps(deep)); n = 0
while r: r = r[0]; n += 1
print(n)
for i in range(20): deep = [deep]
show('deep', lambda: marshal.dumps(deep))
show('deep load', lambda: marshal.loads(b'[\x01\0\0\0' * 3000 + b'N'))
show('deep tuple', lambda: marshal.loads(b')\x01' * 3000 + b'N'))
k = marshal.loads(marshal.dumps([s, s])); print(k[0] is k[1])
y = 'some text'; k = marshal.loads(marshal.dumps([y, y])); print(k[0] is k[1])
k = marshal.loads(marshal.dumps([int('1000'), int('1000')])); print(k[0] is k[1])
