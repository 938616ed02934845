vals = [0, 1, -1, 2, 3, -7, 10, 2**30, -(2**31), 2**63, -(2**64) + 1, 10**25, -(10**30)]
import operator as op

for name in ("add", "sub", "mul", "floordiv", "mod", "truediv", "and_", "or_", "xor", "lt", "eq"):
    f = getattr(op, name)
    for a in vals:
        row = []
        for b in vals:
            try:
                row.append(f(a, b))
            except Exception as e:
                row.append(str(e))
        print(name, a, *row)
for a in vals:
    for n in (0, 1, 2, 5, 31, 64):
        print(a, n, a << n, a >> n, a**n)
print([-a for a in vals], [+a for a in vals], [~a for a in vals], [abs(a) for a in vals])
print([divmod(a, b) for a in (7, -7, 10**20) for b in (2, -2, 10**9)])
for f in (lambda: 1 << -1, lambda: 1 >> -1, lambda: 1 // 0, lambda: 1 % 0, lambda: 1 / 0, lambda: divmod(1, 0), lambda: pow(2, -1, 4), lambda: pow(2, 1, 0), lambda: 0**-1, lambda: 1 + "a", lambda: 1 + None, lambda: [] + 1, lambda: 1 & 1.0, lambda: 1 < "a", lambda: 10**400 / 3 * 1.0, lambda: 10**400 / 10**399, lambda: float(10**400), lambda: 2**-2, lambda: pow(2, 0.5, 3), lambda: -1 ** 0.5, lambda: (-8) ** (1 / 3), lambda: 1 @ 2, lambda: pow(2, "a"), lambda: ~1.5):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(pow(3, 5, 7), pow(3, -1, 7), pow(-3, 5, 7), pow(3, 5, -7), pow(10**20, 10**5, 10**9 + 7), pow(2, 10, mod=1000), pow(0, 0), pow(0, 0, 1))
print(1 == 1.0, 2**53 == float(2**53), 2**53 + 1 == float(2**53 + 1), 10**400 > 1e308, 10**400 > float("inf"), -(10**400) < float("-inf"), 1 < float("nan"), 3 == 3 + 0j)
print(True + True, True * 5, -True, ~True, True & 1, True & False, True | 2, True ^ True, True / 2, True == 1, hash(True))
print(hash(0), hash(-1), hash(-2), hash(2**61 - 1), hash(2**61), hash(10**30), hash(-(10**30)), hash(2**31))
