a = b = c = []
print(a is b is c)
a, b = 1, 2
a, b = b, a
print(a, b)
(a, [b, c]), d = (1, (2, 3)), 4
print(a, b, c, d)
first, *mid, last = range(6)
*init, tail = "abc"
head, *empty = [1]
print(first, mid, last, init, tail, head, empty)
for bad in (lambda: exec("a, b = 1,"), lambda: exec("a, b = 1, 2, 3"), lambda: exec("a, *b, c = [1]"), lambda: exec("a, b = 5"), lambda: exec("a, b = None"), lambda: exec("(a, b), c = 1, 2"), lambda: exec("a, b = 'abc'"), lambda: exec("a, b = {}"), lambda: exec("*a, b = []"), lambda: exec("a, b = iter([1, 2, 3])")):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
x = 5
x += 1
x -= 2
x *= 10
x //= 3
x **= 2
x %= 100
x <<= 2
x >>= 1
x |= 1
x &= 0xFF
x ^= 2
print(x)
x /= 4
print(x)
l = [1]
m = l
l += [2]
l *= 2
print(m)
d = {"k": 1}
d["k"] += 1
d["n"] = d.get("n", 0) + 1
print(d)
log = []


def t(v, n):
    log.append(n)
    return v


t([0], "target")[t(0, "index")] = t(1, "value")
t({}, "o")[t(1, "k1")], t({}, "p")[t(2, "k2")] = t(3, "v1"), t(4, "v2")
t([1], "aug")[t(0, "i")] += t(5, "v")
print(log)
if (n := 10) > 5 and (m := n * 2):
    print(n, m)
print([y := 1, y**2], [z for q in range(3) if (z := q * 2)], z)
x: int = 5
y: str
print(__annotations__)


class Ann:
    a: int = 1
    b: "str"
    c: list[int]


print(Ann.__annotations__, hasattr(Ann, "b"))
(x2): int = 3
l[0]: int = 7
print(l, __annotations__)


def f():
    v: undefined_name = 1
    return v


print(f(), f.__annotations__)
del x, y
try:
    x
except NameError as e:
    print(e)
try:
    del x
except NameError as e:
    print(e)
del l[0], d["k"]
print(l, d)
del (a, b), [c]
print("a" in globals())
