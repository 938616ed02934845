import operator


def hint(it):
    try:
        return operator.length_hint(it, -1)
    except Exception as e:
        return type(e).__name__


made = {
    "list": iter([1, 2, 3]), "tuple": iter((1, 2)), "str": iter("ab"), "str non-ascii": iter("日本"), "bytes": iter(b"ab"), "bytearray": iter(bytearray(b"ab")), "range": iter(range(3)), "dict": iter({1: 2}), "values": iter({1: 2}.values()), "items": iter({1: 2}.items()), "set": iter({1}), "reversed list": reversed([1, 2]), "reversed tuple": reversed((1, 2)), "reversed str": reversed("ab"), "reversed range": reversed(range(3)), "reversed dict": reversed({1: 2}), "enumerate": enumerate("ab"), "zip": zip("ab", [1, 2]), "map": map(str, [1]), "filter": filter(None, [0, 1]), "callable": iter(lambda: 0, 0), "generator": (x for x in [1]), "memoryview": iter(memoryview(b"ab")),
}


class Seq:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * i

    def __len__(self):
        return 3


made["sequence"] = iter(Seq())
made["reversed sequence"] = reversed(Seq())
for name, it in made.items():
    print(f"{name:18} {type(it).__name__:26} {hint(it):3} {iter(it) is it} {list(it)} {hint(it)} {next(it, 'end')}")
print(repr(iter([])).split(" at ")[0], repr(zip()).split(" at ")[0], repr(map(str, [])).split(" at ")[0], repr(enumerate([])).split(" at ")[0])
e = enumerate("ab", 5)
print(next(e), list(e), list(enumerate([7], start=10**20)))
print(list(zip("abc", "de")), list(zip()), list(zip("ab")), list(zip("ab", "cd", strict=True)))
for args in (("ab", "c"), ("a", "bc"), ("ab", "cd", "e")):
    try:
        list(zip(*args, strict=True))
    except ValueError as x:
        print(x)
print(list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(map(None, [])), list(filter(lambda x: x > 1, [1, 2, 3])), list(filter(None, [0, 1, "", "a", [], None])))
for f in (lambda: next([]), lambda: iter(5), lambda: iter(5, 0), lambda: next(iter([])), lambda: list(map(None, [1])), lambda: map(), lambda: map(str), lambda: zip(5), lambda: enumerate(), lambda: enumerate(5), lambda: enumerate([], "a"), lambda: reversed(5), lambda: reversed({1}), lambda: reversed(iter([])), lambda: filter(1), lambda: next(), lambda: next(1, 2, 3), lambda: iter(), lambda: zip([], foo=1), lambda: list(filter(5, [1])), lambda: iter(int).__next__, lambda: operator.length_hint([], "a")):
    try:
        print(f())
    except BaseException as x:
        print(type(x).__name__, x)


class NoIter:
    __iter__ = None


class BadIter:
    def __iter__(self):
        return 5


class BadHint:
    def __init__(self, h):
        self.h = h

    def __iter__(self):
        return iter([1])

    def __length_hint__(self):
        return self.h


for f in (lambda: list(NoIter()), lambda: list(BadIter()), lambda: list(BadHint(-1)), lambda: list(BadHint("a")), lambda: list(BadHint(NotImplemented)), lambda: list(BadHint(5)), lambda: 1 in NoIter(), lambda: 1 in BadIter()):
    try:
        print(f())
    except Exception as x:
        print(type(x).__name__, x)
l = [1, 2, 3]
it = iter(l)
next(it)
print(it.__reduce__()[1:], it.__length_hint__())
it.__setstate__(0)
print(list(it))
l.append(4)
print(list(it))
