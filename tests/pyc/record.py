"""Records the compiled files beside this one and what they print: `python3.11 tests/pyc/record.py`."""
import pathlib
import py_compile
import subprocess
import sys

SOURCE = '''"""A program of many constructs."""
import functools


@functools.lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


class Base:
    def __init_subclass__(cls, /, **kw): cls.made = sorted(kw)


class Point(Base, a=1, b=2):
    x: int = 0

    def __init__(self, x): self.x = x

    def moved(self, by=1, *, scale=2): return Point((self.x + by) * scale)


def gen(n):
    got = yield from range(n)
    try:
        yield got, n ** 2.5, -0.0, 10 ** 30, b"raw", "\\xe9\\u20ac", {1, 2} == {2, 1}
    finally:
        print("closed")


def kinds(value):
    match value:
        case {"k": [first, *rest], **other}: return first, rest, other
        case Point(x=4) | Point(x=8): return "point"
        case str() as text if text: return text.upper()
        case _: return None


async def work(x):
    return [y async for y in items(x)]


async def items(x):
    for i in range(x):
        yield i


print(fib(30), Point(3).moved(scale=2).x, Point.made, Point.__annotations__)
print(list(gen(3)))
print(kinds({"k": [1, 2, 3], "z": 0}), kinds(Point(8)), kinds("text"), kinds(()))
try:
    work(3).send(None)
except StopIteration as stop:
    print(stop.value)
try:
    raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
except* KeyError as group:
    print(group.exceptions)
except* ValueError:
    print("value")
print(f"{3.14159:.2f} {'a'!r:>5}", [x for x in range(10) if x % 3 == 1], (lambda *a, k=2: (a, k))(1))
'''
here = pathlib.Path(__file__).parent
source = here / "sample.py"
source.write_text(SOURCE)
for form, mode in (("timestamp", "TIMESTAMP"), ("checked", "CHECKED_HASH"), ("unchecked", "UNCHECKED_HASH")):
    py_compile.compile(str(source), cfile=str(here / f"sample.{form}.pyc"), dfile="sample.py",
                       invalidation_mode=py_compile.PycInvalidationMode[mode])
out = subprocess.run([sys.executable, str(source)], capture_output=True, check=True).stdout
(here / "sample.out").write_bytes(out)
source.unlink()
