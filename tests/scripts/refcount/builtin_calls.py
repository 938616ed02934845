# Builtins must not keep what they are given.
import sys

rc = sys.getrefcount


class C:
    def __lt__(self, other):
        return False

    def __hash__(self):
        return 1


x = C()
base = rc(x)
calls = {
    "len": lambda: len([x]),
    "repr": lambda: repr(x),
    "hash": lambda: hash(x),
    "isinstance": lambda: isinstance(x, C),
    "type": lambda: type(x),
    "id": lambda: id(x),
    "list": lambda: list((x,)),
    "tuple": lambda: tuple([x]),
    "set": lambda: {x},
    "dict": lambda: dict(a=x),
    "max": lambda: max(x, x),
    "min": lambda: min([x, x]),
    "sorted": lambda: sorted([x, x]),
    "sum": lambda: sum([[x]], []),
    "any": lambda: any([x]),
    "all": lambda: all((x,)),
    "zip": lambda: list(zip([x], [x])),
    "map": lambda: list(map(id, [x])),
    "filter": lambda: list(filter(None, [x])),
    "enumerate": lambda: list(enumerate([x])),
    "reversed": lambda: list(reversed([x])),
    "iter": lambda: next(iter([x])),
    "getattr": lambda: getattr(x,
    "nope", x),
    "hasattr": lambda: hasattr(x,
    "nope"),
    "setattr": lambda: setattr(x,
    "me", 1),
    "callable": lambda: callable(x),
    "vars": lambda: vars(x),
    "dir": lambda: dir(x),
    "print": lambda: print(end=""),
    "format": lambda: format(x)[:0],
    "eval": lambda: eval("x"),
    "exec": lambda: exec("y = x", {"x": x}),
    "compile": lambda: compile("x",
    "f",
    "eval"),
    "slice": lambda: slice(x, x),
    "property": lambda: property(x),
    "super": lambda: super(C, x),
    "globals": lambda: globals()["x"],
    "locals": lambda: locals(),
    "divmod": lambda: divmod(7, 2),
    "dict.get": lambda: {1: x}.get(1),
    "dict.pop": lambda: {1: x}.pop(1),
    "dict.setdefault": lambda: {}.setdefault(1, x),
    "dict.items": lambda: list({x: x}.items()),
    "dict.fromkeys": lambda: dict.fromkeys([x], x),
    "list.index": lambda: [1, x].index(x),
    "list.count": lambda: [x].count(x),
    "list.copy": lambda: [x].copy(),
    "list.sort": lambda: [x, x].sort(),
    "list +": lambda: [x] + [x],
    "list *": lambda: [x] * 3,
    "list ==": lambda: [x] == [x],
    "in list": lambda: x in [1, x],
    "in set": lambda: x in {x},
    "set ops": lambda: {x} | {x} & {x} - {x} ^ {x},
    "tuple slice": lambda: (x, x)[:1],
    "unpack": lambda: [*[x], *(x,)],
    "star call": lambda: (lambda *a, **k: a)(x, k=x),
    "is": lambda: x is x,
    "not": lambda: not x,
    "and": lambda: x and x,
    "ternary": lambda: x if x else x,
    "fstring": lambda: f"{x}"[:0],
    "comprehension": lambda: [q for q in [x]],
    "dict comp": lambda: {q: q for q in [x]},
    "generator": lambda: list(q for q in [x]),
    "walrus": lambda: (w := x),
    "chained": lambda: x is x is x,
}
for name, call in calls.items():
    before = rc(x)
    call()
    first = rc(x) - before
    call()
    second = rc(x) - before
    print(name, first, second)
x.__dict__.clear()
for name, call in {
    "missing attribute": lambda: x.nope, "missing method": lambda: x.nope(), "not callable": lambda: x(), "not iterable": lambda: list(x), "unsupported +": lambda: x + x, "wrong key": lambda: {}[x], "not in list": lambda: [].remove(x), "no index": lambda: [x][5], "bad unpack": lambda: [*x], "wrong count": lambda: (lambda: 0)(x), "raise it": lambda: (_ for _ in ()).throw(x),
}.items():
    before = rc(x)
    for _ in range(2):
        try:
            call()
        except Exception as e:
            kind = type(e).__name__
    print(name, kind, rc(x) - before)
print(rc(x) - base)
