# Which tuples, lists and dicts a call leaves on the free lists, and how far it moves the counter.
import copy
import gc
import itertools
import operator
import types
import weakref


class Plain:
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return name


# The built-in types have a table of subclasses from here on.
warm = [type("Warm", (base,), {}) for base in (list, dict, Exception, type)]
copy.copy(Plain())

PROBES = [("(x,)", 6), ("(x, x)", 4), ("(x, x, x, x)", 3), ("[x]", 6), ("{}", 6)]


def probe_source():
    lines = ["counts = [None] * 60", "x = 0", "kept = []"]
    lines = ["x = 0", "r0 = gc.get_count()"]
    names = 1
    for i in range(6):
        lines.append(f"r{names} = gc.get_count()")
        names += 1
    marks = [("(x, x, x)", 0, 6, 1)]
    for text, count in PROBES:
        start = names - 1
        for i in range(count):
            lines.append(f"k{names} = {text}")
            lines.append(f"r{names} = gc.get_count()")
            names += 1
        marks.append((text, start, count, 2))
    lines.append("out.append(('counter', r0[0]))")
    for text, start, count, base in marks:
        parts = " + ".join(f"{base} - (r{i + 1}[0] - r{i}[0])" for i in range(start, start + count))
        lines.append(f"out.append(({text!r}, {parts}))")
    return "\n".join(lines)


PROBE = probe_source()

SNIPPETS = """pass
class A: pass
class A(metaclass=type): pass
class A(Plain, list): pass
class A:\\n def __init_subclass__(cls, **kw): pass\\nclass B(A, k=1): pass
class A:\\n __slots__ = 'a'
class A:\\n __slots__ = ['a', 'b']
class M(type): pass\\nclass A(metaclass=M): pass
class A:\\n x = property()
type('A', (), {})
Plain().foo
class A(list): pass\\na = A(); a.x = 1
class A(dict): pass\\na = A(b=1)
class A(Exception): pass\\na = A(1)
class A:\\n def __init__(self, x): pass\\nA(x=1)
class A:\\n def __init__(self, x): pass\\nA(**{'x': 1})
types.SimpleNamespace(a=1)
try: 1 / 0\\nexcept ZeroDivisionError: pass
try: {}['k']\\nexcept KeyError: pass
try: [].x\\nexcept AttributeError: pass
try: nothing\\nexcept NameError: pass
try: raise ValueError(1, 2)\\nexcept ValueError: pass
e = ExceptionGroup('g', [ValueError(1), KeyError(2)])\\ne.split(ValueError)
e = ExceptionGroup('g', [ValueError(1)])\\ne.derive([KeyError()])
max(1, 2)
min([1, 2], key=lambda q: q)
max([], default=1)
'{} {}'.format(1, 2)
'{a}'.format(a=1)
'abc'.find('b'); 'abc'.startswith('a')
{1}.union([1])
dir([])
itertools.chain([])
operator.methodcaller('split', 'a')('a')
gc.get_referents([1])
copy.copy(Plain())
def f():\\n  raise IndexError\\ntry: f()\\nexcept IndexError: pass
class G:\\n def __getitem__(self, i): raise IndexError\\nlist(G())
match Plain():\\n case Plain(): pass
class P:\\n  __match_args__ = ('x',)\\n  x = 1\\nmatch P():\\n  case P(1): pass
class A: pass\\nA.__bases__ = (object,)""".splitlines()

for snippet in SNIPPETS:
    source = snippet.replace("\\n", "\n")
    code = compile(source + "\n" + PROBE, "<t>", "exec")
    out = []
    names = {"gc": gc, "out": out, "Plain": Plain, "types": types, "itertools": itertools, "operator": operator, "copy": copy, "__name__": "t"}
    gc.collect()
    gc.collect()
    exec(code, names)
    print(snippet, "|", " ".join(f"{text}:{count}" for text, count in out))
    names.clear()
    print("   collected", gc.collect())
