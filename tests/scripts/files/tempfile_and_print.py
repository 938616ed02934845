import io
import os
import sys
import tempfile

d = tempfile.mkdtemp()
print(os.path.isdir(d), os.listdir(d))
with tempfile.TemporaryDirectory() as t:
    with open(os.path.join(t, "x"), "w") as f:
        f.write("hello")
    print(os.listdir(t))
print(os.path.exists(t))
with tempfile.NamedTemporaryFile("w+", delete=True) as f:
    f.write("named")
    f.seek(0)
    print(f.read(), os.path.exists(f.name))
print(os.path.exists(f.name))
os.rmdir(d)
out = io.StringIO()
print("a", 1, None, sep="|", end="!", file=out)
print(file=out)
print("flush", file=out, flush=True)
print(repr(out.getvalue()))


class W:
    def __init__(self):
        self.got = []

    def write(self, s):
        self.got.append(s)


w = W()
print("x", "y", file=w)
print(w.got)
try:
    print("x", file=w, flush=True)
except AttributeError as e:
    print(e)
old = sys.stdout
sys.stdout = w
print("captured")
sys.stdout = old
print(w.got[-2:])
sys.stdout = None
print("nowhere")
sys.stdout = old
del sys.stdout
try:
    print("no stdout")
except RuntimeError as e:
    sys.stdout = old
    print(e)
print(sys.stdout.name, sys.stdout.mode, sys.stdin.name, sys.stderr.name, sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors, sys.stdin.read(), sys.stdin.readline(), type(sys.stdout.buffer).__name__)
try:
    input()
except EOFError as e:
    print(e)
try:
    print("\ud800")
except UnicodeEncodeError as e:
    print(e)
sys.stdout.write("written\n")
sys.stdout.buffer.flush()
sys.stdout.writelines(["l1\n", "l2\n"])
print("é日", ascii("é"))
