s = "ab"
print([s.center(n) for n in range(7)], [s.ljust(n) for n in (1, 4)], [s.rjust(n) for n in (1, 4)])
print(s.center(5, "*"), s.ljust(5, "é"), s.rjust(5, "日"), "abc".center(6, "-"), "abc".center(7, "-"), "".center(3, "."))
for args in ((5, "xx"), (5, ""), ("5",), (), (5, 1), (5.0,)):
    for m in ("center", "ljust", "rjust"):
        try:
            getattr(s, m)(*args)
        except TypeError as e:
            print(m, e)
print(["42".zfill(5), "-42".zfill(5), "+4".zfill(5), "--4".zfill(5), "".zfill(3), "abc".zfill(2), "-".zfill(3)])
print([x.strip() for x in ("  a ", "\ta\n", "", "   ", "\u2003a\u00a0", "a b")])
print("xxabcxx".strip("x"), "xyabcyx".strip("xy"), "abc".strip(""), "abc".strip("cba"), "aab".lstrip("a"), "baa".rstrip("a"), " a ".lstrip(), " a ".rstrip(), " a ".strip(None))
for m in ("strip", "lstrip", "rstrip"):
    try:
        getattr("a", m)(1)
    except TypeError as e:
        print(e)
print("prefix-body".removeprefix("prefix-"), "abc".removeprefix("x"), "abc".removesuffix("bc"), "abc".removesuffix(""), "aa".removeprefix("a"))
print("a\tb".expandtabs(), "a\tb\tc".expandtabs(4), "\t".expandtabs(0), "ab\tc\nd\te".expandtabs(3), "a\tb".expandtabs(-1), "a\rb\tc".expandtabs(4), "\t\t".expandtabs(tabsize=2))
print("aXbXc".replace("X", "-"), "aaa".replace("a", "b", 2), "abc".replace("", "-"), "abc".replace("", "-", 2), "".replace("", "x"), "aaa".replace("aa", "b"), "abc".replace("b", ""), "aé".replace("é", "日本"), "a".replace("a", "b", 0), "a".replace("a", "b", -1))
for args in (("a",), ("a", 1), (1, "a"), ("a", "b", "c"), ("a", "b", 1, 2)):
    try:
        "a".replace(*args)
    except TypeError as e:
        print(e)
table = str.maketrans("abc", "xyz", "d")
print(sorted(table.items()), "abcd".translate(table))
print(str.maketrans({"a": "1", 98: None}), "abc".translate({97: "AA", 98: None, 99: 100}), "aé日".translate({0xe9: "e"}))


class T:
    def __getitem__(self, k):
        if k == 98:
            raise LookupError
        return chr(k).upper()


print("abc".translate(T()))
for args in (("a",), ("ab", "c"), (1,), ({"ab": 1},), ("a", "b", 1), ({1.5: 1},)):
    try:
        print(str.maketrans(*args))
    except Exception as e:
        print(type(e).__name__, e)
try:
    "a".translate({97: 0x110000})
except ValueError as e:
    print(e)
