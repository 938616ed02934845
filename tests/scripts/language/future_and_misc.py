from __future__ import annotations


def f(a: int, b: list[undefined] = 1) -> "str":
    pass


class C:
    x: Nope | None
    y: int = 3


print(f.__annotations__, C.__annotations__, __annotations__ if "__annotations__" in globals() else "none")
z: some.thing[1:2, "q"] = 1
print(__annotations__)
print(__name__, __doc__, __debug__, __spec__, __package__, __builtins__.__name__, __loader__ is not None, __file__.endswith("future_and_misc.py"))
print(type(__builtins__).__name__, [n for n in globals() if n.startswith("__")])
exec("print(__name__)", {"__name__": "inside"})
exec(compile("x = 1\nprint(x)", "name", "exec"))
exec(compile("1 + 1\n'single'\nNone", "name", "exec"))
exec(compile("1 + 1", "name", "single"))
exec(compile("'s'", "name", "single"))
exec(compile("None", "name", "single"))
exec(compile("for i in range(2): i\n", "name", "single"))
print(_)
import sys

sys.displayhook = lambda v: print("hook", v)
exec(compile("5", "name", "single"))
sys.displayhook = sys.__displayhook__
for args in (("1 +", "f", "exec"), ("a = 1", "f", "eval"), ("1\n2", "f", "single"), ("\0", "f", "exec"), ("  1", "f", "exec"), (b"1+1", "f", "eval"), ("x = ", "f", "exec")):
    try:
        print(type(compile(*args)).__name__)
    except (SyntaxError, ValueError) as e:
        print(type(e).__name__, e)
print(eval(compile("3 * 4", "f", "eval")), eval(b"1 + 2"), eval("\t 5 "))
code = compile("def q(): return 1\n", "thefile", "exec")
print(code.co_filename, code.co_name, code.co_firstlineno, code.co_consts[0].co_name if not isinstance(code.co_consts[0], str) else code.co_consts)
new = code.replace(co_name="other")
print(new.co_name, new == code, code == compile("def q(): return 1\n", "thefile", "exec"))
print(hash(code) == hash(compile("def q(): return 1\n", "thefile", "exec")))
print(list((lambda x: x).__code__.co_lines())[0][2] == (lambda x: x).__code__.co_firstlineno, len(list(f.__code__.co_positions())) > 0)
print(sys.version_info[:3], sys.version_info.releaselevel, sys.implementation.cache_tag, sys.maxsize, sys.byteorder, sys.hexversion == 0x030B07F0, sys.maxunicode, sys.getrecursionlimit(), sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.float_info.max, sys.int_info.bits_per_digit, sys.hash_info.width, sys.flags.optimize, sys.argv[1:], sys.platform)
print(sys.intern("abc") is sys.intern("ab" + "c"), sys.getswitchinterval(), sys.stdout.encoding, sys.stdin.isatty(), sys.exc_info(), sys.gettrace(), sys.getprofile())
for f in (lambda: sys.intern(5), lambda: sys.setrecursionlimit(-1), lambda: sys.setrecursionlimit("a"), lambda: sys._getframe(1000), lambda: sys.getrefcount(), lambda: sys.exit(1, 2)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
