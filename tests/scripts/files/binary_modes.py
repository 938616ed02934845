import io
import os

with open("b.bin", "wb") as f:
    print(f.write(b"0123456789"), f.tell(), f.mode, type(f).__name__, f.seek(2), f.write(bytearray(b"AB")), f.write(memoryview(b"C")), f.name)
with open("b.bin", "rb") as f:
    print(type(f).__name__, f.read(3), f.read1(2), f.peek(1)[:1], f.read(), f.read(), f.seek(-3, 2), f.read(), f.seek(1), f.seek(2, 1), f.read(1), f.tell())
    f.seek(0)
    b = bytearray(4)
    print(f.readinto(b), b, f.readline(), f.readlines())
    try:
        f.write(b"x")
    except Exception as e:
        print(type(e).__name__, e)
    print(f.raw.name, type(f.raw).__name__, f.raw.mode, f.raw.closefd)
with open("b.bin", "r+b") as f:
    print(type(f).__name__, f.read(2), f.write(b"zz"), f.seek(0), f.read())
with open("b.bin", "rb", buffering=0) as f:
    print(type(f).__name__, f.read(4), f.readall(), f.read(), repr(f).split(" name")[0])
with open("b.bin", "ab") as f:
    print(f.tell(), f.write(b"!"), f.tell())
with open("lines.bin", "wb") as f:
    f.writelines([b"a\n", b"b\r\n", b"c"])
print(list(open("lines.bin", "rb")), open("lines.bin", "rb").readlines(2))
f = open("b.bin", "wb")
for op in (lambda: f.write("text"), lambda: f.write(5), f.read, lambda: f.seek(-1), lambda: f.readinto(b), lambda: f.write(), lambda: f.seek("a")):
    try:
        print(op())
    except Exception as e:
        print(type(e).__name__, e)
f.close()
try:
    f.write(b"x")
except ValueError as e:
    print(e)
s = io.StringIO("init\nial")
print(s.read(2), s.readline(), s.getvalue(), s.tell(), s.write("X"), s.getvalue(), s.seek(0), list(s), s.truncate(3), s.getvalue(), s.closed)
s.close()
try:
    s.read()
except ValueError as e:
    print(e)
b = io.BytesIO(b"bytes\nmore")
print(b.read(3), b.readline(), b.getvalue(), b.getbuffer()[0], b.seek(0, 2), b.write(b"!"), b.getvalue(), b.readable(), b.seek(0), b.readlines())
for op in (lambda: io.StringIO(5), lambda: io.BytesIO("x"), lambda: io.StringIO().write(b"x"), lambda: io.BytesIO().write("x"), lambda: io.StringIO().seek(1, 1), lambda: io.StringIO().seek(-1), lambda: io.BytesIO().seek(-1)):
    try:
        print(op())
    except Exception as e:
        print(type(e).__name__, e)
t = io.TextIOWrapper(io.BytesIO(b"a\nb\n"), encoding="ascii")
print(t.readline(), t.read(), t.encoding, t.buffer.getvalue(), t.detach().getvalue())
try:
    t.read()
except ValueError as e:
    print(e)
print(io.DEFAULT_BUFFER_SIZE, io.SEEK_END, issubclass(io.StringIO, io.TextIOBase), isinstance(open("lines.bin"), io.TextIOWrapper), io.UnsupportedOperation.__mro__[1:3])
