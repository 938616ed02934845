for spec in ("", "s", "5", "<5", ">5", "^5", "*^6", ".2", "5.1", "05", "é^5", "<", "<0", "^05s", ".0"):
    print(repr(spec), [format(s, spec) for s in ("", "ab", "日本")])
print("{} {}".format(1, 2), "{1} {0}".format(1, 2), "{a} {b}".format(a=1, b=2), "{0} {a}".format(1, a=2), "{{}}".format(), "{{{0}}}".format(5), "{!r} {!s} {!a}".format("é", "é", "é"))
print("{0[1]} {0[k]}".format({"k": 1, 1: 2}), "{0.real} {0.imag}".format(1 + 2j), "{a[0].real}".format(a=[3]), "{0[0][1]}".format([[1, 2]]), "{:>{w}}".format("x", w=4), "{:{}.{}f}".format(3.14159, 8, 2), "{0:{1}}".format("a", "*^5"))
bad = [("{", ()), ("}", ()), ("{0", ()), ("{} {0}", (1, 2)), ("{0} {}", (1, 2)), ("{}", ()), ("{1}", (1,)), ("{a}", ()), ("{0.x}", (1,)), ("{0[a]}", ([],)), ("{0[5]}", ([],)), ("{!x}", (1,)), ("{!}", (1,)), ("{:d}", ("a",)), ("{0[}", (1,)), ("{0.}", (1,)), ("{0[]}", (1,)), ("{a b}", ()), ("{-1}", (1,)), ("{!rs}", (1,)), ("{:{:{}}}", (1, 2, 3)), ("{0[0}", ([1],)), ("{0]}", (1,)), ("}{", ()), ("{!r", (1,)), ("{:", (1,))]
for fmt, args in bad:
    try:
        print(repr(fmt), repr(fmt.format(*args)))
    except Exception as e:
        print(repr(fmt), type(e).__name__, e)
print("{a}".format_map({"a": 1}))


class D(dict):
    def __missing__(self, k):
        return f"<{k}>"


print("{x} {y}".format_map(D(x=1)))


class F:
    def __format__(self, spec):
        return f"spec={spec!r}"


print(f"{F()} {F():} {F():abc} {F():{1 + 1}x}", "{:>5}".format(F()), format(F(), "q"))


class N:
    def __str__(self):
        return "N!"


print(f"{N()} {N()!s:>4}", format(N()))
for o in (N(), None, [], {}, (), object):
    try:
        print(format(o, ">5"))
    except TypeError as e:
        print(e)


class B:
    def __format__(self, spec):
        return 5


try:
    format(B())
except TypeError as e:
    print(e)
try:
    format(1, 2)
except TypeError as e:
    print(e)
x = 3
print(f"{x=} {x = } {x=:>4} {x=!r} {x!r:>3} {x:{x}} {'a' 'b'} {{}} {x + 1:02}" f" {'nested ' + f'{x}'}", f'{"q"}', rf"\{x}", f"{x:%}", f"{[1, 2][0]}", f"{ {1: 2}[1] }", f"{(lambda: 1)()}", f"""{
x}""")
