s = "abracadabra"
for m in ("find", "rfind", "count"):
    f = getattr(s, m)
    print(m, f("a"), f("abra"), f("x"), f(""), f("a", 1), f("a", -3), f("a", 1, 3), f("", 11), f("", 12), f("abra", 1), f("a", None, None), f("a", 100), f("a", -100, 100), f("", 5, 3))
for m in ("index", "rindex"):
    f = getattr(s, m)
    print(m, f("a"), f("abra"), f("a", 1), f(""))
    for args in (("x",), ("a", 11), (1,), (), ("a", 1, 2, 3), ("a", "b")):
        try:
            print(f(*args))
        except Exception as e:
            print(type(e).__name__, e)
for args in (("abra",), ("bra", 1), ("ra", -2), (("x", "ab"),), ((),), ("",), ("", 11), ("", 12), ("abra", 0, 3)):
    print(args, s.startswith(*args), s.endswith(*args))
for bad in ((1,), (["a"],), ((1,),), ()):
    for m in ("startswith", "endswith"):
        try:
            getattr(s, m)(*bad)
        except TypeError as e:
            print(m, e)
print("é" in "été", "" in "", "ab" in "cab", "日" in "abc", "a" not in "b")
try:
    1 in "a"
except TypeError as e:
    print(e)
print("aaaa".count("aa"), "".count(""), "abc".count(""), "abc".count("", 1, 2), "日本日本".find("本", 2), "日本".rfind("日"))
long = "ab" * 500 + "needle" + "ba" * 500
print(long.find("needle"), long.rfind("needle"), long.count("ab"), long.find("needlf"))
