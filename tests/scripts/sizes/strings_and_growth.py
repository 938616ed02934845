import sys

s = sys.getsizeof
text = ""
sizes = []
for i in range(30):
    text += "a"
    sizes.append(s(text))
print(sizes)
print(s("a" + "é"), s("é" + "日"), s("日" + "\U0001f600"), s(("é" * 10)[:0]), s("日a"[1]), s("日本"[:1]))
print(s("abc".encode()), s("é".encode()), s(b"a" * 5), s(bytes(5)), s(bytearray(b"abc")), s(bytearray(5)), s(bytearray()))
print(s("".join(["a", "b"])), s("%s" % "abc"), s(f"{1}{2}"), s("abc".upper()), s("é".upper()), s("abc" * 3), s("ab".center(10)))
print([s(10**n) for n in range(0, 60, 6)], [s(-(2**n)) for n in (29, 30, 59, 60, 89, 90)])
print([s((2**30) ** n) for n in range(6)], s(True + True), s(int("9" * 50)), s(2**1000))
l = []
for n in (1, 2, 3, 5, 9, 17, 33):
    l.append(s(list(range(n))))
print(l, s([0] * 5), s([*range(5)]), s([x for x in range(5)]), s(list("abcde")), s(sorted(range(5))), s([1, 2, 3, 4, 5]))
a = list(range(10))
print(s(a), s(a[:]), s(a + [1]), s(a * 2), s(list(a)))
a.append(1)
print(s(a))
a.pop()
a.pop()
print(s(a))
a[5:] = []
print(s(a))
a.extend(range(3))
print(s(a))
a.insert(0, 0)
print(s(a))
del a[:]
print(s(a))
print([s(dict.fromkeys(range(n))) for n in (0, 1, 5, 6, 10, 11, 21, 22, 43, 86)])
print([s({i: i for i in range(n)}) for n in (0, 1, 5, 6, 10, 11, 21, 22)])
print([s({str(i): i for i in range(n)}) for n in (0, 1, 5, 6, 10, 11, 21, 22)])
print([s(set(range(n))) for n in (0, 1, 4, 5, 8, 9, 19, 20, 40, 80)], [s(frozenset(range(n))) for n in (0, 1, 4, 5)])
d = {i: i for i in range(30)}
for i in range(25):
    del d[i]
print(s(d))
d["new"] = 1
print(s(d), s(dict(d)), s({**d}), s(d | {}))
