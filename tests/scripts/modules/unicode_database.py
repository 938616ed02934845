# unicodedata: properties, names, numbers, normal forms.
import hashlib, unicodedata as u
for c in "aA1 é߀中가\u0301½Ⅷ\u202e(𝔸\x00\ud800\U0010ffff":
    print(ascii(c), u.category(c), u.bidirectional(c), u.combining(c), u.mirrored(c), u.east_asian_width(c), u.decomposition(c), u.name(c, None), u.decimal(c, None), u.digit(c, None), u.numeric(c, None))
total = hashlib.sha256()
for point in range(0, 0x110000, 7):
    c = chr(point)
    total.update(repr((u.category(c), u.bidirectional(c), u.combining(c), u.mirrored(c), u.east_asian_width(c), u.decomposition(c), u.decimal(c, -1), u.digit(c, -1), u.numeric(c, -1))).encode())
print(total.hexdigest(), u.unidata_version)
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    print(form, [ascii(u.normalize(form, s)) for s in ("é", "e\u0301", "ﬁ", "가", "Å\u0323", "\ud800x")], u.is_normalized(form, "é"))
print(u.lookup("EURO SIGN"), u.lookup("HANGUL SYLLABLE GA"), "\N{GREEK SMALL LETTER ALPHA}")
for call in [lambda: u.name("\x00"), lambda: u.lookup("NO SUCH"), lambda: u.decimal("a"), lambda: u.category("ab"), lambda: u.category(5), lambda: u.normalize("XYZ", "a"), lambda: u.numeric("x"), lambda: u.digit("½")]:
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
