# Changes of the counts of shared objects.
import sys

rc = sys.getrefcount


def delta(obj, before):
    return rc(obj) - before


n = rc(None)
l = [None] * 10
print("ten Nones", delta(None, n))
l = None
print("gone (and one name)", delta(None, n))
t = rc(True)
l = [True, True, False]
print("two Trues", delta(True, t))
del l
e = rc(())
l = [(), (), tuple()]
print("empty tuples", delta((), e))
del l
s = rc("")
l = [""] * 5
print("empty strings", delta("", s))
del l
i = rc(7)
l = [7, 3 + 4, 14 // 2, int("7"), len("1234567")]
print("sevens", delta(7, i))
del l
c = rc("a")
l = ["a", "abc"[0], chr(97), "xa"[1:]]
print("letters", delta("a", c))
del l
b = rc(b"a")
l = [b"a", b"abc"[:1], bytes([97])]
print("bytes", delta(b"a", b))
del l
k = rc(int)
l = [int, type(1), (5).__class__]
print("types", delta(int, k))
del l
print(delta(None, n), delta(True, t), delta((), e), delta("", s), delta(7, i), delta("a", c), delta(int, k))
small, big = 256, 257
print([n + 0 is small for n in [256]], [int("257") is big for _ in [0]], [int("-5") is -4 - 1 for _ in [0]])
a = 256
b = 255 + 1
print(a is b)
x = int("1000")
y = int("1000")
print(x is y, x == y)
