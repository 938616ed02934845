# array.array: every type code, the list's operations, buffers, errors.
import array, copy, pickle, sys
for code in "bBhHiIlLqQ":
    a = array.array(code, [1, 2, 3])
    print(a, a.itemsize, a.tobytes()[: a.itemsize], a[1:], a[::-1].tolist(), memoryview(a).format)
    for value in (2 ** (8 * a.itemsize), -(2 ** (8 * a.itemsize))):
        try:
            a.append(value)
        except OverflowError as error:
            print("overflow")
print(array.array("f", [0.1, 1.5]), array.array("d", [0.1]), array.array("u", "héllo"), array.array("u", "ab").tounicode())
a = array.array("i", range(6))
a.insert(2, 99)
a.extend([7, 8])
a.extend(array.array("i", [9]))
print(a, a.pop(), a.pop(0), a.index(99), a.count(1), 99 in a, len(a))
a.remove(99)
del a[1:3]
a[1:2] = array.array("i", [5, 5, 5])
a.reverse()
print(a, a + array.array("i", [1]), a * 2, a == array.array("d", a.tolist()), a < array.array("i", [100]))
a.byteswap()
print(a[0], sys.getsizeof(array.array("i")), sys.getsizeof(array.array("i", [1, 2, 3])))
b = array.array("h", b"\x01\x00\x02\x00")
b.frombytes(b"\x03\x00")
print(b, copy.copy(b) == b, copy.deepcopy(b) is b, [pickle.loads(pickle.dumps(b, p)) == b for p in range(5)])
view = memoryview(b)
view[0] = 7
print(b, view.tolist(), view.nbytes)
for call in [lambda: b.append(1), lambda: array.array("x"), lambda: array.array("i", "text"), lambda: array.array("i", [1.5]), lambda: array.array("i", 5), lambda: b.fromlist(5), lambda: array.array("h", b"abc"), lambda: array.array("h") + [1], lambda: array.array("h").pop(), lambda: b[9], lambda: b.remove(1000), lambda: array.array(5), lambda: array.array()]:
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
view.release()
b.append(4)
print(b, list(iter(b)), array.typecodes)
