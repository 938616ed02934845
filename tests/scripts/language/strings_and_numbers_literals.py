print('a' "b" 'c', 'it\'s', "tab\tnew\\n", r"raw\n", b"by\x00tes", rb"\d", u"u", "\x41\u0042\U00000043\103\0", "\N{LATIN SMALL LETTER E WITH ACUTE}", """tri
ple""", 'con\
tinued', "\a\b\f\v" == "\x07\x08\x0c\x0b")
print(0, 00, 1_000, 0xFF, 0o17, 0b101, 0x_ff, 1e3, 1E-3, .5, 5., 1_0.0_1, 1j, 1.5e2J, 0xdeadBEEF, 10**20, 1e400, -0.0, 0e0, 1e-400)
print(1 .real, 1..real, 1.0.is_integer(), (1).real, -1 ** 2, 2 ** -1, 2 ** 3 ** 2, -2 ** 2, not 1 == 2, 1 + 2 * 3 % 4 - 5 // 2, 7 & 3 | 4 ^ 1, 1 << 2 + 1, ~5 + 1, 3 - -3, 10 - 2 - 3, 2 * 3 / 4)
x, y = 3, "s"
print(f"{x}", f"{x!r:>5}", f"{y!r}", f"{x:03d}", f"{x=}", f"{y = }", f"{{}}{x}", f"{x:{x}}", f"{'nested'}", f"{x if x else y}", f"{[i for i in range(x)]}", f"{ {'a': 1}['a'] }", f'{y + "q"}', F"{x}", fr"{x}\n", f"{x!s}" "lit" f"{y}", f"{3.14159:.2f}", f"{x:>{x + 2}}", f"", f"{(lambda: 5)()}", f"{x,}", f"{x:}" , f"{y:{'>'}{5}}")
print(True, None, ..., [1, 2,], (1,), {1: 2,}, {1,}, (), [], {})
print("%s" % "a" "b", "a" "b" * 2, ("a"
      "b"))
print("\ud800".encode("utf-16", "surrogatepass"), ascii("\ud83d\ude00"), len("\ud83d\ude00"))
print("é" == "\xe9", "e\u0301" == "é", "ﬁ".upper())
ﬁn = 1
print(fin, [n for n in globals() if n.startswith("fi")])
π = 3
print(π)
print(b"\xff\x00a", b'"', b"'", b"\t\n\r\\", bytes(range(32, 40)))
print((1)if 1 else 2, [1,2][0], (1)if 0 else(2))
print(0.1 + 0.2, 1e16, 1e15 + 0.3, 123456789.123456789, 1 / 3, 1e22, 1e21, 12345678901234567890.0, 5e-324, 2.2250738585072014e-308)
