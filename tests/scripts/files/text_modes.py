import os

with open("t.txt", "w") as f:
    print(f.write("line one\nline two\n"), f.write("é日\n"), f.tell(), f.mode, f.name, f.encoding, f.closed, f.writable(), f.readable(), f.seekable(), f.fileno() > 2, f.isatty(), f.line_buffering, f.newlines, f.errors)
    f.writelines(["a\n", "b"])
print(f.closed)
with open("t.txt") as f:
    print(f.read(4), f.read(), repr(f.read()), f.seek(0), f.readline(), f.readline(3), f.readlines(), f.readline(), f.mode)
    f.seek(0)
    print(f.readlines(10), [line for line in f])
    f.seek(0)
    print(next(f), f.readable())
    try:
        f.tell()
    except OSError as e:
        print(e)
    try:
        f.write("x")
    except Exception as e:
        print(type(e).__name__, e)
with open("t.txt", "a") as f:
    f.write("\nappended")
    print(f.tell() > 0)
with open("t.txt", "r+") as f:
    f.write("LINE")
    f.seek(0)
    print(f.read().split("\n"))
    f.truncate(4)
print(open("t.txt").read(), os.path.getsize("t.txt"))
try:
    open("t.txt", "x")
except FileExistsError as e:
    print(e)
with open("new.txt", "x") as f:
    f.write("new")
for args in (("missing.txt",), ("t.txt", "q"), ("t.txt", "rw"), ("t.txt", ""), ("t.txt", "rbt"), ("t.txt", "r", -2), ("t.txt", "rb", -1, "utf-8"), (".",), (".", "w"), ("no/dir", "w"), ("a\0b",), (5.5,), ("t.txt", 5), ("t.txt", "r", -1, "nonsense"), (-1,), ("t.txt", "r", -1, None, "nonsense"), ("t.txt", "r", -1, None, None, "q"), ("t.txt", "r", 0), ("t.txt", "b"), ("", "r")):
    try:
        open(*args).close()
        print("ok", args)
    except Exception as e:
        print(type(e).__name__, e)
with open("nl.txt", "wb") as f:
    f.write(b"a\r\nb\rc\nd")
for nl in (None, "", "\n", "\r", "\r\n"):
    with open("nl.txt", newline=nl) as f:
        print(repr(nl), f.readlines(), f.newlines)
for nl in (None, "", "\n", "\r", "\r\n"):
    with open("out.txt", "w", newline=nl) as f:
        f.write("x\ny\n")
    print(repr(nl), open("out.txt", "rb").read())
for enc in ("utf-8", "latin-1", "ascii", "utf-16", "utf-8-sig"):
    try:
        with open("enc.txt", "w", encoding=enc) as f:
            f.write("é")
    except UnicodeEncodeError as e:
        print(e)
    print(enc, open("enc.txt", "rb").read())
with open("bad.txt", "wb") as f:
    f.write(b"ok\xff\xfeend")
try:
    open("bad.txt").read()
except UnicodeDecodeError as e:
    print(e)
for err in ("ignore", "replace", "backslashreplace", "surrogateescape"):
    print(err, ascii(open("bad.txt", errors=err).read()))
f = open("t.txt")
f.close()
f.close()
for op in (f.read, lambda: f.write("x"), f.readline, lambda: list(f), f.tell, lambda: f.seek(0), f.fileno, f.flush, lambda: f.__enter__(), f.isatty, f.readable):
    try:
        print(op())
    except Exception as e:
        print(type(e).__name__, e)
print(repr(f))
f = open("t.txt", "w")
for op in (f.read, lambda: f.write(5), lambda: f.write(), lambda: f.seek(5, 1), lambda: f.seek(-1), lambda: f.seek(0, 9), lambda: f.writelines([5]), lambda: f.writelines(5), lambda: f.write(b"x"), lambda: f.readline(), lambda: f.truncate(-5)):
    try:
        print(op())
    except Exception as e:
        print(type(e).__name__, e)
f.close()
