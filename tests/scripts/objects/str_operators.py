print("a" + "b", "ab" * 3, 3 * "ab", "a" * 0, "a" * -1, "ab"[0], "ab"[-1], "abcdef"[1:4], "abcdef"[::-1], "abcdef"[::2], "abcdef"[-3:], "abcdef"[5:1:-2], "é日"[1], "abc"[10:])
print("a" < "b", "a" < "A", "abc" < "abd", "ab" < "abc", "" < "a", "é" > "z", "日" > "é", "\U0001f600" > "\uffff", "a" == "a", "a" != "b", "a" >= "a")
for f in (lambda: "a" + 1, lambda: 1 + "a", lambda: "a" * "b", lambda: "a" * 1.5, lambda: "a" - "b", lambda: "abc"[3], lambda: str("abc")["x"], lambda: str("abc")[1.0], lambda: "a" < 1, lambda: -"a", lambda: "abc"[::0], lambda: "a" % 1, lambda: "a" / 2, lambda: "a" + b"b", lambda: str("abc")[None]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def set_item():
    "abc"[0] = "x"


def del_item():
    s = "abc"
    del s[0]


for f in (set_item, del_item):
    try:
        f()
    except TypeError as e:
        print(e)
print("a" == 1, "a" != 1, "a" == b"a", hash("") == 0, hash("abc") == hash("ab" + "c"))
print(len("é日\U0001f600"), list("aé日"), "abc".__len__(), bool(""), bool(" "), [c for c in "xyz"], "b" in "abc")
print(max("abc"), min("bca"), sorted("hello"), list(reversed("abc")), list(enumerate("ab")), list(zip("ab", "cd")), "".join(set("aaa")))
print("abc".__add__("d"), "abc".__contains__("b"), "abc".__eq__(1), "abc".__lt__(1), "ab".__mul__(2), "ab".__rmul__(2), "abc".__getitem__(slice(1)), "%d".__mod__(1), "a".__rmod__("%s"), "a".__str__(), "a".__repr__(), "a".__format__(">3"))
s = "abc"
print(s[:] is s, str(s) is s, s * 1 is s, s + "" is s, s.replace("x", "y") is s, s.strip() is s, ("%s" % s) is s, "".join([s]) is s)
print(ord("a"), ord("日"), chr(0x1F600) == "\U0001f600", chr(0), [ascii(chr(n)) for n in (127, 128, 0xFFFF, 0x10FFFF)])
for f in (lambda: ord("ab"), lambda: ord(""), lambda: ord(1), lambda: chr(-1), lambda: chr(0x110000), lambda: chr("a"), lambda: chr(1.0), lambda: ord(b"ab")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
