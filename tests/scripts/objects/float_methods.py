for x in (0.0, -0.0, 1.0, 0.1, 1e16, 1e15, 123456789012345678.0, 1e-4, 1e-5, 1.5e300, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 1 / 3, 2 / 3, 100.0, 1e22, 1e23, 0.1 + 0.2, 3.14):
    print(repr(x), str(x), x.hex(), x.is_integer(), bool(x))
for x in (0.5, 3.0, -2.75, 1e20):
    print(x.as_integer_ratio(), int(x), x.__floor__(), x.__ceil__(), x.__trunc__(), x.conjugate(), x.real, x.imag)
print([float.fromhex(s) for s in ("0x1p0", "1.8p1", "-0x.8p-3", "inf", "nan", "0x1.fffffffffffffp1023", " 0x10 ", "1e")])
for s in ("", "0xg", "0x1p99999", "1..0"):
    try:
        print(float.fromhex(s))
    except Exception as e:
        print(type(e).__name__, e)
print([float(s) for s in ("1", "1.5", ".5", "5.", "1e5", "-1E-5", "inf", "-Infinity", "nan", " 1.5\n", "1_000.5", "+3", b"2.5")], float(), float(True), float(10**20))
for s in ("", "a", "1.5.2", "1e", "1__0", "_1", None, [], 1j, "1,5", b"x", "0x10", "inf1"):
    try:
        print(float(s))
    except Exception as e:
        print(type(e).__name__, e)
for f in (float("inf").as_integer_ratio, float("nan").as_integer_ratio, lambda: int(float("inf")), lambda: round(float("nan")), lambda: 1.5 // 0, lambda: 1.5 % 0, lambda: 1.5 / 0, lambda: 0.0**-1, lambda: 1e308**2, lambda: divmod(1.0, 0.0), lambda: 1.5 << 1, lambda: 1.5 & 1, lambda: ~1.5, lambda: list("a")[1.0]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print([round(x) for x in (0.5, 1.5, 2.5, -0.5, 2.4999, 1e20)], [round(x, 2) for x in (2.675, 1.005, -1.235, 0.125)], round(1234.5678, -2), round(1.5, 0), round(2.5, None), round(1e300, 400), round(1.23456789e-10, 12))
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 1e300 * 1e10, -1e300 * 1e10, 5.0 // 0.1, 0.0 == -0.0, 2.0**0.5, (-8.0) ** (1 / 3), 2.0**-1)
nan = float("nan")
print(nan == nan, nan != nan, nan < 1, nan in [nan], [nan] == [nan], nan is nan, max(nan, 1), max(1, nan), sorted([3.0, 1, 2.5]))
print(hash(1.0), hash(0.5), hash(float("inf")), hash(float("-inf")), hash(1e20) == hash(10**20), hash(-0.0), hash(1.5), hash(-1.0))
print(float.__getformat__("double"), (1.5).__round__(), (1.5).__eq__("a"), (1.5).__add__(1), (1.5).__radd__(1), 1.5.__rpow__(2), (2.5).__divmod__(1))


class F(float):
    pass


print(F(1.5), F(1.5) + 1, type(F(1) + F(1)).__name__, F("2"), repr(F(3)))


class G:
    def __float__(self):
        return 1


try:
    float(G())
except TypeError as e:
    print(e)
