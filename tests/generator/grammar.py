"""Random Python 3.11 programs, drawn from the grammar.

A `Program` is made from a seed alone. Expressions and statements are lists of tokens, so that the
layout (blanks, line continuations, comments and line breaks within brackets) can be drawn as well:
places in the source are part of what is compared. Programs need not make sense, but most compile.
"""

import random

NAMES = ["a", "b", "c", "x", "y", "self", "cls", "value", "__p", "__q__", "_", "é", "变量", "print", "len",
         "int", "str", "list", "ValueError", "ﬁne", "__debug__", "__class__", "super", "T"]
# How often each is drawn: a few that are odd come seldom.
NAME_WEIGHTS = [9, 9, 9, 9, 9, 5, 3, 4, 4, 2, 3, 3, 2, 3, 3, 2, 2, 2, 2, 1, 1, 2, 2, 1]
ATTRIBUTES = ["a", "b", "real", "__p", "__q__", "é", "append", "x1"]
INTEGERS = ["0", "1", "2", "3", "7", "10", "255", "256", "257", "1_000", "0x1F", "0o17", "0b101", "00", "1000000",
            "2147483648", "99999999999999999999", "0xFFFF_FFFF_FFFF_FFFF_FF"]
FLOATS = ["0.0", "1.5", ".5", "1.", "1e10", "1E-5", "1e308", "1e400", "3.14_15", "0e0"]
IMAGINARY = ["1j", "0j", "2.5J", "1e3j"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^"]
COMPARISONS = [["<"], [">"], ["=="], ["!="], ["<="], [">="], ["is"], ["is", "not"], ["in"], ["not", "in"]]
PIECES = ["a", "b c", "é", "变", "\\n", "\\t", "\\\\", "\\x41", "\\u00e9", "\\U0001F600", "\\N{BULLET}", "\\101", "0",
          "%s", "%d %r", "%%", "%", "%5s", "%-3d|", "😀", " ", "#", "\\'", '\\"', "{{", "}}", "\\d", "\\ud800", "x_1"]
BYTE_PIECES = ["a", "bc", "\\n", "\\x00", "\\xff", "\\101", " ", "%s", "\\q"]


class Scope:
    """What may stand where: inside a function, a loop, and so on."""

    def __init__(self, function=False, asynchronous=False, loop=False, in_class=False, star=False):
        self.function = function
        self.asynchronous = asynchronous
        self.loop = loop
        self.in_class = in_class
        self.star = star

    def inside(self, **changes):
        scope = Scope(self.function, self.asynchronous, self.loop, self.in_class, self.star)
        scope.__dict__.update(changes)
        return scope


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.scope = Scope()
        self.budget = self.random.choice([15, 30, 60, 120])
        # Layout: mostly plain, sometimes wild.
        self.wild = self.random.random() < 0.35
        self.indent = self.random.choice(["    ", "  ", "\t", " "])

    # Choice.

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, options):
        return self.random.choice(options)

    def some(self, make, least=0, most=3):
        return [make() for _ in range(self.random.randint(least, most))]

    def separated(self, lists, separator=",", trailing=0.15):
        out = []
        for number, tokens in enumerate(lists):
            if number:
                out.append(separator)
            out += tokens
        if lists and self.chance(trailing):
            out.append(separator)
        return out

    def name(self):
        return self.random.choices(NAMES, NAME_WEIGHTS)[0]

    # Expressions.

    def expression(self, depth=0):
        """Any expression that needs no parentheses as an element."""
        self.budget -= 1
        if depth > 4 or self.budget < 0:
            return self.atom()
        make = self.random.choices(
            [self.atom, self.binary, self.unary, self.boolean, self.comparison, self.ternary, self.lambda_,
             self.call, self.attribute, self.subscript, self.display, self.comprehension, self.string,
             self.awaiting, self.fstring, self.formatting, self.walrus, self.yielding],
            [14, 8, 4, 5, 5, 3, 2, 8, 5, 5, 6, 4, 3, 1, 3, 1, 1.5, 0.7])[0]
        return make(depth + 1)

    def operand(self, depth):
        """An expression that binds tightly."""
        if depth > 4 or self.budget < 0 or self.chance(0.45):
            return self.atom()
        if self.chance(0.5):
            return self.primary(depth)
        return ["(", *self.expression(depth), ")"]

    def primary(self, depth):
        self.budget -= 1
        make = self.pick([self.call, self.attribute, self.subscript, self.display, self.comprehension, self.string])
        return make(depth + 1)

    def atom(self, depth=0):
        kind = self.random.random()
        if kind < 0.55:
            return [self.name()]
        if kind < 0.75:
            return [self.pick(INTEGERS)]
        if kind < 0.8:
            return [self.pick(FLOATS)]
        if kind < 0.82:
            return [self.pick(IMAGINARY)]
        if kind < 0.92:
            return [self.pick(["None", "True", "False", "...", "''", "'a'", '"s"', "b'x'"])]
        return [self.literal()]

    def binary(self, depth):
        out = self.operand(depth)
        for _ in range(self.pick([1, 1, 1, 2, 3])):
            out += [self.pick(BINARY), *self.operand(depth)]
        return out

    def unary(self, depth):
        return [self.pick(["-", "+", "~", "not"]), *self.operand(depth)]

    def boolean(self, depth):
        out = self.loose(depth)
        for _ in range(self.pick([1, 1, 2, 3])):
            out += [self.pick(["and", "or"]), *self.loose(depth)]
        return out

    def loose(self, depth):
        kind = self.random.random()
        if kind < 0.2:
            return self.comparison(depth + 1)
        if kind < 0.35:
            return ["not", *self.operand(depth)]
        return self.operand(depth)

    def comparison(self, depth):
        out = self.operand(depth)
        for _ in range(self.pick([1, 1, 1, 2, 3])):
            out += [*self.pick(COMPARISONS), *self.operand(depth)]
        return out

    def ternary(self, depth):
        return [*self.boolean_or_operand(depth), "if", *self.boolean_or_operand(depth), "else", *self.expression(depth)]

    def boolean_or_operand(self, depth):
        return self.boolean(depth + 1) if self.chance(0.3) else self.operand(depth)

    def lambda_(self, depth):
        outer, self.scope = self.scope, self.scope.inside(function=True, asynchronous=False, loop=False)
        out = ["lambda", *self.parameters(depth, annotated=False), ":", *self.expression(depth)]
        self.scope = outer
        return out

    def walrus(self, depth):
        return ["(", self.pick("abxy"), ":=", *self.expression(depth), ")"]

    def yielding(self, depth):
        if not self.scope.function and self.chance(0.9):
            return self.atom()
        if self.chance(0.3) and not self.scope.asynchronous:
            return ["(", "yield", "from", *self.expression(depth), ")"]
        return ["(", "yield", *(self.expression_list(depth) if self.chance(0.8) else []), ")"]

    def awaiting(self, depth):
        if not self.scope.asynchronous and self.chance(0.9):
            return self.atom()
        return ["(", "await", *self.operand(depth), ")"]

    def call(self, depth):
        out = self.callee(depth)
        if self.chance(0.1):
            return [*out, "(", *self.expression(depth), *self.clauses(depth), ")"]
        positional = self.some(lambda: self.argument(depth))
        keywords = self.some(lambda: self.keyword(depth), 0, 2) if self.chance(0.4) else []
        return [*out, "(", *self.separated(positional + keywords), ")"]

    def callee(self, depth):
        if self.chance(0.5):
            return [self.name()]
        return self.attribute(depth) if self.chance(0.6) else self.operand(depth)

    def argument(self, depth):
        if self.chance(0.12):
            return ["*", *self.operand(depth)]
        if self.chance(0.04):
            return [self.pick("abxy"), ":=", *self.expression(depth)]
        return self.expression(depth)

    def keyword(self, depth):
        if self.chance(0.2):
            return ["**", *self.operand(depth)]
        # A keyword given twice is an error; numbers keep most apart.
        return [self.pick(["k", "é", "__p", "key"]) + str(self.random.randint(0, 40)), "=", *self.expression(depth)]

    def attribute(self, depth):
        return [*self.operand(depth), ".", self.pick(ATTRIBUTES)]

    def subscript(self, depth):
        indices = [self.index(depth) for _ in range(self.pick([1, 1, 1, 1, 2, 3]))]
        return [*self.operand(depth), "[", *self.separated(indices), "]"]

    def index(self, depth):
        if self.chance(0.35):
            part = lambda: self.expression(depth) if self.chance(0.5) else []
            return [*part(), ":", *part(), *([":", *part()] if self.chance(0.3) else [])]
        if self.chance(0.06):
            return ["*", *self.operand(depth)]
        return self.expression(depth)

    def element(self, depth):
        return ["*", *self.operand(depth)] if self.chance(0.12) else self.expression(depth)

    def display(self, depth):
        kind = self.random.random()
        if self.chance(0.2):
            elements = [[token] for token in self.random.choices(INTEGERS + ["'a'", "None"], k=self.random.randint(1, 5))]
        elif self.chance(0.02):
            elements = [[str(number)] for number in range(self.random.randint(28, 40))]
        else:
            elements = self.some(lambda: self.element(depth), 0, 4)
        if kind < 0.35:
            return ["[", *self.separated(elements), "]"]
        if kind < 0.65:
            if len(elements) == 1:
                return ["(", *elements[0], ",", ")"]
            return ["(", *self.separated(elements), ")"]
        if kind < 0.8:
            return ["{", *self.separated(elements or [self.atom()]), "}"]
        items = []
        for _ in range(self.pick([0, 1, 2, 3, 18])):
            if self.chance(0.12):
                items.append(["**", *self.operand(depth)])
            elif self.chance(0.5):
                items.append([self.pick(INTEGERS + ["'a'", "'b'"]), ":", *self.expression(depth)])
            else:
                items.append([*self.expression(depth), ":", *self.expression(depth)])
        return ["{", *self.separated(items), "}"]

    def comprehension(self, depth):
        kind = self.pick("lsdg")
        outer, self.scope = self.scope, self.scope.inside(loop=False)
        clauses = self.clauses(depth)
        element = self.expression(depth)
        if kind == "d":
            element = [*element, ":", *self.expression(depth)]
        self.scope = outer
        opening, closing = {"l": "[]", "s": "{}", "d": "{}", "g": "()"}[kind]
        return [opening, *element, *clauses, closing]

    def clauses(self, depth):
        out = []
        for _ in range(self.pick([1, 1, 1, 2, 3])):
            if self.chance(0.06) or (self.scope.asynchronous and self.chance(0.2)):
                out.append("async")
            out += ["for", *self.target(simple=self.chance(0.7)), "in", *self.boolean_or_operand(depth)]
            for _ in range(self.pick([0, 0, 1, 2])):
                out += ["if", *self.boolean_or_operand(depth)]
        return out

    def literal(self):
        if self.chance(0.2):
            return self.quoted(self.pick(["b", "B", "rb", "Rb", "br"]), BYTE_PIECES)
        return self.quoted(self.pick(["", "", "", "", "r", "R", "u", "U"]), PIECES)

    def quoted(self, prefix, pieces):
        quote = self.pick(["'", '"', "'", '"', "'''", '"""'])
        body = "".join(self.random.choices(pieces, k=self.random.randint(0, 4)))
        if len(quote) == 3 and self.chance(0.5):
            body += "\n" + self.pick(["", "  ", "é"]) + self.pick(["x", "\\\n", "#"])
        if "\\N" in body and "r" in prefix.lower():
            body = body.replace("\\N", "N")
        if body.endswith("\\"):
            body += "n"
        return prefix + quote + body + quote

    def string(self, depth):
        out = [self.literal()]
        if self.chance(0.3):
            byte = "b" in out[0][:2].lower().split("'")[0].split('"')[0]
            for _ in range(self.pick([1, 1, 2])):
                if byte:
                    out.append(self.quoted("b", BYTE_PIECES))
                elif self.chance(0.3):
                    out += self.fstring(depth)
                else:
                    out.append(self.quoted(self.pick(["", "r", "u"]), PIECES))
        return out

    def formatting(self, depth):
        text = "".join(self.random.choices(["%s", "%r", "%a", "%5s", "%-4r", "%d", "%%", "x", " ", "%.3s"],
                                           k=self.random.randint(0, 5)))
        values = self.some(lambda: self.expression(depth), 0, 4)
        tuple_ = ["(", *values[0], ",", ")"] if len(values) == 1 else ["(", *self.separated(values, trailing=0), ")"]
        return ["'" + text + "'", "%", *tuple_]

    def fstring(self, depth):
        quote = self.pick(["'", '"', '"""'])
        inner = '"' if quote == "'" else "'"
        raw = self.chance(0.15)
        out = []
        for _ in range(self.random.randint(0, 4)):
            if self.chance(0.5):
                piece = self.pick([piece for piece in PIECES if "\\'" not in piece and '\\"' not in piece])
                if piece in ("{", "}") or (raw and piece.startswith("\\N")):
                    piece = "x"
                out.append(piece)
            else:
                out.append(self.field(inner, depth, 0))
        return [self.pick(["f", "F"] if not raw else ["rf", "fR"]) + quote + "".join(out) + quote]

    def field(self, inner, depth, level):
        value = self.pick([
            lambda: self.name(), lambda: self.name() + "." + self.pick(ATTRIBUTES),
            lambda: self.name() + "[" + inner + "k" + inner + "]", lambda: self.name() + " + 1",
            lambda: "(" + self.name() + ")", lambda: self.pick(INTEGERS), lambda: "f(" + self.name() + ", 2)",
            lambda: " " + self.name() + " ", lambda: inner + "t" + inner, lambda: "a, b", lambda: "*a, 1",
            lambda: " [x for x in y] ", lambda: "(lambda: 1)()", lambda: "{1: 2}[1]" if False else " {1, 2}",
            lambda: "a if b else c", lambda: "yield", lambda: "a == b", lambda: "a != b", lambda: "not a",
            lambda: self.layout(self.operand(5)).replace("\\", "").replace("\n", " ").replace("#", "")
                .replace("'", "").replace('"', ""),
        ])()
        out = "{" + value
        if self.chance(0.15):
            out += self.pick(["=", " = ", "= "])
        if self.chance(0.2):
            out += "!" + self.pick("rsa")
        if self.chance(0.25):
            out += ":" + "".join(self.some(
                lambda: self.field(inner, depth, 1) if level == 0 and self.chance(0.4) else self.pick([">", "10", ".3f", "é", " "]),
                0, 3))
        return out + "}"

    def expression_list(self, depth=0):
        if self.chance(0.75):
            return self.expression(depth)
        return self.separated(self.some(lambda: self.element(depth), 2, 3))

    # Targets and parameters.

    def target(self, simple=False):
        kind = self.random.random()
        if simple or kind < 0.5:
            return [self.pick(["a", "b", "x", "y", "é", "__p", "self"])]
        if kind < 0.62:
            return [*self.operand(4), ".", self.pick(ATTRIBUTES)] if self.chance(0.7) else ["a", ".", "b"]
        if kind < 0.74:
            return ["x", "[", *self.index(4), "]"]
        parts = self.some(lambda: self.target(simple=self.chance(0.6)), 1, 3)
        if self.chance(0.3):
            parts[self.random.randrange(len(parts))] = ["*", *self.target(simple=True)]
        if kind < 0.84:
            return ["[", *self.separated(parts), "]"]
        if len(parts) == 1:
            return ["(", *parts[0], ",", ")"]
        return ["(", *self.separated(parts), ")"] if kind < 0.93 else self.separated(parts, trailing=0)

    def parameters(self, depth, annotated=True):
        names = ["a", "b", "c", "x", "y", "é", "__p", "self", "k", "z"]
        self.random.shuffle(names)
        def parameter(default):
            out = [names.pop()]
            if annotated and self.chance(0.3):
                out += [":", *self.expression(depth + 2)]
            if default:
                out += ["=", *self.expression(depth + 2)]
            return out
        parts = []
        defaulted = False
        for number in range(self.pick([0, 0, 1, 2, 3])):
            defaulted = defaulted or self.chance(0.25)
            parts.append(parameter(defaulted))
        if parts and self.chance(0.15):
            parts.insert(self.random.randint(1, len(parts)), ["/"])
        if self.chance(0.25):
            star = ["*", names.pop()]
            if annotated and self.chance(0.3):
                star += [":", *(["*"] if self.chance(0.3) else []), *self.operand(depth + 2)]
            parts.append(star if self.chance(0.7) else ["*"])
            keyword_only = [parameter(self.chance(0.5)) for _ in range(self.pick([0, 1, 2]))]
            if parts[-1] == ["*"] and not keyword_only:
                keyword_only = [parameter(False)]
            parts += keyword_only
        if self.chance(0.15):
            parts.append(["**", names.pop()])
        return self.separated(parts, trailing=0.1 if parts else 0)

    # Patterns.

    def pattern(self, depth=0):
        kind = self.random.random()
        if depth > 2 or kind < 0.25:
            return self.pick([
                lambda: ["_"], lambda: [self.pick(["a", "b", "x", "é"])], lambda: [self.pick(INTEGERS)],
                lambda: ["-", self.pick(INTEGERS)], lambda: [self.pick(["None", "True", "False"])],
                lambda: ["'s'"], lambda: ["a", ".", "b", ".", "c"], lambda: ["-", "1", "+", "2j"],
                lambda: ["'a'", "b'x'" if self.chance(0.05) else "'b'"], lambda: ["1.5"],
            ])()
        if kind < 0.4:
            parts = [self.pattern(depth + 1) for _ in range(self.pick([2, 2, 3]))]
            return ["(", *self.separated(parts, "|", 0), ")"]
        if kind < 0.5:
            return ["(", *self.pattern(depth + 1), "as", self.pick(["a", "b", "w"]), ")"]
        if kind < 0.72:
            parts = self.some(lambda: self.pattern(depth + 1), 0, 3)
            if self.chance(0.3):
                parts.insert(self.random.randint(0, len(parts)), ["*", self.pick(["_", "rest", "r"])])
            if self.chance(0.5):
                return ["[", *self.separated(parts), "]"]
            return ["(", *parts[0], ",", ")"] if len(parts) == 1 else ["(", *self.separated(parts), ")"]
        if kind < 0.86:
            parts = [[self.pick(["'k'", "1", "-1", "a.b", "None", "'é'", "2+3j"]), ":", *self.pattern(depth + 1)]
                     for _ in range(self.pick([0, 1, 2]))]
            if self.chance(0.3):
                parts.append(["**", self.pick(["rest", "kw"])])
            return ["{", *self.separated(parts), "}"]
        parts = self.some(lambda: self.pattern(depth + 1), 0, 2)
        keywords = self.random.sample(["k", "l", "é"], self.pick([0, 0, 1, 2]))
        parts += [[keyword, "=", *self.pattern(depth + 1)] for keyword in keywords]
        return [*self.pick([["C"], ["int"], ["a", ".", "B"]]), "(", *self.separated(parts), ")"]

    # Statements: lists of (depth, tokens) lines.

    def block(self, depth, **changes):
        outer, self.scope = self.scope, self.scope.inside(**changes)
        lines = []
        if self.chance(0.12):
            lines.append((depth, [self.quoted(self.pick(["", "", "r", "b"]), ["doc", "é", "\\n", " "])]))
        for _ in range(self.pick([1, 1, 2, 3])):
            lines += self.statement(depth)
        self.scope = outer
        return lines

    def suite(self, depth, head, **changes):
        """A header with its block, on one line now and then."""
        if self.chance(0.12):
            outer, self.scope = self.scope, self.scope.inside(**changes)
            lines = [(depth, [*head, ":", *self.separated(self.some(self.simple, 1, 2), ";", 0.1)])]
            self.scope = outer
            return lines
        return [(depth, [*head, ":"]), *self.block(depth + 1, **changes)]

    def statement(self, depth):
        self.budget -= 2
        if depth > 5 or self.budget < 0 or self.chance(0.55):
            return [(depth, self.separated(self.some(self.simple, 1, self.pick([1, 1, 1, 2])), ";", 0.03))]
        make = self.random.choices(
            [self.if_, self.while_, self.for_, self.try_, self.with_, self.match_, self.function, self.class_],
            [6, 3, 4, 4, 3, 2.5, 5, 3])[0]
        return make(depth)

    def simple(self):
        return self.random.choices(
            [self.expression_list, self.assignment, self.augmented, self.annotated, self.delete, lambda: ["pass"],
             self.leaving, self.raising, self.scoping, self.importing, self.asserting, self.plain_yield],
            [6, 10, 3, 2, 2, 1.5, 4, 1.5, 1, 2, 1.5, 1])[0]()

    def assignment(self):
        out = []
        for _ in range(self.pick([1, 1, 1, 2, 3])):
            out += [*self.target(), "="]
        if self.scope.function and self.chance(0.04):
            return [*out, "yield", *self.expression_list()]
        return [*out, *self.expression_list()]

    def augmented(self):
        target = self.pick([["x"], ["a", ".", "b"], ["x", "[", *self.index(3), "]"], [self.name()]])
        return [*target, self.pick(BINARY) + "=", *self.expression_list()]

    def annotated(self):
        target = self.pick([["x"], ["__p"], ["(", "x", ")"], ["a", ".", "b"], ["x", "[", "0", "]"], ["é"]])
        value = ["=", *self.expression_list()] if self.chance(0.6) else []
        return [*target, ":", *self.expression(2), *value]

    def delete(self):
        return ["del", *self.separated(self.some(lambda: self.target(), 1, 3), trailing=0.05)]

    def leaving(self):
        if self.scope.loop and self.chance(0.6):
            return [self.pick(["break", "continue"])]
        if self.scope.function or self.chance(0.02):
            return ["return", *(self.expression_list() if self.chance(0.75) else [])]
        if self.chance(0.02):
            return [self.pick(["break", "continue"])]
        return ["pass"]

    def raising(self):
        if self.chance(0.2):
            return ["raise"]
        return ["raise", *self.expression(1), *(["from", *self.expression(1)] if self.chance(0.3) else [])]

    def scoping(self):
        keyword = "nonlocal" if self.scope.function and self.chance(0.3) else "global"
        return [keyword, *self.separated([[self.pick(["g", "h", "a", "x", "__p"])] for _ in range(self.pick([1, 1, 2]))], trailing=0)]

    def dotted(self):
        return self.separated([[self.pick(["os", "path", "é", "__p", "m"])] for _ in range(self.pick([1, 1, 2, 3]))], ".", 0)

    def importing(self):
        alias = lambda: ["as", self.pick(["a", "x", "__p"])] if self.chance(0.35) else []
        if self.chance(0.5):
            return ["import", *self.separated([[*self.dotted(), *alias()] for _ in range(self.pick([1, 1, 2]))], trailing=0)]
        dots = [self.pick([".", "..", "...", "....", "."])] if self.chance(0.3) else []
        module = [] if dots and self.chance(0.4) else self.dotted()
        if self.chance(0.06) and not self.scope.function and not self.scope.in_class:
            return ["from", *dots, *module, "import", "*"]
        names = [[self.pick(["a", "b", "é", "__p"]), *alias()] for _ in range(self.pick([1, 1, 2, 3]))]
        if self.chance(0.3):
            return ["from", *dots, *module, "import", "(", *self.separated(names), ")"]
        return ["from", *dots, *module, "import", *self.separated(names, trailing=0)]

    def asserting(self):
        return ["assert", *self.expression(1), *([",", *self.expression(1)] if self.chance(0.4) else [])]

    def plain_yield(self):
        if not self.scope.function:
            return ["pass"]
        if self.scope.asynchronous and self.chance(0.5):
            return ["await", *self.operand(2)]
        if self.chance(0.3) and not self.scope.asynchronous:
            return ["yield", "from", *self.expression(1)]
        return ["yield", *(self.expression_list() if self.chance(0.8) else [])]

    def condition(self):
        if self.chance(0.08):
            return [self.pick(["0", "1", "True", "False", "None", "__debug__", "''", "...", "()"])]
        if self.chance(0.05):
            return [self.pick("abxy"), ":=", *self.expression(1)]
        return self.pick([self.boolean, self.comparison, self.expression, self.expression, self.ternary])(1)

    def if_(self, depth):
        lines = self.suite(depth, ["if", *self.condition()])
        for _ in range(self.pick([0, 0, 0, 1, 2])):
            lines += self.suite(depth, ["elif", *self.condition()])
        if self.chance(0.4):
            lines += self.suite(depth, ["else"])
        return lines

    def while_(self, depth):
        lines = self.suite(depth, ["while", *self.condition()], loop=True)
        return lines + (self.suite(depth, ["else"]) if self.chance(0.25) else [])

    def for_(self, depth):
        asynchronous = ["async"] if (self.scope.asynchronous and self.chance(0.5)) or self.chance(0.01) else []
        lines = self.suite(depth, [*asynchronous, "for", *self.target(), "in", *self.expression_list()], loop=True)
        return lines + (self.suite(depth, ["else"]) if self.chance(0.25) else [])

    def try_(self, depth):
        lines = self.suite(depth, ["try"])
        star = ["*"] if self.chance(0.2) else []
        handlers = self.pick([0, 1, 1, 2])
        for number in range(handlers):
            kind = ["except", *star]
            if star or number + 1 < handlers or self.chance(0.8):
                kind += self.expression(2)
                if self.chance(0.5):
                    kind += ["as", self.pick(["e", "x", "__p"])]
            loop = self.scope.loop and (not star or self.chance(0.1))
            function = self.scope.function and (not star or self.chance(0.2))
            lines += self.suite(depth, kind, loop=loop, function=function)
        if handlers and self.chance(0.3):
            lines += self.suite(depth, ["else"])
        if not handlers or self.chance(0.3):
            lines += self.suite(depth, ["finally"])
        return lines

    def with_(self, depth):
        asynchronous = ["async"] if (self.scope.asynchronous and self.chance(0.5)) or self.chance(0.01) else []
        items = []
        for _ in range(self.pick([1, 1, 2, 3])):
            bound = ["as", *self.target(simple=self.chance(0.5))] if self.chance(0.5) else []
            if bound and "," in bound and bound[1] not in ("(", "["):
                bound = ["as", "x"]
            items.append([*self.expression(1), *bound])
        if self.chance(0.3):
            return self.suite(depth, [*asynchronous, "with", "(", *self.separated(items), ")"])
        return self.suite(depth, [*asynchronous, "with", *self.separated(items, trailing=0)])

    def match_(self, depth):
        lines = [(depth, ["match", *self.expression_list(1), ":"])]
        for _ in range(self.pick([1, 2, 2, 3])):
            guard = ["if", *self.condition()] if self.chance(0.25) else []
            pattern = self.pattern()
            if self.chance(0.1):
                pattern = [*pattern, ",", *self.pattern(1)]
            lines += self.suite(depth + 1, ["case", *pattern, *guard])
        if self.chance(0.3):
            lines += self.suite(depth + 1, ["case", "_"])
        return lines

    def decorators(self, depth):
        return [(depth, ["@", *self.operand(2)]) for _ in range(self.pick([0, 0, 0, 1, 2]))]

    def function(self, depth):
        lines = self.decorators(depth)
        asynchronous = self.chance(0.25)
        parameters = self.parameters(1)
        returns = ["->", *self.expression(2)] if self.chance(0.2) else []
        name = self.pick(["f", "g", "__p", "__init__", "é", "h"])
        head = [*(["async"] if asynchronous else []), "def", name, "(", *parameters, ")", *returns]
        return lines + self.suite(depth, head, function=True, asynchronous=asynchronous, loop=False, in_class=False)

    def class_(self, depth):
        lines = self.decorators(depth)
        head = ["class", self.pick(["C", "__D", "_E", "é"])]
        if self.chance(0.5):
            arguments = self.some(lambda: self.argument(3), 0, 2)
            arguments += self.some(lambda: self.keyword(3), 0, 1) if self.chance(0.3) else []
            head += ["(", *self.separated(arguments), ")"]
        return lines + self.suite(depth, head, function=False, asynchronous=False, loop=False, in_class=True)

    # Layout.

    def gap(self, before, after, level):
        """What stands between two tokens."""
        word = lambda text: text[-1:].isalnum() or text[-1:] == "_" or text[-1:] > "~"
        joined = word(before) and (word(after[:1]) or after[0] in "'\"") or before[-1].isdigit() and after[0] == "."
        joined = joined or before in "-+" and after == before
        if self.wild:
            kind = self.random.random()
            if level and kind < 0.06:
                return self.pick(["\n", "\n  ", " # é comment\n", "\n\n\t", "  \n"])
            if kind < 0.09:
                return self.pick([" \\\n", "\\\n", "  ", "\t", " \f"])
            if not joined and kind < 0.5:
                return ""
            return " "
        if joined:
            return " "
        if after in (",", ")", "]", "}", ":", ".", ";") or before in ("(", "[", "{", ".", "~", "@"):
            return ""
        if after in ("(", "[") and (word(before) or before in ")]"):
            return " " if before in ("in", "and", "or", "not", "if", "else", "return", "yield", "await") else ""
        return " "

    def layout(self, tokens):
        out = []
        level = 0
        for number, token in enumerate(tokens):
            if number:
                out.append(self.gap(tokens[number - 1], token, level))
            if token in ("(", "[", "{"):
                level += 1
            elif token in (")", "]", "}"):
                level -= 1
            out.append(token)
        return "".join(out)

    def render(self, lines):
        out = []
        for depth, tokens in lines:
            if self.wild and self.chance(0.1):
                out.append(self.pick(["", "# é", "   ", "\f", "        # deep"]))
            comment = self.pick(["  # note", " ", "\t", " #é"]) if self.wild and self.chance(0.1) else ""
            out.append(self.indent * depth + self.layout(tokens) + comment)
        text = "\n".join(out)
        return text + "\n" if self.chance(0.93) else text

    # Whole programs.

    def module(self):
        lines = []
        if self.chance(0.1):
            lines.append((0, ["'''module é'''"]))
        if self.chance(0.12):
            features = ["annotations", "division", "generator_stop", "print_function", "unicode_literals"]
            if self.chance(0.1):
                features = ["braces", "nested", "barry_as_FLUFL"]
            lines.append((0, ["from", "__future__", "import", self.pick(features)]))
        for _ in range(self.pick([1, 2, 3, 5])):
            lines += self.statement(0)
        return self.render(lines)

    def long(self):
        """Many names, constants and long jumps."""
        body = []
        count = self.pick([90, 140, 280])
        for number in range(count):
            body.append((2, [f"v{number}", "=", str(number + 1000), self.pick(["+", "*"]), "a"]))
            if self.chance(0.02):
                body += self.statement(2)
        head = self.pick([["while", "a"], ["for", "a", "in", "b"], ["if", "a"], ["with", "a"], ["try"]])
        lines = [(0, ["def", "f", "(", "a", ",", "b", ")", ":"])]
        self.scope = Scope(function=True, loop=head[0] in ("while", "for"))
        lines += [(1, [*head, ":"]), *body]
        if head == ["try"]:
            lines += [(1, ["finally", ":"]), (2, ["b", "(", ")"])]
        elif head[0] in ("while", "if", "for"):
            lines += [(1, ["else", ":"]), (2, ["b", "(", ")"])]
        self.scope = Scope(function=True)
        return self.render(lines + self.statement(1))

    def deep(self):
        """Much nested."""
        depth = self.pick([20, 60, 90, 100, 199, 201, 250])
        kind = self.random.randrange(6)
        if kind == 0:
            return "x = " + "(" * depth + "a" + ")" * depth + "\n"
        if kind == 1:
            return "x = " + "[" * depth + "]" * depth + "\n"
        if kind == 2:
            depth = min(depth, 101)
            return "".join(" " * level + self.pick(["if a:", "while b:", "for c in d:" if level % 3 else "if b:"]) + "\n"
                           for level in range(depth)) + " " * depth + "pass\n"
        if kind == 3:
            depth = min(depth, 60)
            return "".join(" " * level + self.pick(["def f(a):", "class C:", "def g():"]) + "\n"
                           for level in range(depth)) + " " * depth + "return a\n"
        if kind == 4:
            return "x = " + self.pick(["-", "not ", "a + ", "a.b(", "lambda: "]) * depth + "a" + "\n"
        return "x = " + "a if b else " * depth + "c\n"


TOKENS = ["(", ")", "[", "]", "{", "}", ",", ":", ";", "=", "==", ":=", "*", "**", ".", "->", "@", "+", "if", "else", "for",
          "in", "not", "and", "lambda", "def", "class", "import", "from", "as", "try", "except", "with", "async",
          "await", "yield", "return", "None", "True", "x", "1", "'s'", "f'{x}'", "b'y'", "$", "?", "!", "\n", "\n  ", "\\",
          "0777", "1_", "1__0", "0b2", "'", '"', "'''", "print x", "é", "…", "match", "case", "del", "global", "nonlocal",
          "f'{'", "f'{x!z}'", "f'{}'", "'\\x4'", "b'é'", "...", "!=", "<>", "++", "assert", "raise", "elif", "pass", "1e", "0x", "~"]


def broken(program, text):
    """A program with one to three mistakes in it."""
    pick = program.pick
    for _ in range(pick([1, 1, 1, 2, 3])):
        words = split(text)
        if not words:
            return text
        at = program.random.randrange(len(words))
        kind = program.random.randrange(7)
        if kind == 0:
            del words[at]
        elif kind == 1:
            words.insert(at, pick(TOKENS))
        elif kind == 2:
            words[at] = pick(TOKENS)
        elif kind == 3:
            words.insert(at, words[at])
        elif kind == 4:
            other = program.random.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        elif kind == 5:
            words[at] = words[at][: program.random.randint(0, len(words[at]))]
        else:
            words = words[:at] if program.chance(0.5) else words[at:]
        text = "".join(words)
    return text


def split(text):
    """Words, blanks, and single characters, roughly as tokens."""
    out = []
    for char in text:
        word = char.isalnum() or char == "_"
        if out and (word and (out[-1][-1].isalnum() or out[-1][-1] == "_") or char == " " and out[-1][-1] == " "):
            out[-1] += char
        else:
            out.append(char)
    return out


def draw(seed):
    """The program of a seed: mode, optimization level, whether it is handed over as bytes, its text."""
    program = Program(seed)
    pick, chance = program.pick, program.chance
    mode = program.random.choices(["exec", "eval", "single"], [16, 2, 2])[0]
    kind = program.random.random()
    if mode == "eval":
        text = program.layout(program.expression_list())
        if chance(0.2):
            text = pick([" ", "\t", "\n", "  "]) + text + pick(["", "\n", "  \n"])
    elif mode == "single":
        text = program.render(program.statement(0))
        if chance(0.3):
            text += "\n"
    elif kind < 0.01:
        text = program.long()
    elif kind < 0.02:
        text = program.deep()
    else:
        text = program.module()
    if chance(0.3):
        text = broken(program, text)
    if chance(0.01):
        text = text.replace("\n", pick(["\r\n", "\r"]))
    return mode, pick([0, 0, 0, 1, 2]), chance(0.15), text
