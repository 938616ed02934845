class V:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return f"V({self.v})"


def binary(name):
    def f(self, other):
        if isinstance(other, V):
            return f"{name}({self.v},{other.v})"
        if other == "no":
            return NotImplemented
        return f"{name}({self.v},{other})"

    return f


for n in "add sub mul truediv floordiv mod divmod pow lshift rshift and or xor matmul".split():
    setattr(V, f"__{n}__", binary(n))
    setattr(V, f"__r{n}__", binary("r" + n))
a, b = V(1), V(2)
print(a + b, a - 1, 1 - a, a * b, 2 * a, a / b, a // 1, a % 2, divmod(a, b), divmod(5, a), a**b, 2**a, a << 1, 1 >> a, a & b, a | b, a ^ b, a @ b, pow(a, b))
for f in (lambda: a + "no", lambda: "no" + a, lambda: a @ "no", lambda: a ** "no", lambda: divmod(a, "no")):
    try:
        print(f())
    except TypeError as e:
        print(e)
a += b
print(a)


class Sub(V):
    def __radd__(self, other):
        return "sub first"


print(V(1) + Sub(2), Sub(1) + V(2), V(1) + V(2))


class Cmp:
    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        return f"lt{self.v}"

    def __le__(self, o):
        return NotImplemented

    def __eq__(self, o):
        return NotImplemented


x, y = Cmp(1), Cmp(2)
print(x < y, x > y, x == y, x != y, x == x)
for f in (lambda: x <= y, lambda: x >= y):
    try:
        f()
    except TypeError as e:
        print(e)


class Seq:
    def __len__(self):
        return 5

    def __getitem__(self, i):
        if isinstance(i, slice):
            return ("slice", i.start, i.stop, i.step)
        if isinstance(i, tuple):
            return ("tuple", i)
        if i >= 5:
            raise IndexError(i)
        return i * 10


s = Seq()
print(list(s), s[1:2], s[::3], s[1, 2], s[1:2, ...], s[-1], 20 in s, 25 in s, list(reversed(s)), [*s], max(s), bool(s), tuple(s), sorted(s, reverse=True))


class Missing:
    def __contains__(self, x):
        return "truthy"

    def __iter__(self):
        yield 1

    def __reversed__(self):
        return "reversed!"

    def __length_hint__(self):
        return 10


m = Missing()
print(1 in m, 5 not in m, list(m), reversed(m))


class Conv:
    def __int__(self):
        return 1

    def __float__(self):
        return 2.5

    def __complex__(self):
        return 3j

    def __bool__(self):
        return False

    def __str__(self):
        return "str"

    def __bytes__(self):
        return b"bytes"

    def __hash__(self):
        return 99

    def __index__(self):
        return 4

    def __round__(self, n=None):
        return ("round", n)

    def __trunc__(self):
        return 6

    def __abs__(self):
        return "abs"

    def __invert__(self):
        return "inv"

    def __pos__(self):
        return "pos"

    def __dir__(self):
        return ["x"]

    def __sizeof__(self):
        return 10


c = Conv()
import math

print(int(c), float(c), complex(c), bool(c), str(c), bytes(c), hash(c), round(c), round(c, 2), abs(c), ~c, +c, dir(c), math.trunc(c), [0] * c, hex(c))


class Bad:
    def __str__(self):
        return 1

    def __repr__(self):
        return 2

    def __hash__(self):
        return "x"

    def __len__(self):
        return -1

    def __bool__(self):
        return 2

    def __int__(self):
        return "1"

    def __float__(self):
        return "1"

    def __iter__(self):
        return 1

    def __index__(self):
        return "i"

    def __bytes__(self):
        return "s"

    def __contains__(self, x):
        raise ValueError("contains")

    def __format__(self, s):
        return 1

    def __dir__(self):
        return 5

    def __eq__(self, o):
        raise KeyError("eq")


bad = Bad()
for f in (str, repr, hash, len, bool, int, float, iter, hex, bytes, lambda o: 1 in o, format, dir, lambda o: o == 1, lambda o: [o].index(1), lambda o: {}.get(o), lambda o: f"{o}", lambda o: "%s" % o, lambda o: [1][o], lambda o: [*o], lambda o: o in [bad], lambda o: [1, o].count(2)):
    try:
        print(f(bad))
    except Exception as e:
        print(type(e).__name__, e)


class None_:
    __add__ = None
    __iter__ = None
    __hash__ = None
    __contains__ = None
    __len__ = None
    __call__ = None


n = None_()
for f in (lambda: n + 1, lambda: iter(n), lambda: hash(n), lambda: 1 in n, lambda: len(n), lambda: n(), lambda: [*n], lambda: reversed(n)):
    try:
        f()
    except TypeError as e:
        print(e)
