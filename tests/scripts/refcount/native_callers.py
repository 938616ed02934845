# What Python code called by native code sees: arguments are borrowed, or held by a call's tuple.
import copy
import functools
import itertools
import math
import operator
import sys


class A:
    def __init__(self, n="a"):
        self.n = n

    def see(self, *others):
        # Small integers and the like are held by the whole interpreter.
        counts = [sys.getrefcount(o) if isinstance(o, (A, Exception)) else "-" for o in others]
        print("   ", self.n, sys.getrefcount(self), counts)

    def __pow__(self, other, mod=None):
        self.see(other)
        return 1

    def __rpow__(self, other):
        self.see()
        return 1

    def __round__(self, digits=None):
        self.see()
        return 1

    def __int__(self):
        self.see()
        return 1

    def __complex__(self):
        self.see()
        return 1j

    def __float__(self):
        self.see()
        return 1.0

    def __index__(self):
        self.see()
        return 1

    def __bytes__(self):
        self.see()
        return b""

    def __iter__(self):
        self.see()
        return iter([1])

    def __sizeof__(self):
        self.see()
        return 1

    def __ceil__(self):
        self.see()
        return 1

    def __trunc__(self):
        self.see()
        return 1

    def __lt__(self, other):
        self.see(other)
        return True

    def __eq__(self, other):
        self.see(other)
        return self is other

    def __hash__(self):
        self.see()
        return 1

    def __contains__(self, other):
        self.see(other)
        return True

    def __format__(self, spec):
        self.see()
        return "f"

    def __str__(self):
        self.see()
        return "s"

    def __repr__(self):
        self.see()
        return "r"

    def __call__(self, *args, **kw):
        self.see(*args)
        return 1

    def __add__(self, other):
        self.see(other)
        return self

    def __enter__(self):
        self.see()
        return self

    def __exit__(self, kind, value, traceback):
        self.see(value, traceback)
        return True

    def __set_name__(self, owner, name):
        self.see()

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        self.see()
        return name


a, b = A("a"), A("b")
for text in """pow(a, b)
pow(2, a)
pow(a, 2, b)
round(a)
round(a, ndigits=1)
int(a)
int('1', a)
complex(a)
complex(1, a)
float(a)
bytes(a)
bytearray(a)
sys.getsizeof(a)
math.ceil(a)
math.trunc(a)
sum([a, b], a)
sorted([a, b])
max(a, b)
min([a, b])
max([1, 2], key=a)
[1, 2].sort(key=a)
list(map(a, [b]))
functools.reduce(a, [b, b])
functools.partial(a, b)()
list(itertools.starmap(a, [(b,)]))
list(itertools.accumulate([a, b]))
operator.add(a, b)
operator.methodcaller('__call__', b)(a)
[a].index(b) if 0 else [b].count(a)
{a: 1}.get(b)
b in {a}
format(a)
'{} {!r}'.format(a, b)
'%s' % a
f'{a!s}'
print(a, end='', file=open('/dev/null', 'w'))
enumerate(a)
list(reversed([a]))[0](b)
a.missing
slice(a, b).indices(5)
range(a)
chr(a)
object.__repr__(a) and None
A.__lt__(a, b)
a.__eq__(b)
a(*[b])
a(**{'k': b})""".splitlines():
    print(text)
    try:
        exec(compile(text, "<t>", "exec"))
    except Exception as error:
        print("   ", type(error).__name__)

print("with")
with a:
    raise ValueError(b)
print("set_name")


class B:
    x = A("x")


print("metaclass")


class M(type):
    @classmethod
    def __prepare__(cls, name, bases, **kw):
        print("   ", sys.getrefcount(bases), sorted(kw))
        return {}

    def __new__(cls, name, bases, namespace, **kw):
        print("   ", sys.getrefcount(bases), sys.getrefcount(namespace), sys.getrefcount(kw))
        return super().__new__(cls, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **kw):
        print("   ", sys.getrefcount(bases), sys.getrefcount(namespace))


class C(B, metaclass=M):
    pass


class D(B, metaclass=M, k=1):
    pass


print("match")


class Mapping(dict):
    def get(self, key, default):
        print("   ", sys.getrefcount(self))
        return 1


match Mapping(k=1):
    case {"k": x}:
        print(x)
