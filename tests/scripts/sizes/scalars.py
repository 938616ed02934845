import sys

s = sys.getsizeof
print([s(n) for n in (0, 1, -1, 255, 2**30 - 1, 2**30, 2**60 - 1, 2**60, 2**100, -(2**100), 10**100)])
print(s(True), s(False), s(None), s(...), s(NotImplemented))
print(s(1.5), s(1j), s(object()))
print([s(x) for x in ("", "a", "abc", "é", "ééé", "ā", "āā", "\U0001f600", "\U0001f600a", "a" * 100, "é" * 100, "ā" * 100)])
print([s("a" * n) for n in range(20)])
print([s(b"x" * n) for n in (0, 1, 2, 10, 100)])
print([s(bytearray(b"x" * n)) for n in (0, 1, 2, 10, 100)])
ba = bytearray()
sizes = []
for i in range(40):
    ba.append(1)
    if not sizes or s(ba) != sizes[-1]:
        sizes.append(s(ba))
print(sizes)
print(s(range(10)), s(slice(1)), s(int), s(memoryview(b"abc")))
print(s(len), s([].append), s(print))
print((1).__sizeof__(), "abc".__sizeof__(), (1.5).__sizeof__(), b"abc".__sizeof__())


class I(int):
    pass


class S(str):
    pass


print(s(I(5)), s(S("abc")), s(I(2**70)))
h = "hash me"
before = s(h)
hash(h)
print(before == s(h))
try:
    sys.getsizeof()
except TypeError as e:
    print(e)


class Bad:
    def __sizeof__(self):
        return -1


class Text:
    def __sizeof__(self):
        return "x"


for c in (Bad, Text):
    try:
        print(s(c()))
    except Exception as e:
        print(type(e).__name__, e)
print(s(Text(), 99))


class None_:
    __sizeof__ = None


try:
    print(s(None_()))
except TypeError as e:
    print(e)
print(s(None_(), 5))
