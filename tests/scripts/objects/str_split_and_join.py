print("a b  c".split(), " a b ".split(), "".split(), " ".split(), "a,b,,c".split(","), "".split(","), "a b c d".split(None, 2), "a,b,c".split(",", 1), "a,b".split(",", 0), " a b ".split(None, 0), "a--b--c".split("--"), "a b".split(sep=" ", maxsplit=-1))
print("a b  c".rsplit(), "a b c d".rsplit(None, 2), "a,b,c".rsplit(",", 1), " a  b ".rsplit(None, 1), "a\u2003b".split(), "a\x1cb\x85c".split())
for f in ("split", "rsplit"):
    for args in ((",", "x"), ("",), (1,), (",", 1, 2)):
        try:
            print(getattr("a,b", f)(*args))
        except Exception as e:
            print(type(e).__name__, e)
print("a\nb\r\nc\rd\x0be\x0cf\x1cg\x85h\u2028i".splitlines())
print("a\nb\r\nc".splitlines(True), "a\n".splitlines(), "\n".splitlines(), "".splitlines(), "a\n\nb".splitlines(keepends=True))
print("a-b-c".partition("-"), "abc".partition("-"), "a-b-c".rpartition("-"), "abc".rpartition("-"), "-".partition("-"), "a--b".partition("--"))
for f in ("partition", "rpartition"):
    for a in ("", 1):
        try:
            getattr("a", f)(a)
        except Exception as e:
            print(type(e).__name__, e)
print(",".join("abc"), "".join([]), "-".join(["x"]), ", ".join(("a", "b")), "é".join(["a", "日"]), "x".join(str(i) for i in range(3)), "-".join({"k": 1}))
for arg in ([1], ["a", 2], 5, ["a", b"b"], [None]):
    try:
        ",".join(arg)
    except TypeError as e:
        print(e)
