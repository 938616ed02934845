# memoryview: shapes, casts, slices, assignment, comparison, release.
import array
data = bytearray(range(24))
m = memoryview(data)
for shape in ([24], [4, 6], [2, 3, 4], [24, 1]):
    v = m.cast("B", shape) if shape != [24] else m
    print(v.ndim, v.shape, v.strides, v.nbytes, v.c_contiguous, v.f_contiguous, v.contiguous, v.suboffsets)
v = m.cast("B", [4, 6])
print(v.tolist(), v[1, 2], v[-1, -1], v.tobytes("F")[:6])
v[0, 0] = 200
print(data[0], m[0], m[::3].tolist(), m[::-5].tolist(), m[2:8:2].tobytes(), m[::2].contiguous)
h = m.cast("H")
print(h.tolist()[:3], h.format, h.itemsize, h.cast("B").tolist()[:4], m.cast("@i")[0], m.cast("@i").format)
h[1] = 0xFFFF
print(data[:6], list(m[:4]), [x for x in reversed(m[:3])], 255 in m, bytes(m[:5]), m[1:3] == data[1:3], m == bytes(24))
m[0:3] = b"abc"
print(data[:4], m[:3].hex("-"), memoryview(b"abc") == memoryview(array.array("B", b"abc")), memoryview(array.array("i", [1])) == array.array("d", [1.0]))
print(hash(memoryview(b"abc")) == hash(b"abc"), memoryview(b"abc").readonly, m.toreadonly().readonly, m.obj is data, memoryview(m).obj is data)
with memoryview(b"xyz") as x:
    print(x.tolist())
calls = [lambda: x.tolist(), lambda: x[0], lambda: m.__setitem__(slice(0, 2), b"long"), lambda: m.__setitem__(0, 300), lambda: m.__setitem__(0, "a"), lambda: memoryview(b"a").__setitem__(0, 1), lambda: m[100], lambda: m["a"], lambda: memoryview("text"), lambda: m.cast("q", [5]), lambda: m.cast("z"), lambda: v.cast("B", [2, 12]), lambda: v[0], lambda: v[0:1], lambda: data.append(1), lambda: m.cast("B", [0]), lambda: hash(m), lambda: m[::2].cast("H"), lambda: m.__delitem__(0), lambda: v[4, 0], lambda: v[0, 0, 0]]
for call in calls:
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
for view in (h, v, m):
    view.release()
print(repr(m).split(" at ")[0], x == x, m == b"")
