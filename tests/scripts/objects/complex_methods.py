import operator as op

zs = [0j, 1j, 1 + 2j, -1.5 - 0.5j, complex(0, -0.0), complex(-0.0, 1), complex(float("inf"), float("nan")), 3, 2.5, 1e300 + 1e300j]
for z in zs:
    print(z, repr(z), complex(z).conjugate(), complex(z).real, complex(z).imag, bool(z))
for name in ("add", "sub", "mul", "truediv", "pow", "eq"):
    for a in zs[:6]:
        row = []
        for b in zs[1:5] + [2, 0.5]:
            try:
                row.append(getattr(op, name)(a, b))
            except Exception as e:
                row.append(f"{type(e).__name__}: {e}")
        print(name, a, *row)
print(abs(3 + 4j), -(1 + 2j), +(1j), hash(1 + 0j), hash(1j), hash(1 + 2j), 1j == 1j, 1 == 1 + 0j)
print([complex(s) for s in ("1", "1j", "1+2j", "-1.5e2-3J", "(1+2j)", " 1j ", "j", "-j", "inf+nanj", "1e5")], complex(), complex(1, 2), complex(1j, 1j), complex(imag=2), complex(True))
for args in (("",), ("1 + 2j",), ("a",), ("1", 2), (1, "2"), (None,), ("1+2",), ("1j+1",), ("(1",)):
    try:
        print(complex(*args))
    except Exception as e:
        print(type(e).__name__, e)
for f in (lambda: 1j < 2j, lambda: 1j // 2, lambda: 1j % 2, lambda: divmod(1j, 1), lambda: int(1j), lambda: float(1j), lambda: 1j / 0, lambda: 0j**-1, lambda: pow(1j, 2, 3), lambda: round(1j), lambda: list("a")[1j], lambda: 1e300j**10, lambda: abs(complex(1e308, 1e308) * 10)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class C:
    def __complex__(self):
        return 1 + 2j


class B:
    def __complex__(self):
        return 1


print(complex(C()))
try:
    complex(B())
except TypeError as e:
    print(e)
