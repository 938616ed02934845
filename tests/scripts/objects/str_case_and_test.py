words = ["", "abc", "ABC", "Abc Def", "123", "a1", " ", "\t\n", "ß", "ŉ", "ǅ", "İ", "ÀÉ", "ﬁ", "Σας ΣΑΣ", "hello wORLD-foo_bar 3rd o'neil", "²", "½", "٣", "Ⅷ", "_x", "9x", "class", "é", "\u00a0", "日本", "\U0001f600", "\x00", "a\u0301"]
tests = ["isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper"]
for w in words:
    print(ascii(w), "".join("01"[getattr(w, t)()] for t in tests))
for m in ("capitalize", "casefold", "lower", "swapcase", "title", "upper"):
    print(m, [ascii(getattr(w, m)()) for w in words])
for m in ("upper", "isalpha", "title"):
    try:
        getattr("a", m)(1)
    except TypeError as e:
        print(e)
