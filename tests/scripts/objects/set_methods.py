def s(x):
    return sorted(x, key=repr)


a, b = {1, 2, 3}, {3, 4}
print(s(a | b), s(a & b), s(a - b), s(a ^ b), a == {3, 2, 1}, a < {1, 2, 3, 4}, a <= a, a > {1}, a >= b, a != b, a < a)
print(s(a.union([5], (6,))), s(a.intersection([1, 2], {2})), s(a.difference([1], [2])), s(a.symmetric_difference([1, 9])), a.isdisjoint([7]), a.isdisjoint([1]), a.issubset(range(10)), a.issuperset([1]), a.issubset([1]))
c = a.copy()
c.add(9)
c.update([10, 11], "z")
c.discard(1)
c.discard(100)
c.remove(2)
print(s(c))
c.intersection_update([3, 9, 10])
print(s(c))
c.difference_update([3])
print(s(c))
c.symmetric_difference_update([9, 5])
print(s(c))
c |= {1}
c &= {1, 5}
c -= {5}
c ^= {7}
print(s(c), c.pop() in (1, 7), len(c))
c.clear()
print(c, set(), frozenset(), {1}, {"a"}, frozenset({1}), set([()]), {frozenset()})
for f in (lambda: c.pop(), lambda: a.remove(100), lambda: a.add([]), lambda: a.add(), lambda: {[]}, lambda: set(1), lambda: set(1, 2), lambda: a | [1], lambda: a + b, lambda: a < [1], lambda: hash(a), lambda: a.union(1), lambda: a.issubset(1), lambda: [] in a, lambda: a[0], lambda: frozenset([1]).add, lambda: a.remove([]), lambda: a.discard({}), lambda: set(x=1), lambda: a.copy(1), lambda: a.isdisjoint(), lambda: a & 5, lambda: frozenset(5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def iop():
    global a
    a |= [1]


try:
    iop()
except TypeError as e:
    print(e)
f = frozenset([1, 2])
print(f == {1, 2}, hash(f) == hash(frozenset([2, 1])), f in {f}, {1, 2} in {f}, type(f | {3}).__name__, type({3} | f).__name__, f.copy() is f, frozenset(f) is f, s(f.union([9])))
print(hash(frozenset()), hash(frozenset([1])), hash(frozenset([1, 2, 3])))
try:
    for x in a:
        a.add(x + 100)
except RuntimeError as e:
    print(e)
it = iter({1})
print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), type(it).__name__)


class S(set):
    pass


x = S([1])
print(x, type(x | {2}).__name__, type(x.copy()).__name__, x == {1}, type(x - {1}).__name__)
print({True, 1, 1.0}, {0, False, 0.0, -0.0}, s({1, "1", b"1"}), {i % 3 for i in range(10)} == {0, 1, 2})
print([x for x in {3, 1, 2}], [x for x in {10, 5, 1000}], list(range(5)) == list({0, 1, 2, 3, 4}), {8, 16, 0, 24})
