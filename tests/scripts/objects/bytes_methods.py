b = b"hello world"
print(b.find(b"o"), b.find(111), b.rfind(b"o"), b.index(b"w"), b.count(b"l"), b.count(108), b.startswith(b"he"), b.endswith((b"x", b"ld")), b.replace(b"l", b"L"), b.replace(b"l", b"", 1))
print(b.split(), b.split(b"o"), b.rsplit(b" ", 1), b.partition(b" "), b.rpartition(b"o"), b"a\nb\r\nc".splitlines(), b"a\nb".splitlines(True), b" a ".strip(), b"xax".strip(b"x"), b" a".lstrip(), b"a ".rstrip())
print(b.upper(), b.title(), b.capitalize(), b"AbC".swapcase(), b"ABC".lower(), b.center(15, b"*"), b"a".ljust(3), b"a".rjust(3, b"-"), b"7".zfill(3), b"-7".zfill(4), b"a\tb".expandtabs(4), b"ab".removeprefix(b"a"), b"ab".removesuffix(b"b"))
print([m for m in ("isalnum", "isalpha", "isascii", "isdigit", "islower", "isspace", "istitle", "isupper") for x in (b"abc", b"", b"1", b" ", b"A", b"\xff") if getattr(x, m)()])
print(b.hex(), b.hex(" "), b.hex(":", 2), b.hex("-", -3), bytes.fromhex("68 65 6C"), b"".join([b"a", bytearray(b"b")]), b"-".join((b"x",)), b.translate(bytes.maketrans(b"lo", b"01")), b.translate(None, b"l"), b.decode())
print(b[0], b[-1], b[1:4], b[::-2], b + b"!", b * 2, 3 * b"a", 104 in b, b"wor" in b, len(b), list(b[:3]), b == b"hello world", b < b"i", b"a" == "a")
print(repr(b"\x00\n\t\\'\"\xff\x7f"), b"it's", b'"', b"'\"", bytes(3), bytes([1, 2]), bytes("é", "utf-8"), bytes(b"a"), bytes(), bytes(range(5)))
for f in (lambda: b["a"], lambda: b[100], lambda: b + "a", lambda: b"a" * b"b", lambda: bytes(-1), lambda: bytes([256]), lambda: bytes([-1]), lambda: bytes("a"), lambda: bytes(["a"]), lambda: bytes(1.5), lambda: b.find("a"), lambda: b.find(256), lambda: b.split(""), lambda: b.split(b""), lambda: b.join(["a"]), lambda: b.join([1]), lambda: b.replace("a", "b"), lambda: b.startswith("a"), lambda: b.index(b"zz"), lambda: "a" in b, lambda: 256 in b, lambda: bytes.fromhex("6"), lambda: bytes.fromhex("zz"), lambda: b.translate(b"a"), lambda: bytes.maketrans(b"a", b"bc"), lambda: b < "a", lambda: b.center(5, b"xx"), lambda: b.center(5, "x"), lambda: bytes(1, 2), lambda: bytes("a", "ascii", "strict", 1), lambda: bytes(5, "ascii"), lambda: b.hex("xx"), lambda: b.hex(1), lambda: b.decode("zz"), lambda: b.strip("a"), lambda: b % 5, lambda: bytes(None), lambda: hash(bytearray())):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(b"%d %s %r %x %c %b %5.1f %%" % (1, b"a", "q", 255, 65, b"z", 1.25), b"%(a)s" % {b"a": b"1"}, b"%a" % "é", b"%c" % b"x", b"%5s|%-5s|" % (b"a", b"b"))
for fmt, arg in ((b"%s", "a"), (b"%c", 256), (b"%d", "a"), (b"%b", 1), (b"%c", b"ab"), (b"%z", 1)):
    try:
        print(fmt % arg)
    except Exception as e:
        print(type(e).__name__, e)
print(b[:] is b, bytes(b) is b, bytes() is bytes(), b"a"[0:1] is b[7:8])


class B(bytes):
    pass


class HasBytes:
    def __bytes__(self):
        return b"from __bytes__"


print(B(b"x"), B(b"x") + b"y", type(B(b"x") + b"").__name__, bytes(HasBytes()), repr(B(b"q")), str(b"a"), f"{b'a'}", b"a".__str__())
print(sorted([b"b", b"a", b"B"]), max(b"abc"), hash(b"") == 0, hash(b"abc") == hash("abc"), b"abc".__contains__(97), ascii(b"\xe9"), iter(b"ab").__length_hint__())
