ints = [0, 7, -42, 255, 123456789, 10**20]
for spec in ("", "d", "5", "<5", ">5", "^9", "=6", "05", "+", " ", "-", "+5", "*^9", "x", "X", "#x", "#X", "o", "#o", "b", "#b", "08b", "#010x", ",", "_", "_x", "_b", "15,", "015,d", "n", "c", "e", ".2f", "%", ".1%", "g", ".3g", "é<4", "é=5", "<05", "+_d", "#_o"):
    row = []
    for n in ints:
        try:
            row.append(format(n, spec))
        except Exception as e:
            row.append(f"{type(e).__name__}: {e}")
    print(repr(spec), ascii(row))
floats = [0.0, -0.0, 1.5, -3.14159, 1e100, 1e-7, 123456789.123, float("inf"), float("nan"), 2.5, 1e16, 0.1]
for spec in ("", "f", ".2f", ".0f", "#.0f", "e", ".3e", "E", "g", ".3g", "#g", "G", "%", ".1%", "10.2f", "<10.2f", "^10", "+.1f", " .1f", "010.2f", "=+10.1f", ",", ",.2f", "_", "_.3f", "n", "z.1f", "r", ".5", "+", "*>12.4g", "015,.2f", "F", ".20f"):
    row = []
    for x in floats:
        try:
            row.append(format(x, spec))
        except Exception as e:
            row.append(f"{type(e).__name__}: {e}")
    print(repr(spec), row)
for spec in ("s", "q", ".2d", ",x", ",_", "_,", "..2f", "5.", "10.d", ".", "+s", "=s", "#s", "{", "<<<", ",n", "_c", "+c", "#c", "z", "zd", "5q", "0>5s"):
    for v in (5, 1.5, "a"):
        try:
            print(repr(spec), repr(format(v, spec)))
        except Exception as e:
            print(repr(spec), type(e).__name__, e)
for z in (1j, 1 + 2j, -0.5 - 1.25j, complex(0, float("inf"))):
    for spec in ("", ".2f", "e", "10", ">12.1f", "+", "g", ","):
        try:
            print(repr(spec), format(z, spec))
        except Exception as e:
            print(repr(spec), type(e).__name__, e)
print(format(True, "d"), format(True), format(True, "5"), format(False, "x"))
