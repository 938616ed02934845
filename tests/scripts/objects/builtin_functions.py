print(abs(-3), all([]), all([1, 0]), any([]), any([0, 1]), callable(len), callable(1), divmod(7, 3), hash(5), id(1) == id(1), isinstance(1, (str, int)), issubclass(bool, int), len("abc"), max(1, 2), max([1, 3], key=lambda x: -x), max([], default="d"), min("b", "a"), pow(2, 3), repr("a"), round(2.5), sum([1, 2]), sum([1.5], 2), sum([[1], [2]], []), type(1), isinstance(1, int | str), issubclass(int, (str, (float, int))))
for f in (lambda: abs("a"), lambda: abs(), lambda: all(1), lambda: any(5), lambda: divmod(1), lambda: divmod("a", 1), lambda: hash([]), lambda: isinstance(1, 1), lambda: isinstance(1), lambda: isinstance(1, (1,)), lambda: issubclass(1, int), lambda: issubclass(int, 1), lambda: len(5), lambda: len(), lambda: len(1, 2), lambda: max(), lambda: max(1), lambda: max([]), lambda: max(1, "a"), lambda: max(1, 2, default=3), lambda: min([], key=5), lambda: max(1, 2, foo=3), lambda: pow(1), lambda: pow("a", 2), lambda: round("a"), lambda: round(1.5, "a"), lambda: round(), lambda: sum(1), lambda: sum(["a"], ""), lambda: sum(["a"]), lambda: sum([b"a"], b""), lambda: sum([bytearray()], bytearray()), lambda: sum(), lambda: type(), lambda: type(1, 2), lambda: type("A", 1, {}), lambda: type(1, (), {}), lambda: type("A", (), 1), lambda: id(), lambda: callable(), lambda: repr(), lambda: ascii(), lambda: print(sep=1), lambda: print(end=1), lambda: print(foo=1), lambda: print(file=1), lambda: getattr(1, "x"), lambda: getattr(1, 5), lambda: getattr(1), lambda: setattr(1, "x", 1), lambda: hasattr(1, 5), lambda: delattr(1, "x"), lambda: vars(1), lambda: dir(1, 2), lambda: sorted(1), lambda: sorted(), lambda: sorted([1], 2), lambda: input(1, 2), lambda: open(), lambda: eval(1), lambda: exec(1), lambda: compile(1, 2, 3), lambda: compile("1", "f", "bad"), lambda: eval("1", 1), lambda: exec("1", {}, 1), lambda: globals(1), lambda: locals(1), lambda: __import__(), lambda: __import__(1), lambda: __import__(""), lambda: breakpoint and format(), lambda: super(), lambda: super(1), lambda: super(int, "a"), lambda: staticmethod(), lambda: property(1, 2, 3, 4, 5), lambda: hash(), lambda: chr(), lambda: bool(1, 2), lambda: __build_class__(), lambda: __build_class__(1, "a"), lambda: __build_class__(lambda: 0, 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(getattr(1, "x", "dflt"), hasattr("", "upper"), hasattr(1, "nope"), sorted([2, 1]), eval("1+1"), eval("x", {"x": 5}), eval(" 1"), eval(compile("2", "", "eval")))
ns = {}
exec("a = 1\nb = a + 1", ns)
print(ns["b"], "__builtins__" in ns)
exec("c = 3", {}, ns)
print(ns["c"])
print("a", "b", sep="-", end="!\n")
print()
print(None, sep=None, end=None)
print(1, 2, 3, sep="")
print(*[1, 2], sep="\n")
print(vars(type("T", (), {"v": 1})())), print(sorted(vars(type("T", (), {"v": 1})))[:3])


class D:
    def __dir__(self):
        return ["b", "a"]


print(dir(D()))


def loc():
    a = 1
    return dir(), sorted(locals()), vars() == locals()


print(loc())
print([x for x in dir([]) if not x.startswith("_")])
print([x for x in dir("") if not x.startswith("_")])
print([x for x in dir({}) if not x.startswith("_")], [x for x in dir(1) if not x.startswith("_")], [x for x in dir(set()) if not x.startswith("_")], [x for x in dir(b"") if not x.startswith("_")])
print(sorted(n for n in dir(__builtins__)))
