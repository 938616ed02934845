# The functions of dis, on everything that they take.
import dis
import io
import re


def show(what, *args, **kw):
    out = io.StringIO()
    try:
        result = what(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        if result is not None:
            print(re.sub(r"0x[0-9a-f]+", "0x", str(result)))


def f(a, *args, k=1, **kw):
    "doc"
    x = [a, k]
    with open(a) as g:
        try:
            print(f"{a!r:>10}", g, sep=kw["s"])
        except (OSError, ValueError) as e:
            raise KeyError from e
    return lambda: (x, args)


def gen():
    yield from (1, 2)
    yield 3


async def co():
    async for x in y:
        await x


class C:
    a: int = 1

    def m(self):
        return super().m()

    @staticmethod
    def s():
        pass

    @classmethod
    def c(cls):
        return cls.a

    class D:
        n = 5


def masked(text):
    return re.sub(r"0x[0-9a-f]+", "0x", text)


def captured(what, *args, **kw):
    out = io.StringIO()
    what(*args, file=out, **kw)
    print(masked(out.getvalue()))


for thing in (f, gen, gen(), C, C().m, C.c, "x + 1", "a = 1; b = [a]", b"d\0S\0", bytearray(b"t\4d\0S\0"), f.__code__):
    captured(dis.dis, thing)
c = co()
captured(dis.dis, c)
c.close()
captured(dis.dis, f, depth=0)
captured(dis.dis, f, depth=1, show_caches=True)
captured(dis.dis, gen, adaptive=False)
captured(dis.disassemble, f.__code__, 20)
captured(dis.disco, gen.__code__, lasti=4)
captured(dis.show_code, f)
show(dis.dis, 5)
show(dis.dis, object())
show(dis.dis, "a b")
show(dis.get_instructions, 5)
show(dis.distb)
try:
    C().m()
except AttributeError as e:
    tb = e.__traceback__
    captured(dis.distb, tb)
    print(masked(dis.Bytecode.from_traceback(tb).dis()))
print(masked(dis.code_info(f)))
print(masked(dis.code_info(gen)))
print(dis.code_info("x = 1"))
for flags in (0, 1, 3, 64, 1 << 12, 1 << 40, 0x1000003):
    print(flags, dis.pretty_flags(flags))
for i in dis.get_instructions(gen, first_line=100):
    print(i)
print([i.argval for i in dis.get_instructions(gen, show_caches=True)])
i = next(iter(dis.Bytecode(f)))
print(type(i), i._fields, i.positions, i._replace(arg=7).arg, isinstance(i, tuple))
print(i._disassemble(), "|", i._disassemble(5, True, 8), "|", i._disassemble(0))
b = dis.Bytecode(f, first_line=50)
print(masked(repr(b)), b.first_line, b.current_offset, b.show_caches, b.adaptive, len(list(b)), b.codeobj is f.__code__)
print(b.exception_entries)
print(masked(b.info()) == masked(dis.code_info(f)))
print(masked(b.dis()))
print(dis.findlabels(f.__code__.co_code))
print(list(dis.findlinestarts(f.__code__)))
print(list(f.__code__.co_lines()))
print(list(gen.__code__.co_positions()))
print(sorted(dis.__all__))
print(dis.UNKNOWN, dis.Positions(), dis.Positions(1, 2))
print(list(dis._unpack_opargs(gen.__code__.co_code)))
print(list(dis._find_imports(compile("import a.b\nfrom c import d, e\nfrom . import f", "", "exec"))))
print(list(dis._find_store_names(compile("x = 1\ny = 2\nimport z", "", "exec"))))
print(dis.COMPILER_FLAG_NAMES)
