base = list(range(10))
for s in (slice(None), slice(2, 5), slice(-3, None), slice(None, None, 2), slice(None, None, -1), slice(8, 2, -2), slice(5, 2), slice(-100, 100), slice(3, 3), slice(100, None), slice(None, None, -3), slice(9, None, -1), slice(-1, -5, -1)):
    l = list(base)
    got = l[s]
    del l[s]
    print(s, got, l, s.indices(10))
l = list(base)
l[2:5] = ["a"]
print(l)
l[1:1] = [7, 8]
print(l)
l[-2:] = []
print(l)
l[::2] = ["x"] * len(l[::2])
print(l)
l[:] = "abc"
print(l)
l[5:10] = [1, 2]
print(l)
l[3:1] = ["inserted"]
print(l)
l[1:3] = l
print(l)
for f in (lambda: l.__setitem__(slice(None, None, 2), [1]), lambda: l.__setitem__(slice(0, 1), 5), lambda: l[::0], lambda: l["a":], lambda: l[1.5:], lambda: l.__setitem__(slice(None, None, -1), [1]), lambda: l.__delitem__(100), lambda: l.__setitem__(100, 1), lambda: l.__setitem__("a", 1), lambda: l.__delitem__("a"), lambda: l.__setitem__(slice(None, None, 2), 5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
l = list(base)
del l[1::3]
print(l)
del l[-1]
print(l)
del l[:2], l[0]
print(l)
l = [0, 1, 2]
l[0], l[2] = l[2], l[0]
print(l)
i = 0
i, l[i] = 1, "one"
print(l)
t = tuple(base)
print(t[1:3], t[::-2], t[:], t[5:5])
print(slice(1, 2, 3), slice(5), slice(None, "a"), slice(1, 2) == slice(1, 2), slice(1).start, slice(1).stop, slice(1, 2).step, slice(1) < slice(2))
for f in (lambda: slice(), lambda: slice(1, 2, 3, 4), lambda: hash(slice(1)), lambda: slice(1, 2, 0).indices(5), lambda: slice(1).indices(-1), lambda: slice("a").indices(5), lambda: slice(1.5).indices(3)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
