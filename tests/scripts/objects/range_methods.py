rs = [range(0), range(5), range(2, 8), range(0, 10, 3), range(10, 0, -3), range(5, 5), range(-3, 3), range(10**20, 10**20 + 3), range(0, -5), range(3, 10, 2)]
for r in rs:
    print(r, list(r), len(r) if len(list(r)) < 100 else None, r.start, r.stop, r.step, bool(r), list(reversed(r)), r[1:3], r[::-1], hash(r) == hash(range(r.start, r.stop, r.step)))
r = range(3, 20, 4)
print(r[0], r[-1], r[1:], r[-2:], 7 in r, 8 in r, 7.0 in r, "a" in r, r.index(11), r.count(11), r.count(12), r == range(3, 19, 4), range(0) == range(5, 5), range(0, 1, 5) == range(0, 2, 9), r != 1)
for f in (lambda: range(), lambda: range(1, 2, 3, 4), lambda: range(1.5), lambda: range("a"), lambda: range(1, 2, 0), lambda: r[100], lambda: r["a"], lambda: r.index(4), lambda: r.index("x"), lambda: r < r, lambda: r + r, lambda: len(range(10**20)), lambda: range(a=1), lambda: r.__setitem__(0, 1), lambda: setattr(r, "start", 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
it = iter(range(3))
print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), type(it).__name__, type(iter(range(10**30))).__name__, next(iter(range(10**30, 10**31))))
print(sum(range(101)), max(range(5)), min(range(3, 0, -1)), sorted(range(3), reverse=True), 10**30 in range(10**31), range(10**30)[10**29], range(True), range(0, 10)[::3][1:])
print(hash(range(0)) == hash(range(3, 3)), {range(3): 1}[range(0, 3)], isinstance(r, range), repr(range(1, 2, 1)), repr(range(0, 2, 2)))
