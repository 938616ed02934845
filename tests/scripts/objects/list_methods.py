l = [1, 2, 3]
l.append([4])
print(l, l.append(5), l)
l.extend("ab")
l.extend(i for i in range(2))
print(l)
l.insert(0, "first")
l.insert(100, "last")
l.insert(-1, "before last")
l.insert(-100, "very first")
print(l)
print(l.pop(), l.pop(0), l.pop(-2), l)
l.remove("a")
print(l, l.index("b"), l.count(1), l.count("zz"))
print(l.index(0, 3), l.index("b", -8), l.copy() == l, l.copy() is l)
l.reverse()
print(l)
l.clear()
print(l)
for f in (lambda: l.pop(), lambda: [1].pop(5), lambda: [1].pop("a"), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1].index(1, 1), lambda: [1].index(1, "a"), lambda: l.extend(1), lambda: l.insert("a", 1), lambda: l.append(), lambda: l.append(1, 2), lambda: l.insert(1), lambda: [1, "a"].sort(), lambda: [1].sort(1), lambda: [1].sort(foo=1), lambda: l.clear(1), lambda: l.count(), lambda: list(1), lambda: list(1, 2), lambda: [1][1], lambda: list("a")["a"], lambda: list("a")[1.5], lambda: [1] + (2,), lambda: [1] * "a", lambda: [1] * 1.5, lambda: [1] < 1, lambda: hash([]), lambda: [1].index(), lambda: l.__setitem__(0, 1), lambda: l.__delitem__(0), lambda: list(x=1), lambda: [1] - [1], lambda: [0] * 10**19):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print([1, 2] + [3], [1] * 3, 2 * [1], [1] * 0, [1] * -1, [1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0], [] < [1], [1, 2] != [1], [2] > [1, 5], [1] <= [1])
print([3, 1, 2].sort(), sorted([3, 1, 2]), sorted([3, 1, 2], reverse=True), sorted(["b", "A", "c"], key=str.lower), sorted([(1, "b"), (1, "a"), (0, "z")], key=lambda t: t[0]), sorted([1, 2, 3, 4], key=lambda x: x % 2, reverse=True), sorted("bca"), sorted({3: 1, 1: 2}))
l = [5, 3, 1]
l.sort(key=lambda x: -x, reverse=True)
print(l)
l += (7, 8)
print(l)
l *= 2
print(l)
a = l
a += [0]
print(a is l, 7 in l, 99 not in l, len(l), min(l), max(l), sum(l))
r = [1]
r.append(r)
print(r, repr(r), r == r)
print(list(), list("abc"), list(range(3)), list({1: 2}), list([1]), [*"ab", *[1]], list((1,)))
print([1, [2, [3]]], [None, True, 1.5, "a", b"b"], [[]] * 2)


def evil():
    l = [3, 1, 2]

    def key(x):
        l.append(x)
        return x

    try:
        l.sort(key=key)
    except ValueError as e:
        print(e, l)


evil()
l = [1, 2, 3]
for x in l:
    if len(l) < 8:
        l.append(x * 10)
print(l)
l = [1, 2, 3, 4]
for x in l:
    l.remove(x)
print(l)


class L(list):
    pass


s = L([1, 2])
print(s, type(s + [3]).__name__, type(s[:]).__name__, type(s.copy()).__name__, s == [1, 2], repr(s), type(s * 2).__name__)
