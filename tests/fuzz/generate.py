"""Makes random programs about memory: what they print are counts, sizes, generations, and who dies when.

A program is a list of blocks (each a complete statement), so that a failing one can be made smaller by
leaving blocks out. Everything printed must be the same on every run of the reference: no addresses, no
order that depends on them, no counts of objects that the interpreter shares.
"""

import random

SPECIAL = {
    "__eq__": ("self, other", "self is other"),
    "__lt__": ("self, other", "self.n < getattr(other, 'n', 'q')"),
    "__hash__": ("self", "len(self.n) + ord(self.n[-1])"),
    "__len__": ("self", "3"),
    "__bool__": ("self", "True"),
    "__add__": ("self, other", "[self, other]"),
    "__radd__": ("self, other", "(other, self)"),
    "__iadd__": ("self, other", "self"),
    "__sub__": ("self, other", "NotImplemented"),
    "__mul__": ("self, other", "self"),
    "__rmul__": ("self, other", "other"),
    "__pow__": ("self, other, mod=None", "other"),
    "__rpow__": ("self, other", "self"),
    "__divmod__": ("self, other", "(self, other)"),
    "__floordiv__": ("self, other", "other"),
    "__mod__": ("self, other", "self"),
    "__matmul__": ("self, other", "self"),
    "__and__": ("self, other", "self"),
    "__or__": ("self, other", "other"),
    "__lshift__": ("self, other", "self"),
    "__neg__": ("self", "self"),
    "__invert__": ("self", "self"),
    "__abs__": ("self", "self"),
    "__int__": ("self", "7"),
    "__float__": ("self", "7.5"),
    "__complex__": ("self", "7j"),
    "__index__": ("self", "1"),
    "__round__": ("self, digits=None", "digits"),
    "__trunc__": ("self", "2"),
    "__floor__": ("self", "2"),
    "__ceil__": ("self", "2"),
    "__repr__": ("self", "'<' + self.n + '>'"),
    "__str__": ("self", "'str ' + self.n"),
    "__format__": ("self, spec", "'fmt' + spec"),
    "__bytes__": ("self", "b'ab'"),
    "__contains__": ("self, item", "item is self"),
    "__getitem__": ("self, key", "key"),
    "__setitem__": ("self, key, value", "None"),
    "__delitem__": ("self, key", "None"),
    "__iter__": ("self", "iter([self, 1])"),
    "__reversed__": ("self", "iter([self])"),
    "__length_hint__": ("self", "4"),
    "__call__": ("self, *args, **kw", "args"),
    "__getattr__": ("self, name", "len(name)"),
    "__enter__": ("self", "self"),
    "__exit__": ("self, kind, value, trace", "True"),
    "__missing__": ("self, key", "key"),
    "__dir__": ("self", "['zz', 'a']"),
    "__sizeof__": ("self", "100"),
    "__reduce__": ("self", "(str, (self.n,))"),
    "__copy__": ("self", "self"),
    "__deepcopy__": ("self, memo", "self"),
    "__fspath__": ("self", "'path'"),
    "__next__": ("self", "self"),
}

# Expressions that make native code call the special methods of the object `{a}`.
USES = [
    "{a} == {b}", "{a} != {b}", "{a} < {b}", "{a} > {b}", "hash({a})", "len({a})", "bool({a})", "not {a}",
    "{a} + {b}", "1 + {a}", "{a} - {b}", "{a} * 2", "2 * {a}", "{a} ** 2", "pow({a}, {b})", "pow({a}, 2, {b})",
    "2 ** {a}", "divmod({a}, {b})", "{a} // {b}", "{a} % {b}", "{a} @ {b}", "{a} & {b}", "{a} | {b}", "{a} << 1",
    "-{a}", "~{a}", "abs({a})", "int({a})", "float({a})", "complex({a})", "[5, 6, 7][{a}]", "round({a})",
    "round({a}, 2)", "round({a}, ndigits=3)", "range({a})", "range(0, 5, {a})", "repr({a})", "str({a})", "ascii({a})",
    "format({a})", "format({a}, 'x')", "f'{{{a}}}'", "f'{{{a}!r:>5}}'", "'%s' % {a}", "'%s %s' % ({a}, 1)",
    "'{{}} {{!r}}'.format({a}, {b})", "'{{x}}'.format(x={a})", "bytes({a})", "{a} in {b}", "{b} in [{a}]", "{a} in ({b}, {a})",
    "{a}[{b}]", "{a}[1:2]", "list({a})", "tuple({a})", "reversed({a})", "list(reversed({a}))", "iter({a})", "[*{a}]",
    "{a}({b})", "{a}({b}, k={a})", "{a}(*[{b}])", "{a}(**dict(k={b}))", "{a}.missing", "getattr({a}, 'zip', None)",
    "hasattr({a}, 'nothing')", "dir({a})", "sys.getsizeof({a})", "sorted([{a}, {b}])", "max({a}, {b})", "min([{a}, {b}])",
    "[{a}].count({b})", "[{a}, {b}].index({b})", "[{b}, {a}].remove({a})", "{{{a}: 1}}.get({b})", "{{{a}: 1}} == {{{a}: 1}}",
    "dict([({a}, {b})])", "{{{a}, {b}}} and 1", "set([{a}]) & {{{b}}} and 1", "frozenset([{a}]) == {{{a}}}",
    "isinstance({a}, (int, type({b})))", "issubclass(type({a}), object)", "callable({a})", "sum([{a}], {b})",
    "all([{a}, {b}])", "any([{a}])", "list(zip({a}, [{b}]))", "list(map(lambda q: rc(q), [{a}, {b}]))",
    "list(filter(None, [{a}, {b}]))", "list(enumerate({a}))", "next({a})", "next(iter([{a}]))", "slice({a}, {b}).indices(5)",
    "'abc'[{a}:]", "[1, 2, 3][{a}:]", "(1, 2)[{a}]", "b'ab'[{a}]", "'ab' * {a}", "[0] * {a}", "chr({a})", "bin({a})", "hex({a})",
    "isinstance({a}, type({a}))", "vars({a}).keys() and 1", "'x'.join(['y', str({a})])", "print({a}, file=sink)", "type({a})({b})",
    "dict.fromkeys([{a}, {b}], {a}) and 1", "{{}}.setdefault({a}, {b})", "{{{a}: {b}}}.pop({a})", "bytearray({a})", "memoryview(b'xyz')[{a}]",
    "int('1', {a})", "str({a}, 'ascii')", "'a'.center({a})", "'abc'.find('b', {a})", "object.__repr__({a}) and 1", "operator.add({a}, {b})",
    "operator.index({a})", "operator.itemgetter({a})([4, 5])", "operator.attrgetter('n')({a})", "operator.methodcaller('__len__')({a})",
    "functools.reduce(lambda p, q: [rc(p) * 0, rc(q)], [{a}, {b}])", "functools.partial(rc)({a})", "functools.partial(rc, {a})()",
    "math.floor({a})", "math.ceil({a})", "math.trunc({a})", "math.sqrt({a})", "copy.copy({a})", "copy.deepcopy({a})",
    "collections.deque([{a}, {b}]).count({a})", "collections.deque({a}, 2)", "list(itertools.chain({a}, [{b}]))",
    "list(itertools.islice({a}, 2))", "list(itertools.accumulate([{a}, {b}]))", "list(itertools.takewhile(bool, [{a}]))",
    "list(itertools.starmap(rc, [({a},)]))", "[q for q in itertools.groupby([{a}, {a}])][0][0] is {a}", "os.fspath({a})",
    "heap_push({a}, {b})", "bisect.bisect([1], {a})", "list(itertools.compress([1, 2], [{a}, {b}]))", "{a}.__class__.__name__",
    "setattr({a}, 'zz', {b})", "delattr({a}, 'zz')", "super(type({a}), {a}).__repr__() and 1", "{a}.__dict__ and 1",
    "sorted([2, 1], key={a})", "max([2, 1], key={a})", "list(map({a}, [{b}]))", "list(filter({a}, [{b}]))", "[].sort(key={a})", "iter({a}, 3)",
    "next(iter(lambda: rc({a}), 3))", "list(map(rc, [{a}], ))", "(lambda *q, **k: rc(q[0]))({a}, z={b})", "rc({a})", "[rc(q) for q in ({a}, {b})]",
    "{{rc(q) for q in [{a}]}}", "{{q: rc(q) for q in [1]}} and rc({a})", "any(rc(q) > 99 for q in [{a}])", "list(rc(q) for q in [{a}, {b}])",
    "{a}.n.join([{b}.n])", "getattr({a}, 'n')",
    "type({a}).__mro__ and 1", "{a}.__init__({b}.n)", "{a}.__reduce_ex__(2) and 1", "weakref.ref({a})() is {a}", "weakref.proxy({a}).n",
    "type('T', (type({a}),), {{'q': {b}}}).q is {b}", "id({a}) == id({b})", "complex(1, {a})", "float.__add__(1.0, {a})", "int.__add__(1, {a})",
    "[1, 2].pop({a})", "[1, 2].insert({a}, {b})", "(1, 2).index({a})", "'abc'.split('b', {a})", "str.replace('aa', 'a', 'b', {a})", "divmod(7, {a})",
    "{{**{{'n': {a}}}}}['n'] is {a}", "(*[{a}], {b})[0] is {a}", "[{a}, *{{1: 2}}, {b}][0] is {a}", "{a} if {b} else 1", "({a} and {b}) is {b}",
    "{a} is {b} or 5", "({a} == {b} == {a})", "isinstance([], list) and rc({a})", "{a}.f({b}) if hasattr(type({a}), 'f') else 0",
    "hash(({a}, {b}))", "({a}, 1) < ({b}, 2)", "[{a}] == [{b}]", "({a},) == ({a},)", "repr([{a}, {b}])", "str(({a},))", "repr({{1: {a}}})",
    "'{{0.n}}'.format({a})", "list({{'k': {a}}}.items())[0][1] is {a}", "types.SimpleNamespace(k={a}) == types.SimpleNamespace(k={b})",
    "types.MethodType(rc, {a})()", "property(rc).fget({a})", "staticmethod(rc)({a})", "classmethod(rc).__func__({a})",
]

FEATURES = [
    "    def f(self, *args, k=None):\n        P('f', rc(self), [rc(arg) for arg in args], rc(args))\n        return self",
    "    def f(self, other=None):\n        P('f', rc(self))\n        self.kept = other\n        return other",
    "    @property\n    def prop(self):\n        P('prop', rc(self))\n        return self",
    "    @classmethod\n    def made(cls, *args):\n        P('made', len(args))\n        return cls('m')",
    "    @staticmethod\n    def still(arg=None):\n        P('still', rc(arg) if arg is not None else 0)\n        return arg",
    "    def gen(self, other=None):\n        try:\n            yield self\n            yield other\n        finally:\n            P('gen over', rc(self))",
    "    def __init_subclass__(cls, **kw):\n        P('sub', cls.__name__, sorted(kw))",
    "    def raising(self, other=None):\n        local = [self, other]\n        raise ValueError(self)",
    "    async def co(self, other=None):\n        P('co', rc(self))\n        return other",
    "    async def ag(self):\n        yield self\n        yield 2",
    "    def cell(self):\n        def inner():\n            return self\n        return inner",
    "    attr = []",
    "    def lam(self):\n        return lambda: rc(self)",
]


class Program:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.blocks = []
        self.vars = {}
        self.classes = []
        self.counter = 0
        self.named = 0

    # --- names ---------------------------------------------------------------------------------

    def fresh(self, kind):
        rng = self.rng
        if self.vars and rng.random() < 0.2:
            name = rng.choice(sorted(self.vars))
        else:
            self.named += 1
            name = "v%d" % self.named if len(self.vars) < 14 else rng.choice(sorted(self.vars))
        self.vars[name] = kind
        return name

    def pick(self, *kinds):
        """A variable of one of these kinds, made now when there is none."""
        names = [name for name in sorted(self.vars) if self.vars[name] in kinds]
        if names and self.rng.random() < 0.9:
            return self.rng.choice(names)
        kind = self.rng.choice(kinds)
        text = self.make(kind)
        name = self.fresh(kind)
        self.add("%s = %s" % (name, text))
        return name

    def any(self):
        if not self.vars or self.rng.random() < 0.05:
            return self.pick("inst", "list", "dict")
        return self.rng.choice(sorted(self.vars))

    def label(self):
        self.counter += 1
        return "n%d" % self.counter

    def add(self, text):
        self.blocks.append(text)

    # --- definitions ---------------------------------------------------------------------------

    def define_class(self):
        rng = self.rng
        name = "C%d" % len(self.classes)
        bases = []
        if self.classes and rng.random() < 0.4:
            bases = [rng.choice(self.classes)]
        elif rng.random() < 0.25:
            bases = [rng.choice(["list", "dict", "Exception", "int", "tuple", "str", "set", "float", "object", "type(sys)"])]
        builtin = bases and bases[0] not in self.classes and bases[0] != "object"
        lines = []
        head = ", ".join(bases)
        if rng.random() < 0.06:
            lines.append(
                "class M%s(type):\n    def __call__(cls, *args, **kw):\n        P('meta', len(args))\n"
                "        return super().__call__(*args, **kw)\n    def __del__(cls):\n        P('class gone', cls.__name__)" % name
            )
            head = head + (", " if head else "") + "metaclass=M" + name
        lines.append("class %s%s:" % (name, "(" + head + ")" if head else ""))
        if rng.random() < 0.2 and not builtin:
            slots = rng.sample(["n", "a", "b", "c", "kept", "zz", "__weakref__", "__dict__"], rng.randint(1, 6))
            if "n" not in slots:
                slots.append("n")
            if bases:
                slots = [slot for slot in slots if slot not in ("__weakref__", "__dict__", "n")] or ["s1"]
            lines.append("    __slots__ = %r" % (tuple(slots),))
        if builtin:
            if bases[0] in ("int", "tuple", "str", "float"):
                value = {"int": "5", "tuple": "(1, [2])", "str": "'s'", "float": "2.5"}[bases[0]]
                lines.append("    def __new__(cls, n, *args):\n        self = super().__new__(cls, %s)\n        self.n = n\n        return self" % value)
                lines.append("    def __init__(self, n, *args):\n        pass")
            elif bases[0] == "type(sys)":
                lines.append("    def __init__(self, n, *args):\n        super().__init__('mod')\n        self.n = n")
            else:
                lines.append("    def __init__(self, n, *args):\n        super().__init__()\n        self.n = n")
        elif not bases or rng.random() < 0.3:
            body = "self.n = n"
            if rng.random() < 0.3:
                body += "\n        self.a = " + rng.choice(["None", "[]", "self", "{}", "args"])
            lines.append("    def __init__(self, n='d', *args):\n        %s" % body)
        if rng.random() < 0.6:
            extra = rng.choice(
                ["", "", "", ", rc(self)", ", gc.is_finalized(self)", ", len(gc.get_referrers(self))", ", gc.get_count()[1:]", ", weakref.getweakrefcount(self)"]
            )
            lines.append("    def __del__(self):\n        P('del', self.n%s)" % extra)
            if rng.random() < 0.15:
                lines.append("        " + rng.choice(["saved.append(self)", "raise KeyError(self)", "gc.collect()", "self.__class__ = %s" % name, "self.n = [self]"]))
                if "saved" in lines[-1]:
                    self.saved()
        for special in rng.sample(sorted(SPECIAL), rng.choice([0, 0, 1, 2, 4, 8])):
            if special in ("__len__", "__bool__", "__reduce__") and rng.random() < 0.5:
                continue
            if builtin and special in ("__hash__", "__iter__", "__getitem__", "__len__", "__sizeof__"):
                continue
            params, result = SPECIAL[special]
            probes = ["rc(self)"]
            for param in params.split(", ")[1:]:
                param = param.split("=")[0].strip("*")
                if param in ("other", "value", "item") or (param == "key" and special != "__getitem__"):
                    probes.append("rc(%s)" % param)
            if special == "__getattr__":
                lines.append("    def __getattr__(self, name):\n        if name[:1] == '_' or name == 'n': raise AttributeError(name)\n        P('__getattr__', rc(self))\n        return len(name)")
                continue
            if special == "__next__":
                lines.append("    def __next__(self):\n        P('__next__', rc(self))\n        raise StopIteration(self)")
                continue
            lines.append("    def %s(%s):\n        P('%s', %s)\n        return %s" % (special, params, special, ", ".join(probes), result))
        for feature in rng.sample(FEATURES, rng.choice([0, 1, 2, 3])):
            lines.append(feature)
        if rng.random() < 0.1:
            lines.append("    desc = Desc()")
            self.desc()
        if len(lines) == 1:
            lines.append("    pass")
        self.add("\n".join(lines))
        self.classes.append(name)

    def saved(self):
        if "saved" not in self.vars:
            self.vars["saved"] = "list"
            self.blocks.insert(0, "saved = []")

    def desc(self):
        text = (
            "class Desc:\n    def __set_name__(self, owner, name):\n        P('set_name', name, rc(self))\n"
            "    def __get__(self, obj, owner=None):\n        P('get', rc(self), rc(obj) if obj is not None else 0)\n        return obj\n"
            "    def __set__(self, obj, value):\n        P('set', rc(self), rc(obj))\n"
            "    def __delete__(self, obj):\n        P('delete', rc(self), rc(obj))"
        )
        if text not in self.blocks:
            self.blocks.insert(0, text)

    def define_function(self):
        rng = self.rng
        self.counter += 1
        name = "f%d" % self.counter
        params = rng.choice(["a", "a, b=None", "a, *args", "a, *args, **kw", "a, *, k=None", "a, b=None, /, *args, k=None", "a, d=[]", "*args, **kw", "a, d={}, *args, k=()"])
        lines = ["def %s(%s):" % (name, params)]
        used = "args" if params.startswith("*") else "a"
        probes = ["rc(%s)" % used]
        if "*args" in params and used != "args":
            probes.append("rc(args), [rc(q) for q in args]")
        if "**kw" in params:
            probes.append("rc(kw)")
        if "d=" in params:
            probes.append("rc(d)")
        lines.append("    P('%s', %s)" % (name, ", ".join(probes)))
        ending = rng.choice(
            ["return %s", "local = [%s]\n    return local", "def inner():\n        return %s\n    return inner", "yield %s\n    yield %s\n    P('resumed')",
             "try:\n        return %s\n    finally:\n        P('fin', rc(%s))", "del %s", "raise ValueError(%s)",
             "return lambda: %s", "x = y = z = %s\n    P(rc(x))\n    return z", "for q in [%s]:\n        P(rc(q))\n    return None", "w = [q for q in [%s]]\n    return w",
             "with Manager(%s) as m:\n        P(rc(m))\n        return m", "try:\n        raise KeyError(%s)\n    except KeyError as e:\n        P(rc(e))\n        return e",
             "return sys._getframe()", "got = yield %s\n    P('got', rc(got))\n    yield got", "yield from [%s, %s]", "return locals()", "global held\n    held = %s",
             "return types.SimpleNamespace(q=%s)", "for turn in range(3):\n        try:\n            yield %s\n        except GeneratorExit:\n            P('exit')\n            raise",
             "d_ = {'k': %s}\n    match d_:\n        case {'k': found, **rest}:\n            P(rc(found), rc(rest))\n            return found", "assert not %s, %s"]
        )
        if "Manager" in ending:
            self.manager()
        lines.append("    " + ending.replace("%s", used))
        self.add("\n".join(lines))
        self.vars[name] = "gfunc" if "yield" in ending else "func"
        return name

    def manager(self):
        text = (
            "class Manager:\n    def __init__(self, held, swallow=False):\n        self.held = held\n        self.swallow = swallow\n"
            "    def __enter__(self):\n        P('enter', rc(self), rc(self.held))\n        return self.held\n"
            "    def __exit__(self, kind, value, trace):\n        P('exit', rc(self), rc(value) if value is not None else 0, rc(trace) if trace is not None else 0)\n        return self.swallow\n"
            "    def __del__(self):\n        P('manager gone')"
        )
        if text not in self.blocks:
            self.blocks.insert(0, text)

    # --- expressions ---------------------------------------------------------------------------

    def instance(self):
        if not self.classes:
            self.define_class()
        return "%s('%s')" % (self.rng.choice(self.classes), self.label())

    def make(self, kind):
        rng = self.rng
        if kind == "inst":
            return self.instance()
        if kind == "list":
            return rng.choice(["[]", "[%s]" % self.atom(), "[%s, %s]" % (self.atom(), self.atom()), "list((%s,))" % self.atom(), "[%s] * 3" % self.atom(), "[q for q in (%s, 1)]" % self.atom()])
        if kind == "tuple":
            return rng.choice(["(%s,)" % self.atom(), "(%s, %s)" % (self.atom(), self.atom()), "tuple([%s, 1, 2])" % self.atom(), "(%s, (1, %s))" % (self.atom(), self.atom())])
        if kind == "dict":
            return rng.choice(["{}", "{'k': %s}" % self.atom(), "dict(a=%s, b=%s)" % (self.atom(), self.atom()), "{q: %s for q in 'xyz'}" % self.atom(), "{1: %s, 'r': 2}" % self.atom()])
        if kind == "set":
            return rng.choice(["set()", "{1, 2, 3}", "set('ab')", "frozenset([1])", "{q for q in range(9)}"])
        if kind == "gen":
            if rng.random() < 0.5:
                name = self.pick("gfunc")
                return "%s(%s)" % (name, self.atom())
            return rng.choice(["(q for q in [%s, 1])" % self.atom(), "(rc(q) for q in (%s, %s))" % (self.any(), self.atom())])
        if kind == "func":
            return rng.choice(["lambda: %s" % self.any(), "lambda q=%s: q" % self.atom(), "lambda *q, **k: (q, k)"])
        if kind == "gfunc":
            return "lambda q: (z for z in [q, 1, 2])"
        if kind == "exc":
            return rng.choice(["ValueError(%s)" % self.atom(), "KeyError()", "Exception(%s, 2)" % self.atom(), "StopIteration(%s)" % self.atom(), "OSError(2, 'm', %s)" % self.atom(), "ExceptionGroup('g', [ValueError(%s)])" % self.atom()])
        if kind == "ref":
            target = self.pick("inst", "func", "set")
            return rng.choice(["weakref.ref(%s)", "weakref.ref(%s, lambda r: P('gone', rc(r), r() is None))", "weakref.proxy(%s)", "weakref.proxy(%s, lambda r: P('proxy gone'))"]) % target
        if kind == "iter":
            return rng.choice(["iter([%s, 1])", "enumerate([%s])", "zip([%s], [1])", "map(lambda q: q, [%s])", "reversed([%s])", "iter({1: %s}.items())", "iter((%s,))", "filter(None, [%s])"]) % self.atom()
        return "object()"

    def atom(self):
        rng = self.rng
        choice = rng.random()
        if self.vars and choice < 0.6:
            return self.any()
        if choice < 0.75:
            return self.instance()
        return rng.choice(["[]", "{}", "1", "None", "'s'", "(1, 2)", "([],)", "2.5", "lambda: 0", "set()", "object()", "[1, 2, 3]", "{'a': []}", "bytearray(3)"])

    # --- statements ----------------------------------------------------------------------------

    def statement(self):
        rng = self.rng
        table = STATEMENTS
        rng.choice(table)(self)

    def text(self, inside, blocks):
        """The program made of these blocks, in a function when `inside`."""
        used = "\n".join(blocks)
        lines = []
        if "sink" in used:
            lines.append("class Sink:\n    def write(self, text):\n        P(text)\nsink = Sink()")
        if "heap_push" in used:
            lines.append("def heap_push(a, b):\n    heap = [a]\n    heappush(heap, b)\n    return heap")
        if inside:
            lines.append("def main():")
            lines.append("\n".join("    " + line for line in used.split("\n")) if used else "    pass")
            lines.append("main()")
        else:
            lines.append(used)
        lines.append("P('last', gc.collect())")
        return "\n".join(lines)


def held(p):
    p.add("P(%s)" % ", ".join("rc(%s)" % p.any() for _ in range(p.rng.randint(1, 3))))


def assign(p):
    kind = p.rng.choice(["inst", "inst", "inst", "list", "tuple", "dict", "set", "gen", "func", "exc", "ref", "iter"])
    text = p.make(kind)
    p.add("%s = %s" % (p.fresh(kind), text))


def alias(p):
    source = p.any()
    p.add("%s = %s" % (p.fresh(p.vars[source]), source))


def delete(p):
    if len(p.vars) > 1:
        name = p.any()
        if name == "saved":
            return
        kind = p.vars.pop(name)
        p.add("del %s" % name)
        if p.rng.random() < 0.3:
            p.add("%s = None" % name)


def attribute(p):
    target = p.pick("inst", "func", "inst")
    p.add(p.rng.choice(["%s.a = %s", "%s.b = %s", "%s.kept = %s", "setattr(%s, 'c', %s)", "%s.__dict__['a'] = %s"]) % (target, p.any()))


def drop_attribute(p):
    target = p.pick("inst")
    p.add(p.rng.choice(["del %s.a", "%s.__dict__.clear()", "%s.a = None", "delattr(%s, 'b')", "%s.__dict__", "%s.__dict__ = {}"]) % target)


def cycle(p):
    a, b = p.pick("inst"), p.pick("inst", "list", "dict", "func")
    link = {"list": "%s.append(%s)", "dict": "%s['c'] = %s", "inst": "%s.a = %s", "func": "%s.a = %s"}[p.vars[b]]
    p.add("%s.b = %s\n%s" % (a, b, link % (b, a)))


def mutate(p):
    name = p.pick("list")
    value = p.any()
    p.add(p.rng.choice([
        "%s.append({})", "%s.insert(0, {})", "%s += [{}]", "%s.extend(({}, {}))", "%s[:] = [{}]", "%s *= 2", "%s.clear()", "P(len(%s))",
        "%s[1:] = []", "%s.reverse()", "%s[:0] = ({},)", "del %s[:1]", "%s.sort(key=lambda q: rc(q) * 0)", "%s = %s + [{}]", "%s = %s[:]", "%s = %s.copy()",
        "while %s: P(rc(%s.pop()))", "P([rc(q) for q in %s] )", "P(sys.getsizeof(%s))",
    ]).replace("%s", name).replace("{}", value))


def mutate_dict(p):
    name = p.pick("dict")
    value = p.any()
    p.add(p.rng.choice([
        "%s['k'] = {}", "%s.update(z={})", "%s.pop('k', None)", "%s.clear()", "%s.setdefault('s', {})", "%s = {**%s, 'y': {}}", "P(len(%s), sys.getsizeof(%s))",
        "%s |= {'o': {}}".replace("{'o': {}}", "dict(o={})"), "if %s: P(type(%s.popitem()).__name__)", "P([rc(q) for q in %s.values()])", "P([(k, rc(q)) for k, q in %s.items()])",
        "%s[1] = {}\n%s[(1, 2)] = {}", "for k in list(%s): del %s[k]", "%s = dict(%s)", "%s = %s.copy()", "for i in range(20): %s[i] = {}", "P(gc.is_tracked(%s))",
    ]).replace("%s", name).replace("{}", value if "{**" not in name else value).replace("{**" + name, "{**" + name))


def unpack(p):
    a, b = p.any(), p.any()
    x, y = p.fresh("any"), p.fresh("any")
    p.add(p.rng.choice(["%s, %s = %s, %s", "%s, *%s = [%s, %s, 1]", "*%s, %s = (%s, %s)", "(%s, [%s]) = (%s, [%s])", "%s = %s = (%s, %s)"]) % (x, y, a, b))
    p.vars[x] = p.vars[y] = "any"


def call(p):
    name = p.pick("func") if p.rng.random() < 0.4 else p.define_function()
    a, b = p.any(), p.any()
    form = p.rng.choice(["%s({a})", "%s({a}, {b})", "%s(*[{a}])", "%s(*({a}, {b}))", "%s({a}, k={b})", "%s(*[{a}], **{{'k': {b}}})", "%s(a={a})", "%s(**dict(a={a}))", "%s([{a}])", "%s({a}, *[{b}], k=1)"])
    text = form.replace("%s", name).format(a=a, b=b)
    style = p.rng.random()
    if style < 0.4:
        p.add("try:\n    %s = %s\nexcept Exception as e:\n    P(type(e).__name__, rc(e))" % (p.fresh("any"), text))
    elif style < 0.6:
        p.add("try:\n    %s\nexcept Exception as e:\n    P(type(e).__name__, rc(e), rc(e.__traceback__))" % text)
    elif style < 0.8:
        x = p.fresh("exc")
        p.add("try:\n    %s\nexcept Exception as e:\n    %s = e" % (text, x))
    else:
        p.add("try:\n    P(type(%s).__name__)\nexcept Exception as e:\n    P(e.__class__)" % text)


def use(p):
    """Something native that calls back into Python."""
    rng = p.rng
    lines = []
    for _ in range(rng.randint(1, 3)):
        form = rng.choice(USES)
        # Two objects that are known to be instances, most of the time.
        a = p.pick("inst") if rng.random() < 0.85 else p.any()
        b = p.pick("inst") if rng.random() < 0.7 else p.any()
        text = form.format(a=a, b=b)
        if rng.random() < 0.3 and not text.startswith("print"):
            lines.append("try:\n    %s = %s\nexcept Exception as e:\n    P(type(e).__name__)" % (p.fresh("any"), text))
        else:
            lines.append("try:\n    P('use', type(%s).__name__)\nexcept Exception as e:\n    P(type(e).__name__, e if '0x' not in str(e) else '')" % text)
    for line in lines:
        p.add(line)


def method(p):
    target = p.pick("inst")
    other = p.any()
    form = p.rng.choice([
        "{a}.f({b})", "{a}.f(k={b})", "{a}.f(*[{b}])", "{a}.prop", "{a}.made({b})", "{a}.still({b})", "list({a}.gen({b}))", "next({a}.gen())", "{a}.cell()()", "{a}.cell()",
        "{a}.raising({b})", "{a}.f", "{a}.lam()()", "type({a}).f({a}, {b})", "{a}.attr.append({b})", "{a}.desc", "setattr({a}, 'desc', {b})", "{a}.co({b}).send(None)", "{a}.co().close()",
        "{a}.ag().__anext__().send(None)", "{a}.__init__('again')", "{a}.gen()", "[*{a}.gen({b})]", "{a}.ag()",
    ]).format(a=target, b=other)
    if p.rng.random() < 0.5:
        p.add("try:\n    %s = %s\nexcept BaseException as e:\n    P(type(e).__name__, rc(e))" % (p.fresh("any"), form))
    else:
        p.add("try:\n    P(type(%s).__name__)\nexcept BaseException as e:\n    P(type(e).__name__, rc(e))" % form)


def generator(p):
    name = p.pick("gen", "iter")
    p.add("try:\n    " + p.rng.choice([
        "P('next', type(next(%s)).__name__)", "P(rc(next(%s)))", "%s.send(None)", "%s.throw(ValueError('t'))", "%s.close()", "P(%s.gi_frame is None, gc.is_tracked(%s))", "for q in %s: P(type(q).__name__)",
        "P(rc(%s.gi_frame.f_locals))", "x = next(%s)\n    P(rc(x))", "%s.send([])", "next(%s)\n    %s.throw(KeyError)", "P(len(gc.get_referents(%s)))", "P(types_of(gc.get_referents(%s)))",
    ]).replace("%s", name) + "\nexcept BaseException as e:\n    P(type(e).__name__)")


def exception(p):
    rng = p.rng
    value = p.any()
    x = p.fresh("exc")
    p.add(rng.choice([
        "try:\n    raise ValueError({v})\nexcept ValueError as e:\n    {x} = e\n    P(rc(e), rc(e.args))",
        "try:\n    try:\n        raise ValueError({v})\n    except ValueError as e:\n        raise KeyError(1) from e\nexcept KeyError as e:\n    {x} = e\n    P(rc(e.__cause__), rc(e.__context__))",
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    {x} = e\n    P(rc(sys.exc_info()[1]), rc(e))",
        "try:\n    try:\n        1 / 0\n    finally:\n        P(rc({v}))\nexcept ArithmeticError:\n    {x} = sys.exc_info()[1]",
        "try:\n    {{}}['q']\nexcept LookupError as e:\n    {x} = e.__traceback__\n    P(rc({x}))",
        "try:\n    try:\n        raise KeyError({v})\n    except KeyError:\n        undefined_name\nexcept NameError as e:\n    {x} = e.__context__\n    P(rc({x}), type({x}).__name__)",
        "try:\n    raise ExceptionGroup('g', [ValueError({v}), KeyError(2)])\nexcept* ValueError as e:\n    {x} = e\n    P(rc(e), len(e.exceptions))\nexcept* KeyError as e:\n    {x} = e",
        "{x} = None\nfor q in range(2):\n    try:\n        raise IndexError({v}) from {x}\n    except IndexError as e:\n        {x} = e",
        "try:\n    int('x')\nexcept ValueError as e:\n    {x} = e.with_traceback(None)\n    P(rc(e))",
        "try:\n    raise StopIteration({v})\nexcept StopIteration as e:\n    {x} = e.value\n    P(rc(e))",
        "class E(Exception):\n    def __del__(self):\n        P('exc gone')\ntry:\n    raise E({v})\nexcept E as e:\n    {x} = e\n    P(rc(e))",
        "try:\n    {v}.no_such_attr\nexcept AttributeError as e:\n    {x} = e\n    P(rc(e), e.obj is {v})",
        "try:\n    raise ValueError\nexcept ValueError as e:\n    e.add_note('n')\n    e.extra = {v}\n    {x} = e\n    P(len(gc.get_referents(e)))",
    ]).format(v=value, x=x))


def kept(p):
    name = p.pick("exc")
    p.add("try:\n    " + p.rng.choice([
        "P(rc(%s), rc(%s.__traceback__))", "P(%s.__traceback__.tb_lineno, rc(%s.__traceback__.tb_frame))", "%s.__traceback__ = None", "%s.__context__ = %s.__context__",
        "P(types_of(gc.get_referents(%s)))", "raise %s", "%s.with_traceback(None)", "P(rc(%s.args))", "%s.__cause__ = KeyError(%s)", "%s.__traceback__.tb_frame.clear()",
        "P(sorted(%s.__traceback__.tb_frame.f_locals)[:3])", "P(%s.__suppress_context__, sys.getsizeof(%s))",
    ]).replace("%s", name) + "\nexcept BaseException as e:\n    P(type(e).__name__, rc(e))")


def weak(p):
    rng = p.rng
    target = p.pick("inst", "func", "set", "gen")
    x = p.fresh("ref")
    p.add("try:\n    " + rng.choice([
        "{x} = weakref.ref({t})\n    P(rc({x}), {x}() is {t})", "{x} = weakref.ref({t}, lambda r: P('dead', rc(r)))\n    P(weakref.getweakrefcount({t}))",
        "{x} = [weakref.ref({t}, lambda r, q=q: P('dead', q)) for q in range(3)]", "{x} = weakref.proxy({t})\n    P(type({x}).__name__, weakref.getweakrefcount({t}))",
        "weakref.finalize({t}, P, 'finalized').atexit = False\n    {x} = None", "{x} = weakref.WeakValueDictionary(k={t})\n    P(len({x}))", "{x} = weakref.WeakKeyDictionary()\n    {x}[{t}] = 1\n    P(len({x}))",
        "{x} = weakref.WeakSet([{t}])\n    P(len({x}))", "{t}.a = weakref.ref({t}, lambda r: P('own'))\n    {x} = None", "{x} = weakref.WeakMethod({t}.f)\n    P({x}() is None)",
        "class R(weakref.ref):\n        def __del__(self):\n            P('ref gone')\n    {x} = R({t}, lambda r: P('R'))", "{x} = weakref.ref({t}) is weakref.ref({t})", "{x} = len(weakref.getweakrefs({t}))\n    P({x})",
        "{x} = weakref.ref({t}, [].append)", "{x} = weakref.ref({t}, lambda r: 1 / 0)",
    ]).format(x=x, t=target) + "\nexcept (TypeError, AttributeError) as e:\n    P(e)")
    p.vars[x] = "any"


def collect(p):
    p.add(p.rng.choice([
        "P('collect', gc.collect())", "P('collect 0', gc.collect(0))", "P('collect 1', gc.collect(1))", "P(gc.get_count())", "P(len(gc.get_objects(0)), len(gc.get_objects(1)), len(gc.get_objects(2)))",
        "P(types_of(gc.get_objects(0)))", "P(types_of(gc.get_objects(1)))", "P(types_of(gc.get_objects(2)))", "P(types_of(gc.get_objects()))", "gc.collect(0)\nP(gc.get_count())", "gc.collect(1)\nP(gc.get_count())",
        "P(len(gc.garbage), types_of(gc.garbage))",
    ]))


def escaped(text):
    return text.replace("{", "{{").replace("}", "}}")


def count_delta(p):
    rng = p.rng
    body = rng.choice([
        "{x} = " + escaped(p.make(rng.choice(["inst", "list", "tuple", "dict", "gen", "func", "exc", "iter"]))), "{x} = [[] for q in range(%d)]" % rng.randint(1, 100), "{x} = [{{}} for q in range(%d)]" % rng.randint(1, 100),
        "{x} = [(q, []) for q in range(%d)]" % rng.randint(1, 30), "{x} = {{q: [q] for q in range(%d)}}" % rng.randint(1, 30), "{x} = list(map(lambda q: (q,), range(5)))", "{x} = (yy for yy in [1])", "{x} = type('T', (), {{}})",
        "{x} = [lambda: q for q in range(3)]", "{x} = %s.__dict__" % p.pick("inst"), "{x} = super", "{x} = sys._getframe()", "{x} = {{}}.items()", "{x} = slice([], 1)", "{x} = property()", "{x} = [1].append",
        "{x} = iter([])", "{x} = zip([], [])", "{x} = range(3).__iter__()", "{x} = classmethod(len)", "{x} = memoryview(b'a')", "{x} = {{1, 2}}", "{x} = frozenset([1])", "{x} = ValueError()", "{x} = types.SimpleNamespace()",
        "{x} = types.ModuleType('m')", "{x} = [*range(3)], ()", "{x} = dict(zip('abc', [[], {{}}, ()]))", "{x} = ''.join", "{x} = functools.partial(len)", "{x} = collections.deque()", "{x} = collections.OrderedDict(a=1)",
        "{x} = collections.defaultdict(list)", "{x} = itertools.chain([])", "{x} = itertools.count()", "{x} = itertools.tee([])", "{x} = operator.itemgetter(1)", "{x} = types.MappingProxyType({{}})", "{x} = types.MethodType(len, [])",
        "{x} = list[int]", "{x} = int | None", "{x} = object()", "{x} = weakref.ref(%s)" % p.pick("inst"), "{x} = enumerate([])", "{x} = reversed([])", "{x} = bytearray(2)", "{x} = ExceptionGroup('g', [KeyError()])", "{x} = len",
        "{x} = {{**{{'a': 1}}}}", "{x} = [q for q in 'ab']", "{x} = {{q for q in 'ab'}}", "{x} = tuple(q for q in 'ab')", "{x} = ([],) * 2", "{x} = [1, 2, 3][1:]", "{x} = sorted('ba')", "{x} = 'a b'.split()", "{x} = vars(sys) is None",
    ]).format(x=p.fresh("any"))
    if rng.random() < 0.5:
        p.add("was = gc.get_count()[0]\n%s\nP('delta', gc.get_count()[0] - was)" % body)
    else:
        name = p.any()
        p.add("was = gc.get_count()[0]\n%s\nnow = gc.get_count()[0]\n%s = None\nP('delta', now - was, gc.get_count()[0] - now)" % (body, name))
        p.vars[name] = "any"


def query(p):
    name = p.any()
    p.add("try:\n    " + p.rng.choice([
        "P(gc.is_tracked(%s), gc.is_finalized(%s))", "P(types_of(gc.get_referents(%s)))", "P(types_of(gc.get_referrers(%s)))", "P(sys.getsizeof(%s))", "P([type(q).__name__ for q in gc.get_referents(%s)])",
        "P(weakref.getweakrefcount(%s))", "P(rc(%s), type(%s).__name__)", "P(rc(type(%s)) if not isinstance(%s, type) and type(%s).__module__ == 'fuzz' else 0)", "P(rc(%s.__dict__), len(%s.__dict__))", "P(sys.getsizeof(%s.__dict__))",
        "P([type(q).__name__ for q in gc.get_referrers(%s)])",
    ]).replace("%s", name) + "\nexcept (TypeError, AttributeError) as e:\n    P(type(e).__name__)")


def thresholds(p):
    rng = p.rng
    p.add(rng.choice([
        "gc.set_threshold(%d, %d, %d)" % (rng.choice([1, 5, 20, 50]), rng.choice([1, 2, 5]), rng.choice([1, 2, 5])), "gc.disable()", "gc.enable()", "gc.freeze()", "gc.unfreeze()", "gc.set_debug(gc.DEBUG_SAVEALL)", "gc.set_debug(0)\ngc.garbage.clear()",
        "gc.callbacks.append(lambda phase, info: P(phase, info['generation'], info['collected'], info['uncollectable']))", "P(gc.get_freeze_count() > 0, gc.isenabled(), gc.get_threshold())", "gc.set_threshold(700, 10, 10)", "gc.callbacks.clear()",
    ]))


def churn(p):
    rng = p.rng
    n = rng.choice([3, 30, 200, 800])
    value = p.any()
    x = p.fresh("list")
    p.add(rng.choice([
        "{x} = []\nfor q in range({n}):\n    {x}.append([{v}])", "{x} = [{{'a': q}} for q in range({n})]", "{x} = []\nfor q in range({n}):\n    t = [q]\n    t.append(t)", "{x} = []\nfor q in range({n}):\n    {x}.append((q, {v}))",
        "{x} = [lambda: {v} for q in range({n})]", "{x} = {i}\n{x}.a = []\nfor q in range({n}):\n    {x}.a = [{x}.a]", "{x} = None\nfor q in range({n}):\n    {x} = ({x}, q)",
    ]).format(x=x, n=n, v=value, i=p.instance()))
    p.vars[x] = "any"


def manager(p):
    p.manager()
    value = p.any()
    p.add(p.rng.choice([
        "with Manager({v}) as m:\n    P(rc(m))", "with Manager({v}, True):\n    raise KeyError({v})", "try:\n    with Manager({v}) as m, Manager(m, False):\n        raise ValueError(m)\nexcept ValueError as e:\n    P(rc(e), rc(m))",
        "for q in range(2):\n    with Manager({v}):\n        continue", "with Manager([]) as {x}:\n    {x}.append({v})",
    ]).format(v=value, x=p.fresh("any")))


def klass(p):
    rng = p.rng
    if rng.random() < 0.5 or not p.classes:
        p.define_class()
        return
    c = rng.choice(p.classes)
    x = p.fresh("any")
    p.add("try:\n    " + rng.choice([
        "P(rc({c}), rc({c}.__mro__), rc({c}.__dict__))", "{x} = type('T', ({c},), {{'v': {v}}})\n    P(rc({x}), rc({c}))", "{c}.shared = {v}", "P(len({c}.__subclasses__()))", "P(types_of(gc.get_referents({c})))", "P(types_of(gc.get_referrers({c})))",
        "class {x}({c}):\n        held = {v}\n    P(rc({x}), sys.getsizeof({x}))", "{x} = {c}.__dict__\n    P(rc({x}))", "{x} = {c}.__new__({c}, 'raw')\n    {x}.n = 'raw'\n    P(rc({x}), sys.getsizeof({x}))", "P(sys.getsizeof({c}), {c}.__basicsize__, {c}.__dictoffset__, {c}.__weakrefoffset__)",
        "del {c}.shared", "{x} = {c}.f\n    P(rc({x}))", "{x} = super({c}, {c}('s'))\n    P(rc({x}), types_of(gc.get_referents({x})))", "{x} = {c}('q').f\n    P(rc({x}))", "P(type({c}('t')).__name__)", "{c}('lost')", "{c}('lost').a = {v}",
    ]).format(c=c, x=x, v=p.any()) + "\nexcept Exception as e:\n    P(type(e).__name__, rc(e))")


def function(p):
    p.define_function()


def closure(p):
    v = p.any()
    x, y = p.fresh("func"), p.fresh("any")
    p.add(p.rng.choice([
        "def outer(a):\n    b = [a]\n    def inner():\n        nonlocal b\n        b = [b]\n        return rc(a), rc(b)\n    return inner\n{x} = outer({v})\nP({x}())", "{x} = (lambda a: lambda: a)({v})\nP(rc({x}.__closure__), rc({x}.__closure__[0]))",
        "def recursive(n, held={v}):\n    P(rc(held), n)\n    return recursive(n - 1) if n else held\n{x} = recursive(2)", "def deco(f):\n    def wrapped(*args, **kw):\n        P(rc(args))\n        return f(*args, **kw)\n    return wrapped\n@deco\ndef {x}(q):\n    return rc(q)\nP({x}({v}))",
        "def counter():\n    {y} = {v}\n    for turn in range(3):\n        yield rc({y})\n{x} = counter()\nP(next({x}) - next({x}))" if p.rng.random() < 0 else "def local_cycle(q):\n    def me():\n        return me, q\n    return None\nlocal_cycle({v})\n{x} = local_cycle",
        "def takes(q):\n    try:\n        return q\n    finally:\n        del q\n{x} = takes({v})", "class {y}:\n    q = {v}\n    def m(self):\n        return __class__\n{x} = {y}.m\nP(rc({x}), rc({x}.__closure__))",
    ]).format(v=v, x=x, y=y))
    p.vars[x] = "any"
    if y in p.vars:
        p.vars[y] = "any"


def coroutine(p):
    v = p.any()
    x = p.fresh("any")
    p.add(p.rng.choice([
        "async def co(a):\n    P('co', rc(a))\n    return a\n{x} = co({v})\ntry:\n    {x}.send(None)\nexcept StopIteration as e:\n    P(rc(e), rc(e.value))", "async def co(a):\n    local = [a]\n    return local\n{x} = co({v})\n{x}.close()",
        "class Wait:\n    def __await__(self):\n        got = yield self\n        return got\nasync def co(a):\n    w = Wait()\n    r = await w\n    P(rc(w), rc(a))\n{x} = co({v})\nP(rc({x}.send(None)))\ntry:\n    {x}.send([])\nexcept StopIteration:\n    P('stop')",
        "async def ag(a):\n    try:\n        yield a\n    finally:\n        P('ag over', rc(a))\n{x} = ag({v})\ntry:\n    {x}.asend(None).send(None)\nexcept StopIteration as e:\n    P(rc(e.value))",
        "async def co(a):\n    return [q async for q in ag2(a)]\nasync def ag2(a):\n    yield a\n    yield rc(a)\n{x} = co({v})\ntry:\n    {x}.send(None)\nexcept StopIteration as e:\n    P(len(e.value))",
        "async def co(a):\n    async with Amgr(a) as m:\n        P(rc(m))\nclass Amgr:\n    def __init__(self, h):\n        self.h = h\n    async def __aenter__(self):\n        P('aenter', rc(self))\n        return self.h\n    async def __aexit__(self, *args):\n        P('aexit', rc(self), rc(args))\n{x} = co({v})\ntry:\n    {x}.send(None)\nexcept StopIteration:\n    pass",
    ]).format(v=v, x=x))


def loop(p):
    v = p.any()
    p.add(p.rng.choice([
        "for q in ({v}, {v}):\n    P(rc(q))\nelse:\n    P(rc(q))", "for i, q in enumerate([{v}, {v}]):\n    P(i, rc(q))", "for q in [[{v}], [1]]:\n    P(rc(q), rc(q[0]) if q[0] is {v} else 0)", "for a, b in zip([{v}], [[]]):\n    P(rc(a), rc(b))", "for k, q in dict(a={v}).items():\n    P(k, rc(q))",
        "i = 0\nwhile i < 2:\n    held = [{v}]\n    i += 1\nP(rc(held))", "for q in map(lambda z: [z], [{v}]):\n    P(rc(q))", "for q in (z for z in [{v}, {v}]):\n    P(rc(q))\n    break", "for q in reversed([{v}]):\n    P(rc(q))", "for q in sorted([3, 1], key=lambda z: rc({v})):\n    P(q)",
        "for q in {{'a': {v}}}.values():\n    P(rc(q))", "P([(rc(a), rc(b)) for a in [{v}] for b in [a, []] if rc(a)])", "P({{i: rc(q) for i, q in enumerate([{v}])}})", "[P(rc(q)) for q in ({v},)]", "P([rc(z) for q in [[{v}]] for z in q])", "print({v} is None, file=sink)", "P(rc(y := {v}), rc(y))",
    ]).format(v=v))


STATEMENTS = (
    [held] * 5 + [assign] * 8 + [alias] * 2 + [delete] * 4 + [attribute] * 3 + [drop_attribute] + [cycle] * 3 + [mutate] * 2 + [mutate_dict] * 2 + [unpack] + [call] * 4 + [use] * 6 + [method] * 4 + [generator] * 3 + [exception] * 3
    + [kept] * 2 + [weak] * 3 + [collect] * 4 + [count_delta] * 3 + [query] * 4 + [thresholds] + [churn] + [manager] + [klass] * 2 + [function] + [closure] * 2 + [coroutine] + [loop] * 2
)


def blocks_of(seed):
    """The program of a seed as (head, blocks)."""
    p = Program(seed)
    for _ in range(p.rng.randint(1, 3)):
        p.define_class()
    for _ in range(p.rng.choice([4, 8, 12, 20])):
        p.statement()
    for name in p.rng.sample(sorted(p.vars), min(len(p.vars), 3)):
        if name != "saved":
            p.add("%s = None" % name)
    p.add("P(gc.collect())")
    inside = p.rng.random() < 0.35
    return p, inside


def program(seed):
    p, inside = blocks_of(seed)
    return p.text(inside, p.blocks)


if __name__ == "__main__":
    import sys

    print(program(sys.argv[1] if len(sys.argv) > 1 else "1"))
