import operator

vals = [0, 1, -1, True, 2, 0.5, -1.5, 1e10, 10**12, 1j, 2 - 1j, float("inf")]
for op in ("add", "sub", "mul", "truediv", "pow"):
    print(op)
    for a in vals:
        row = []
        for b in vals:
            if op == "pow" and b == 10**12:
                continue
            try:
                r = getattr(operator, op)(a, b)
                row.append(f"{type(r).__name__[0]}{r:.6g}" if not isinstance(r, complex) else f"c{r:.4g}")
            except Exception as e:
                row.append(type(e).__name__[:4])
        print("  ", *row)
print([[x == y for y in vals] for x in (1, 1.0, True, 1 + 0j, 10**12, 1e12)])
print(sum([0.1] * 10), sum([1, 2.5, 3j]), sum([True, False, True]), max(1, 1.0), min(1.0, 1), max(True, 1))
print(round(2.675, 2), round(-0.5), round(1.5), round(0.5), round(1e16 + 1), round(12345.6789, -2), round(5, -1), round(15, -1), round(25, -1), round(True))
print(int(-0.9), int(1e15), 7 // 2, -7 // 2, 7 // -2, 7.0 // 2, -7 % 3, 7 % -3, -7.5 % 2, divmod(-7, 3), divmod(7.5, -2))
print(1 / 3, 2 / 3, 10 / 5, 1e308 * 10, -1e308 * 10, 1e-320, 5e-324 / 2, 2**0.5, (-8) ** (1 / 3), 0.0**0, 0**0, 2**-1, 10**-2)
print(0.1 + 0.2 == 0.3, 0.1 + 0.2, 1e16 + 1, 1e16 + 2.0, 9007199254740993, float(9007199254740993), 9007199254740993 == float(9007199254740993))
print(1_000_000 * 1_000_000, 0xFFFF_FFFF + 1, 2**64, 2**64 - 1, -(2**63), 3**40, 12345678901234567890 % 97, 12345678901234567890 // 987654321)
print((2**200).bit_length(), (2**200) >> 190, 1 << 100, -1 >> 100, -(2**100) >> 3, (2**100) & (2**99 + 5), (2**100) | 1, (2**100) ^ (2**100), ~(2**100))
print(hash(2**61 - 2), hash(1.5), hash(2.0), hash(1e300), hash(3 + 0j), hash(-(2**61)), hash(0.1), hash(1 / 3))
print(str(10**50), repr(-(10**30)), f"{10**30:,}", "%d" % 10**30, hex(10**30), oct(-(10**20)), bin(10**10))
print(int("1" * 60) * int("9" * 60), int("7" * 80) // int("3" * 20), int("7" * 80) % int("3" * 20), pow(7, 10**20, 10**15), 2**1000 % 10**20)
print(complex(1, -0.0), -(0j), 1j * 1j, (1 + 2j) * (3 - 1j), (1 + 2j) / (3 - 1j), (1 + 2j) ** 2, (1 + 2j) ** 0.5, abs(3 - 4j), (2j) ** -1)
