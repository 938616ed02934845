for s in ("", "a", "it's", 'say "hi"', "it's \"both\"", "\n\r\t\\", "\x00\x1f\x7f", "é", "\x80\xa0\xad", "日本", "\u200b\u2028", "\ud800", "\U0001f600", "\U000e0001", "\ufeff", "\ue000"):
    print(ascii(repr(s)), ascii(s), len(s))
print("é".encode(), "é".encode("latin-1"), "é日".encode("utf-16-le"), "a".encode("utf-16"), "a".encode("utf-32-be"), "é".encode("ascii", "ignore"), "é日".encode("ascii", "replace"), "é日\U0001f600".encode("ascii", "backslashreplace"), "é日".encode("ascii", "xmlcharrefreplace"), "é".encode("ascii", "namereplace"), "\ud800".encode("utf-8", "surrogatepass"), "\udc80".encode("utf-8", "surrogateescape"))
for s, enc in (("é", "ascii"), ("日", "latin-1"), ("\ud800", "utf-8"), ("aéb日", "ascii"), ("a", "nonsense"), ("\ud800", "utf-16")):
    try:
        s.encode(enc)
    except Exception as e:
        print(type(e).__name__, e)
try:
    "é".encode("ascii", "nonsense")
except LookupError as e:
    print(e)
for b, enc in ((b"\xff", "utf-8"), (b"a\xc3", "utf-8"), (b"\xe2\x28\xa1", "utf-8"), (b"\x80", "ascii"), (b"\xed\xa0\x80", "utf-8"), (b"\xf8", "utf-8"), (b"a", "utf-16"), (b"\x00\xd8", "utf-16-le"), (b"\xc0\x80", "utf-8")):
    try:
        print(b.decode(enc))
    except UnicodeDecodeError as e:
        print(e, e.start, e.end, e.reason, e.encoding, e.object)
print(b"\xff\xfea".decode("utf-8", "replace"), ascii(b"a\xffb".decode("utf-8", "ignore")), b"\xe9".decode("latin-1"), ascii(b"\xff".decode("utf-8", "surrogateescape")), b"\xff".decode("ascii", "backslashreplace"), b"\xef\xbb\xbfa".decode("utf-8-sig"), b"\xff\xfea\x00".decode("utf-16"))
print(str(b"abc"), str(b"abc", "ascii"), str(b"\xe9", encoding="latin-1"), str(), str(1.0), str(None), str(object=5))
for args in ((1, "ascii"), ("a", "ascii"), (b"", 1)):
    try:
        str(*args)
    except TypeError as e:
        print(e)
