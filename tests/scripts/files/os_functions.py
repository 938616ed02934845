import os
import os.path as p

print(os.path is p, os.sep, os.linesep == "\n", os.curdir, os.name, os.getcwd() == os.path.abspath("."))
os.mkdir("d")
os.makedirs("d/e/f")
os.makedirs("d/e/f", exist_ok=True)
with open("d/file.txt", "w") as f:
    f.write("12345")
print(sorted(os.listdir("d")), p.exists("d"), p.exists("nope"), p.isdir("d"), p.isfile("d"), p.isfile("d/file.txt"), p.getsize("d/file.txt"))
os.rename("d/file.txt", "d/renamed.txt")
print(sorted(os.listdir("d")), os.stat("d/renamed.txt").st_size)
os.utime("d/renamed.txt", (100, 200))
print(p.getmtime("d/renamed.txt"), os.stat("d/renamed.txt").st_atime, os.stat("d/renamed.txt").st_mtime_ns)
os.remove("d/renamed.txt")
for f in (lambda: os.mkdir("d"), lambda: os.rmdir("d"), lambda: os.remove("nope"), lambda: os.rename("nope", "x"), lambda: os.listdir("nope"), lambda: os.stat("nope"), lambda: os.chdir("nope"), lambda: os.rmdir("nope"), lambda: os.makedirs("d/e"), lambda: os.open("nope", os.O_RDONLY), lambda: os.close(999), lambda: os.stat(5.5), lambda: os.listdir(b"d"), lambda: os.getenv("NO_SUCH"), lambda: os.environ["NO_SUCH"], lambda: os.mkdir("a\0b")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
os.rmdir("d/e/f")
os.removedirs("d/e")
print(p.exists("d"))
print(p.join("a", "b"), p.join("a/", "b"), p.join("a", "/b"), p.join("a", ""), p.join("", "a"), p.join("a", "b", "c"), p.split("a/b"), p.split("a"), p.split("a/b/"), p.basename("a/b.c"), p.dirname("a/b.c"), p.splitext("a/b.tar.gz"), p.splitext(".bashrc"), p.splitext("a.b/c"), p.normpath("a//b/../c/./d"), p.normpath(""), p.normpath("/.."), p.isabs("/a"), p.isabs("a"), p.commonprefix(["abc", "abd"]), p.commonpath(["/a/b", "/a/c"]), p.relpath("/a/b", "/a/c"), p.expanduser("x"), p.splitdrive("a"))
os.environ["OUR_VAR"] = "1"
print(os.environ["OUR_VAR"], os.getenv("OUR_VAR"), "OUR_VAR" in os.environ, os.environ.get("X_Y_Z", "d"))
del os.environ["OUR_VAR"]
print("OUR_VAR" in os.environ)
fd = os.open("raw.txt", os.O_WRONLY | os.O_CREAT)
print(os.write(fd, b"raw bytes"), os.close(fd))
fd = os.open("raw.txt", os.O_RDONLY)
print(os.read(fd, 3), os.lseek(fd, 0, 0), os.read(fd, 100), os.fstat(fd).st_size)
os.close(fd)
for root, dirs, files in os.walk("."):
    print(root, sorted(dirs), sorted(files))
print(sorted(e.name for e in os.scandir(".")), [e.is_file() for e in os.scandir(".")])
print(os.fspath("x"), os.fsencode("é"), os.fsdecode(b"a"), os.access("raw.txt", os.R_OK))


class P:
    def __fspath__(self):
        return "raw.txt"


print(open(P()).read(), p.exists(P()), os.fspath(P()))
try:
    os.fspath(5)
except TypeError as e:
    print(e)
os.chmod("raw.txt", 0o600)
print(oct(os.stat("raw.txt").st_mode))
os.symlink("raw.txt", "link")
print(os.readlink("link"), p.islink("link"), p.realpath("link") == p.abspath("raw.txt"))
os.unlink("link")
print(os.strerror(2), os.getpid() > 0, os.cpu_count() > 0, os.path.sameopenfile(0, 0), os.error is OSError)
