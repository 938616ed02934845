a = bytearray(b"hello")
a.append(33)
a.extend(b" you")
a.extend([65, 66])
a.insert(0, 62)
print(a, a.pop(), a.pop(0), len(a), a)
a.remove(108)
a.reverse()
print(a)
a[0] = 97
a[1:3] = b"XYZ"
a[-1:] = []
del a[0], a[2:4]
print(a)
a[::2] = b"-" * len(a[::2])
print(a)
a += b"!"
a *= 2
print(a, a.copy() == a, a == bytes(a), bytes(a) == a, a < b"z", a + b"c", b"c" + a, type(a + b"").__name__, type(b"" + a).__name__)
a.clear()
print(a, bytearray(3), bytearray([1, 2]), bytearray("é", "utf-8"), bytearray(), repr(bytearray(b"it's")), str(bytearray(b"x")))
for f in (lambda: a.pop(), lambda: a.append(256), lambda: a.append("a"), lambda: a.append(-1), lambda: a.extend("a"), lambda: a.extend([256]), lambda: a.extend(5), lambda: a.remove(5), lambda: a.insert("a", 1), lambda: bytearray("a"), lambda: bytearray(-1), lambda: hash(a), lambda: a[5], lambda: a.__setitem__(0, 1), lambda: bytearray(b"a").__setitem__(0, 256), lambda: bytearray(b"a").__setitem__(0, "a"), lambda: bytearray(b"abc").__setitem__(slice(None, None, 2), b"x"), lambda: bytearray(b"a").pop(5), lambda: a.__setitem__(slice(0, 1), "s"), lambda: a + "s"):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
b = bytearray(b"Some Text here")
print(b.upper(), b.lower(), b.split(), b.find(b"T"), b.replace(b"e", b"E"), b.strip(b"Se"), b.title(), b.hex(), b.decode(), b.partition(b" "), b.startswith(b"S"), b.count(b"e"), b.center(20, b"."), b.isalpha(), b.translate(None, b"e"), b.join([b"1", b"2"]), b % () if False else b[:4] % ())
print(type(b.upper()).__name__, type(b.split()[0]).__name__, type(b[1:3]).__name__, type(b.partition(b" ")[1]).__name__, bytearray.fromhex("6162"), b"%s" % bytearray(b"q"), 83 in b, b"Text" in b, list(b[:3]), b.__alloc__() >= len(b))
m = memoryview(b)
print(m[0], bytes(m[1:3]), len(m), m.readonly, m.format, m.itemsize, m.nbytes, m.shape, m.tolist()[:2], m.tobytes()[:4], m.hex()[:4])
m[0] = 115
m[1:3] = b"OM"
print(b)
try:
    b.append(1)
except BufferError as e:
    print(e)
m.release()
b.append(33)
print(b)
try:
    m[0]
except ValueError as e:
    print(e)
r = memoryview(b"abc")
try:
    r[0] = 1
except TypeError as e:
    print(e)
print(r == b"abc", r[::-1].tobytes(), hash(r) == hash(b"abc"), r.c_contiguous, r.obj)
with memoryview(b"xyz") as mv:
    print(mv.tolist())
try:
    memoryview(5)
except TypeError as e:
    print(e)
