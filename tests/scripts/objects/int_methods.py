print([n.bit_length() for n in (0, 1, -1, 255, 256, 2**100)], [n.bit_count() for n in (0, 1, -1, 255, 2**100 - 1)])
print([n.to_bytes(4, "big") for n in (0, 1, 255, 65536)], (-1).to_bytes(2, "little", signed=True), (1).to_bytes(), (300).to_bytes(3, "little"), (0).to_bytes(0, "big"))
for args, kw in (((1, "big"), {}), ((0, "big"), {}), ((-1, "big"), {}), ((2, "mid"), {}), ((2, 1), {}), (("a", "big"), {})):
    try:
        print((256).to_bytes(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)
try:
    (-1).to_bytes(1, "big")
except OverflowError as e:
    print(e)
print(int.from_bytes(b"\x01\x00", "big"), int.from_bytes(b"\xff", "big", signed=True), int.from_bytes(b"\x01\x02", "little"), int.from_bytes(b""), int.from_bytes([1, 2], "big"), int.from_bytes(b"\x80" * 10, "big", signed=True))
print((5).as_integer_ratio(), (5).conjugate(), (5).real, (5).imag, (5).numerator, (5).denominator, (5).__index__(), (5).__trunc__(), (5).__floor__(), (5).__ceil__())
print([round(n, -1) for n in (5, 15, 25, -15, 14, 16)], round(12345, -2), round(5), round(5, 2), round(10**20, -19), round(149, -2), round(150, -2), round(250, -2))
print(int(), int(3.9), int(-3.9), int("42"), int(" -42 \n"), int("1_000"), int("ff", 16), int("0xff", 16), int("0xff", 0), int("0b11", 0), int("0o17", 0), int("z", 36), int(b"12"), int("٣"), int(True), int("-0"), int("0", 0), int("00", 0), int(1e20))
for args in (("",), ("a",), ("1 2",), ("1__0",), ("_1",), ("1_",), ("0x1",), ("09", 0), ("2", 2), ("1", 1), ("1", 37), ("1", -1), (1.5, 10), (1, 10), (None,), ([],), (float("inf"),), (float("nan"),), ("1", "2"), (b"x",), ("1.5",), ("é",), ("\x00",), ("9" * 5000,), (1j,)):
    try:
        print(int(*args))
    except Exception as e:
        print(type(e).__name__, str(e)[:150])
try:
    str(10**5000)
except ValueError as e:
    print(e)
print(bin(10), bin(-10), oct(8), hex(255), hex(-255), bin(0), hex(2**70))
for f in (bin, oct, hex):
    try:
        f(1.5)
    except TypeError as e:
        print(e)


class I:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return self.v


print(int(I(5)), hex(I(255)), [1, 2, 3][I(1)], "ab" * I(2), range(I(3)), bytes(I(2)), (5).__add__(I(1)))
for v in (1.5, "a"):
    try:
        print([1, 2][I(v)])
    except TypeError as e:
        print(e)


class T:
    def __int__(self):
        return "x"


for c in (T,):
    try:
        print(int(c()))
    except TypeError as e:
        print(e)


class S(int):
    def __repr__(self):
        return "S!"


print(S(5), S(5) + 1, type(S(5) + 1).__name__, str(S(5)), [S(5)], f"{S(5)}", S("12") == 12, {S(1): 2}[1], int(S(5)), type(int(S(5))).__name__)
