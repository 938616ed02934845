# Frames and locals() take references only when somebody looks.
import sys

rc = sys.getrefcount


class C:
    pass


def look():
    x = C()
    print("plain", rc(x))
    f = sys._getframe()
    print("frame", rc(x))
    d = f.f_locals
    print("f_locals", rc(x))
    print(sorted(d) == ["d", "f", "x"], f.f_locals is d)
    del d
    print("still cached", rc(x))
    del f


look()


def loc():
    x = C()
    print(rc(x))
    d = locals()
    print(rc(x), sorted(d))
    d["y"] = x
    print(rc(x))
    return d


d = loc()
print(rc(d["x"]), sorted(d), rc(d))
del d


def caller():
    x = C()
    return callee()


def callee():
    f = sys._getframe(1)
    return rc(f.f_locals["x"])


print(caller())


def ev():
    x = C()
    print(eval("rc(x)"))
    exec("y = x; print(rc(x))")
    print(rc(x))


ev()


def kept():
    x = C()
    return sys._getframe()


f = kept()
print(sorted(f.f_locals), rc(f.f_locals["x"]), f.f_code.co_name, f.f_back)
f.clear()
print(f.f_locals)
