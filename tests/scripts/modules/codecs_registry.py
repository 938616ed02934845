# Encodings of the library through str, bytes, open and codecs; error handlers; escapes.
import codecs, io, os, tempfile
for name in ["cp1252", "cp437", "iso8859-15", "koi8-r", "mac-roman", "utf-8-sig", "utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf-16-be", "cp037"]:
    text = "Grüße €" if name in ("cp1252", "iso8859-15") else "grüße" if name not in ("cp437", "koi8-r", "idna") else "abc"
    data = text.encode(name)
    print(name, data, data.decode(name) == text)
for name, data in [("rot13", "Hello"), ("hex", b"ab"), ("base64", b"ab"), ("zlib", b"ab"), ("uu", b"ab"), ("quopri", b"a=b"), ("bz2", b"")][:4]:
    print(name, codecs.decode(codecs.encode(data, name), name))
for call in [lambda: "a".encode("nothing"), lambda: b"a".decode("rot13"), lambda: "a".encode("hex"), lambda: "é".encode("ascii", "nohandler"), lambda: "\u20ac".encode("cp437"), lambda: b"\x81".decode("cp1252"), lambda: codecs.lookup("x y")]:
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
def mark(error):
    return f"[{error.start}-{error.end}]", error.end
codecs.register_error("mark", mark)
print("aéb€".encode("ascii", "mark"), b"a\xffb\xfe".decode("utf-8", "mark"), "é€".encode("cp437", "mark"), codecs.lookup_error("mark") is mark)
codecs.register_error("raw", lambda error: (b"\xee", error.end))
print("aé".encode("ascii", "raw"), "x\ud800y".encode("utf-8", "raw"))
codecs.register_error("back", lambda error: ("?", -1))
print(b"\xff\xffa".decode("ascii", "back"))
for bad in [lambda e: 5, lambda e: ("x", 99), lambda e: (5, 1)]:
    codecs.register_error("bad", bad)
    try:
        b"\xff".decode("ascii", "bad")
    except Exception as error:
        print(type(error).__name__, error)
path = os.path.join(tempfile.mkdtemp(), "f")
with open(path, "w", encoding="cp1252") as file:
    file.write("Zürich €\n")
print(open(path, "rb").read(), open(path, encoding="cp1252").read(), open(path, encoding="latin-1").read())
print(codecs.escape_decode(rb"a\n\x41\101")[0], codecs.escape_encode(b"a\n'")[0], rb"\u20ac\N{EURO SIGN}\t\x41\101".decode("unicode_escape"))
decoder = codecs.getincrementaldecoder("utf-8")()
print([decoder.decode(bytes([byte])) for byte in "é€".encode()], codecs.getincrementalencoder("utf-16")().encode("a"))
print(codecs.open(path, encoding="cp1252").read(), list(codecs.iterdecode([b"\xe2\x82", b"\xac"], "utf-8")), io.TextIOWrapper(io.BytesIO(b"\x80"), "cp1252").read())
def find(name):
    if name == "shout":
        return codecs.CodecInfo(lambda s, e="strict": (s.upper().encode(), len(s)), lambda b, e="strict": (bytes(b).decode().lower(), len(b)), name="shout")
codecs.register(find)
print("abc".encode("shout"), b"ABC".decode("shout"))
