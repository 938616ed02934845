"""Broken programs, one mistake each, and sound ones to break at random."""

BROKEN = [
    # Brackets
    "x = (1, 2\ny = 3\n", "x = [1, 2\n", "f(a, b\n", "x = {1: 2\nprint(x)\n", "x = 1)\n", "x = ]\n", "}\n",
    "x = (1]\n", "x = [1, (2\n, 3]\n", "x = {1: (2}\n", "foo(\n", "a = (\n\n", "d = {'a': 1,\n  'b': [1, 2}\n",
    "print((1)\nx = 2\n", "def f(\n    pass\n", "(((((\n", "x = [\n  1,\n  2\ny = 4\nz = ]\n",
    # Strings
    "x = 'abc\n", "x = \"abc\n", "x = '''abc\n", "x = 1\ny = \"\"\"abc\ndef\n", "print('it's')\n", "x = 'a\\\n",
    "f'abc\n", "b'abc\n", "x = b'\u00e9'\n", "'a' b'b'\n", "b'a' 'b'\n", "'\\x4'\n", "'\\u12'\n", "'\\U00110000'\n",
    "'\\N{no such name}'\n", "'\\N{'\n", "'\\N'\n", "b'\\x4'\n", "'abc\\\\\\x'\n", "u'\\u'\n", "x = 'a' '\\x'\ny\n",
    "ur'abc'\n", "bf'a'\n", "x = '\u00e9\\x1'\n", "kf'abc'\n",
    # F-strings
    "f'{'\n", "f'{}'\n", "f'{a'\n", "f'}'\n", "f'a}b'\n", "f'{a b}'\n", "f'{a!x}'\n", "f'{a!}'\n", "f'{a!rr}'\n", "f'{ }'\n",
    "f'{a:{b:{c}}}'\n", "f'{\\n}'\n", "f'{a#b}'\n", "f'{a[}'\n", "f'{(a}'\n", "f'{a)}'\n", "f'{a]}'\n", "f'{\"a}'\n",
    "f'{a:'\n", "f'{a=!'\n", "f'{1+}'\n", "f'{lambda x:1}'\n", "f'{x = y}'\n", "f'{def}'\n", "f'{*}'\n", "f'{a:{}}'\n",
    "f'{1a}'\n", "f'{a} {b c}'\n", "x = 1\ny = f'''\n{a b}\n'''\n", "f'{print 1}'\n", "f'{a.1}'\n", "f'{!r}'\n", "f'{:x}'\n",
    "f'{=}'\n", "f'{a $ b}'\n", "f'\\x'\n", "f'{a;b}'\n", "f'{yield}' = 1\n", "f'{a}' = 1\n", "f'{a'\n'b}'\n",
    "print(f'{x['a']}')\n", "f\"{d[\"k\"]}\"\n",
    # Numbers
    "1a\n", "0777\n", "0x\n", "0xg\n", "0b2\n", "0o8\n", "0b\n", "0o\n", "1__0\n", "1_\n", "1e\n", "1e+\n", "1.e\n", "1.5abc\n", "0_7\n",
    "00012\n", "1jx\n", "0xfz\n", "0b1012\n", "0o78\n", "x = 12abc + 1\n", "1.2.3\n", "0123.5 + 08\n", "5x = 3\n", "3.real\n", "1if\n",
    # Names and characters
    "x = $\n", "a ? b\n", "x = a!b\n", "`a`\n", "x = \u00a0 1\n", "\u20ac = 1\n", "x = \u201cabc\u201d\n", "a\u200bb = 1\n", "x = 1 \u2013 2\n",
    "x = a \\ b\n", "x = a \\\n", "\\\n", "x = \\ \n  1\n", "x @ = 1\n", "a\x01b\n", "x = \x7f\n", "na\u00efve\u2212x\n", "1 <> 2\n",
    # Statements
    "if\n", "if x\n", "if x\n    y\n", "if x:\n", "if x:\ny\n", "if x: y\nelif\n", "if x: y\nelif z\n    a\n", "if x: y\nelse\n    z\n",
    "if x:\n    y\nelse:\nz\n", "if x = 3:\n    pass\n", "while\n", "while x\n    y\n", "while x:\ny\n", "while x = 1: pass\n", "for\n", "for x\n",
    "for x in\n", "for x in y\n    z\n", "for x in y:\nz\n", "for 1 in y: pass\n", "for f() in y: pass\n", "for x, 1 in y: pass\n", "for x y in z: pass\n",
    "for x in y, z w: pass\n", "for (x in y): pass\n", "def\n", "def f\n", "def f:\n    pass\n", "def f()\n    pass\n", "def f():\npass\n", "def f(:\n    pass\n",
    "def f(a, a=1, b): pass\n", "def f(a=1, b): pass\n", "def f(*): pass\n", "def f(*, **k): pass\n", "def f(**k, a): pass\n", "def f(**k, *a): pass\n",
    "def f(*a, *b): pass\n", "def f(*a=1): pass\n", "def f(**k=1): pass\n", "def f(a, /, b, /): pass\n", "def f(/, a): pass\n", "def f(*a, /): pass\n",
    "def f((a, b)): pass\n", "def f(a=): pass\n", "def f(1): pass\n", "def f(a b): pass\n", "def f(a, (b)): pass\n", "def f(a.b): pass\n", "def f(a,,b): pass\n",
    "def f(a:): pass\n", "def f() -> : pass\n", "def f(lambda): pass\n", "def 1f(): pass\n", "def f(None): pass\n", "def class(): pass\n", "def f(a, /*, b): pass\n",
    "class\n", "class A\n    pass\n", "class A:\npass\n", "class A(:\n    pass\n", "class A()\n    pass\n", "class 1: pass\n", "class A(x for x in y): pass\n", "class A.b: pass\n",
    "try\n    x\n", "try:\n    x\n", "try:\nx\n", "try:\n    x\ny\n", "try:\n    x\nexcept\n    y\n", "try:\n    x\nexcept:\ny\n", "try:\n    x\nexcept A\n    y\n",
    "try:\n    x\nexcept A, B:\n    y\n", "try:\n    x\nexcept A, B as e:\n    y\n", "try:\n    x\nexcept A as 1:\n    y\n", "try:\n    x\nexcept A as a.b:\n    y\n",
    "try:\n    x\nfinally\n    y\n", "try:\n    x\nfinally:\ny\n", "try:\n    x\nelse:\n    y\n", "try:\n    x\nexcept* A:\n    y\nexcept B:\n    z\n",
    "try:\n    x\nexcept A:\n    y\nexcept* B:\n    z\n", "try:\n    x\nexcept*:\n    y\n", "try:\n    x\nexcept A:\ny\n", "try:\n    x\nfinally:\n    y\nexcept:\n    z\n",
    "with\n", "with a\n    b\n", "with a:\nb\n", "with a as 1: pass\n", "with a as f(): pass\n", "with (a, b) as: pass\n", "with a as b, c as d\n    pass\n", "with (a as b, c as 1): pass\n",
    "with (a as b\n    pass\n", "with a as b.c(): pass\n", "with a b: pass\n", "with open(x) as f, : pass\n",
    "import\n", "import a.\n", "import a as\n", "import a as b.c\n", "import a b\n", "import .a\n", "from a import\n", "from a import b,\n", "from a import (b, c\n", "from a import b c\n",
    "from import a\n", "from . import\n", "from a import *, b\n", "from a import (b, *)\n", "from a import ()\n", "from a import b.c\n", "import a, \n", "from a.b import c as d.e\n", "from a\n",
    "del\n", "del 1\n", "del f()\n", "del a + b\n", "del (a, 1)\n", "del *a\n", "del a, *b\n", "del x for\n", "del None\n", "del [a, f()]\n", "del a = 1\n", "del (a for a in b)\n",
    "return 1 2\n", "return return\n", "raise a b\n", "raise a, b\n", "raise from x\n", "raise a from\n", "assert\n", "assert a b\n", "assert a,\n", "assert (a, b) c\n", "global\n", "global a b\n", "global a.b\n", "global 1\n",
    "nonlocal\n", "nonlocal a = 1\n", "pass x\n", "break 1\n", "continue x\n", "pass;;\n", ";\n", "x = 1;; y = 2\n", "x = 1; = 2\n", "yield = 1\n", "x = yield = 1\n", "lambda\n", "lambda x\n", "lambda x y: 1\n",
    "lambda (a, b): 1\n", "lambda a=1, b: 2\n", "lambda *: 1\n", "lambda **k, a: 1\n", "lambda a, /, b, /: 1\n", "lambda x: (yield\n", "lambda: return 1\n", "lambda *a, *b: 1\n", "lambda *a=1: 1\n", "lambda /, a: 1\n", "lambda a=: 1\n",
    # Decorators, async
    "@\n", "@x\n", "@x\ny = 1\n", "@x def f(): pass\n", "async\n", "async x\n", "async def f()\n    pass\n", "async def f():\npass\n", "async for x in y: pass z\n", "async with a\n    b\n", "await\n", "await = 1\n", "async def f():\n    await\n", "async while x: pass\n",
    # match
    "match x:\n", "match x:\ncase 1: pass\n", "match x:\n    case 1\n        pass\n", "match x:\n    case 1:\n    pass\n", "match x:\n    case a as _: pass\n", "match x:\n    case a as 1: pass\n", "match x:\n    case A(b=1, c): pass\n",
    "match x:\n    case 1 + 2: pass\n", "match x:\n    case 1j + 2j: pass\n", "match x:\n    case a | : pass\n", "match x:\n    case {**a, 'b': 1}: pass\n", "match x:\n    case [*a, *b c]: pass\n", "match x\n    case 1: pass\n", "match x:\n    pass\n", "match x:\n    case: pass\n",
    # Targets
    "1 = x\n", "f() = 1\n", "a + b = c\n", "None = 1\n", "True = 1\n", "(a, 1) = x\n", "[a, f()] = x\n", "x = 1 = y\n", "x = f() = y\n", "'a' = 1\n", "f'{x}' = 1\n", "... = 1\n", "__debug__x = a b\n", "-a = 1\n", "not a = 1\n", "a if b else c = 1\n",
    "lambda: 1 = 2\n", "[x for x in y] = 1\n", "{a} = 1\n", "{a: b} = 1\n", "(x for x in y) = 1\n", "a < b = c\n", "a and b = c\n", "(yield) = 1\n", "*a = 1 2\n", "a, b += 1\n", "(a, b) += 1\n", "f() += 1\n", "1 += x\n", "[a] += 1\n", "a + 1 += 2\n", "None += 1\n", "x += y = 1\n", "x = y += 1\n",
    "await x = 1\n", "{x for x in y} = 1\n", "{a: 1 for a in b} = 1\n", "(a := 1) = 2\n", "a.b() = c\n", "x() [0]() = 1\n", "(a, b): int\n", "[a]: int\n", "a, b: int\n", "f(): int\n", "1: int\n", "(a): int = \n", "x: int: str\n", "a: int = b = c\n", "x: \n",
    # Expressions
    "1 +\n", "a b\n", "a b c\n", "(a b)\n", "[a b]\n", "{a b}\n", "f(a b)\n", "f(a, b c)\n", "{a: b c: d}\n", "[1, 2 3]\n", "(1 2)\n", "a = 1 2\n", "x = a if b\n", "x = a if b else\n", "(a if b)\n", "x = a if b c\n", "a = b if c else d e\n", "print 1\n", "print a, b\n", "exec 'a'\n", "print\nexec\nprint -1 a\n",
    "print 'hello' + 1\n", "if print x: pass\n", "(print a)\n", "a not b\n", "a is not\n", "a in\n", "not\n", "a or\n", "and b\n", "a ** \n", "* a\n", "** a\n", "*a b\n", "(*a)\n", "(**a)\n", "x = *a\n", "[*a for a in b]\n", "{**a for a in b}\n", "{*a for a in b}\n", "(*a for a in b)\n", "[a, b for a in c]\n", "{a, b for a in c}\n", "[a, for a in b]\n", "(a, b for a in c)\n",
    "[x for x in]\n", "[x for in y]\n", "[for x in y]\n", "[x for 1 in y]\n", "[x for x in y if]\n", "[x if y for z in w]\n", "[x for x in a, b]\n", "[x for x in lambda: y, z]\n", "{a: b for}\n", "{a: for b in c}\n", "{a:}\n", "{a: , b: 1}\n", "{a: *b}\n", "{a: 1, b}\n", "{a, b: 1}\n", "{a: 1, b: *c}\n", "{a: 1, b: }\n", "{a: 1, **}\n", "{**a b}\n", "{a: 1 b: 2}\n", "{'a': 1, 'b' 2}\n", "{1:2, 3:4, 5}\n", "{*a: 1}\n", "{a: 1, *b}\n",
    "a[\n", "a[]\n", "a[1 2]\n", "a[1:2:3:4]\n", "a[b c]\n", "a[x:=1:2]\n", "a.1\n", "a.\n", "a..b\n", ".a\n", "a.None\n", "a.class\n", "x = (a = 1)\n", "if (a = 1): pass\n", "(a.b = 1)\n", "f(a.b=1)\n", "f(1=2)\n", "f(True=1)\n", "f(a+b=1)\n", "f(a=1, b)\n", "f(**a, b)\n", "f(**a, *b)\n", "f(a=1, *b, c)\n", "f(a for a in b, c)\n", "f(c, a for a in b)\n", "f(a for a in b, c for c in d)\n", "f(a=b for b in c)\n", "f(x for x in y, )\n", "f(a, b for b in c, d)\n", "f(**a for a in b)\n", "f(*a for a in b)\n", "f(a=)\n", "f(a=, b)\n", "f(,)\n", "f(a,,b)\n", "f(*)\n", "f(**)\n", "f((a)=1)\n", "f(None=1)\n", "f(a, a=1 b)\n", "f(x:=1, y:=)\n", "f(a := 1 b)\n", "f(lambda: 1 = 2)\n", "f('a'=1)\n", "f(a[0]=1)\n",
    "a := 1\n", "x = y := 1\n", "(a.b := 1)\n", "(a[0] := 1)\n", "(1 := 2)\n", "((a, b) := 1)\n", "(a := )\n", "a = (b := 1 c)\n", "del (a := 1)\n", "(lambda: x := 1)\n", "assert a := 1\n", "with a := b: pass\n",
    "(yield = 1)\n", "x = yield yield\n", "yield from\n", "yield from a b\n", "return yield\n",
    # Indentation
    "  x = 1\n", "x = 1\n  y = 2\n", "if a:\n    b\n  c\n", "if a:\n        b\n    c\n", "if a:\n\tb\n        c\n", "if a:\n        b\n\tc\n", "def f():\n    a\n   b\n", "def f():\n    if a:\n    b\n", "class A:\n    def f(self):\n    pass\n", "for i in x:\n    for j in y:\n    z\n", "    \n  x\n", "if a:\n    # only a comment\n", "if a:\n    # c\nb\n", "if a:\n    b\nelse:\n    c\n   d\n", "while a:\n    b\n        c\n", "def f():\n    '''doc'''\n  x = 1\n", "if a:\n  \tb\n\t  c\n",
    "x = 1\n    \n   y = 2\n", "if 1:\n    x = (1,\n  2)\n   y\n", "def f(): x = 1\n    y = 2\n", "else:\n    x\n", "elif x:\n    y\n", "except:\n    x\n", "finally:\n    x\n", "case 1:\n    x\n", "if x: if y: z\n", "if x: for y in z: w\n", "x = 1 if 2: 3\n", "while x: def f(): pass\n",
    # Later errors of the tokenizer win
    "a b\nx = (\n", "a b\nx = 'abc\n", "x y\n)\n", "a = = b\n0777\n", "a b\n  c\n d\n", "f(a b\nx = 1\n",
    # Newer syntax
    "type X = int\n", "def f[T](x): pass\n", "class A[T]: pass\n", "except* A: pass\n", "match x: case 1: pass\n", "f'{f'{x}'}'\n", "x = t'abc'\n", "for x in *a, b c: pass\n", "import a; lazy import b\n",
    # Odds and ends
    "x = 5 = 6\n", "if True print(1)\n", "if x == 1 and\n    y\n", "for i in range(10) print(i)\n", "x = [1, 2, 3\nfor i in x:\n    print(i)\n", "def add(a, b):\n    return a + b\nprint(add(1, 2)\n", "while True print(1)\n", "class Foo:\n    def __init__(self)\n        self.x = 1\n", "else if x:\n    y\n", "if x:\n    y\nelse if z:\n    w\n", "x = 1 +* 2\n", "x == 1 = 2\n", "i++\n", "i++ + 1 1\n", "a && b\n", "a || b\n", "!a\n", "x = a ? b : c\n", "int x = 5\n", "function f() {\n", "var x = 1\n", "return x;}\n", "end\nend x\n", "x = 'a' + 'b' 'c' d\n", "print('a' 'b' c)\n", "print(a.b c.d)\n", "print(\"x\", end=\"\" y)\n", "d = {'a' = 1}\n", "d = {a = 1}\n", "d = dict(a: 1)\n", "l = [a = 1]\n", "s = {1, 2 = 3}\n", "t = (1, a = 2)\n", "x = not\n", "x = is\n", "x = None None\n", "None None\n", "True False\n", "'a' 1\n", "1 'a'\n", "a 'b'\n", "a 1\n", "1 a\n",
    "x = a b\n", "x = (a, b c, d)\n", "x = f(a)(b c)\n", "x = [a, b\n     c, d]\n", "x = foo(a, b for c in d, e)\n", "x.y z\n", "x[0] y\n", "f() g()\n", "f(1) = x = 2\n", "import a from b\n", "from a import b from c\n", "global x, y z\n", "class A: x = \n", "def f(): return\n  x\n", "if a: pass\nelse pass\n", "try: x\nexcept A B: y\n", "with a as b c: d\n", "async def f(): async x\n", "x = await\n", "print(await)\n", "lambda x=1 y: 2\n", "[i for i in x if y else z]\n", "[i for i, j k in x]\n", "x if y else z = 1\n", "x = (yield from)\n", "@a.b(\ndef f(): pass\n", "@1 2\ndef f(): pass\n", "x: int y\n", "x: int = 1 2\n", "def f(x: int y): pass\n", "def f() -> int int: pass\n", "def f(x=1 2): pass\n", "a[1:2 3]\n", "a[1,2 3]\n", "~\n", "x = ~\n", "-\n", "x = - / 2\n", "x = 1 // / 2\n", "x = (1 +\n", "x = (1 + )\n", "x = [1, , 2]\n", "x = (, 1)\n", "x = {, 1}\n", "x = ,\n", ",\n", "x, = , y\n", "x = 1,, 2\n", "...a\n", "a...b\n", "....\n", "-> x\n", "x -> y\n", ": x\n", "= x\n", "x =\n", "x +=\n", "x + = 1\n", "x = \n\ny = 1\n",
]

EVAL = ["", "1 +", "a b", "x = 1", "(1", "1\n2", "if x: y", "a; b", "lambda", "  ", "'abc", "f(", "pass", "x =", "yield", "*a b", "1 if 2", "[", "a := 1", "# c", "(a, b", "None = 1", "f(a b)"]

SINGLE = ["a b", "a\nb", "x = 1\ny = 2\n", "if x: y\nz\n", "if x", "def f(:", "a; b c", "(1", "x = )", "if x:\ny\n", "for x in y: z\nelse w\n", "pass\npass", "class A: x\ny\n", "'a", "1a"]

BASES = [
    "def f(a, b=1, *args, c, **kw):\n    if a and not b:\n        return [x for x in args if x != c]\n    return {k: v for k, v in kw.items()}\n",
    "class A(B, metaclass=M):\n    x: int = 1\n\n    def g(self):\n        with open(self.x) as f, self.y as z:\n            for i, line in enumerate(f):\n                yield line[1:-1], i\n",
    "import os, sys as s\nfrom a.b import (c, d as e)\ntry:\n    x = f(1, *a, k=2, **b)\nexcept (A, B) as err:\n    raise C('no') from err\nelse:\n    pass\nfinally:\n    del x, y[0]\n",
    "x = lambda a, b=2: a if b else (a, b)\nprint(f'{x!r:>{w}} and {y}', end='')\nz = [*a, b, *c][1:2, ::3]\nwhile (n := g(z)) is not None:\n    n += 1\n    if n in s: break\nelse:\n    assert n, 'm'\n",
    "async def f():\n    async with a as b:\n        async for i in b:\n            await i(x, y=1)\n    return {1, 2} | {**d, 'a': 3}\n",
    "match p:\n    case {'a': [1, *r], **k} if r:\n        x = 1\n    case A(b, c=2) | -1.5:\n        pass\n    case _:\n        global q\n        q = not x == y <= z\n",
    "@a.b(1)\ndef f(x: int, /, *, y: str = 'a') -> int:\n    '''doc'''\n    nonlocal z\n    return x ** -y // 2 @ z % 3 << 4\n\n\nif x: y = 1; z = 2\nelif y: pass\nelse: z = ()\n",
    "data = {\n    'a': [1, 2.5, 0x1f],\n    'b': (None, True, ...),\n    'c': b'x' b'y',\n}\nfor k in sorted(data, key=lambda k: -k):\n    print(k, data[k][0], sep='\\n')\n",
]
