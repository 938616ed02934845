# What a suspended generator holds.
import sys

rc = sys.getrefcount


class C:
    pass


x = C()
base = rc(x)


def gen(a):
    b = a
    yield 1
    del b
    yield 2
    a = None
    yield 3


def show(label):
    print(f"{label:20} {rc(x) - base:+d}")


g = gen(x)
show("made")
next(g)
show("at the first yield")
next(g)
show("at the second")
next(g)
show("at the third")
del g
show("gone")
g = gen(x)
next(g)
g.close()
show("closed")
g = gen(x)
next(g)
try:
    g.throw(KeyError("k"))
except KeyError:
    pass
show("thrown")
e = (i for i in [x, x])
show("genexpr")
next(e)
show("genexpr, advanced")
list(e)
show("exhausted")


def sub(a):
    yield a


def outer(a):
    yield from sub(a)


o = outer(x)
show("outer made")
next(o)
show("delegating")
o.close()
show("closed")
it = iter([x, x])
show("list iterator")
next(it)
show("advanced")
del it
show("end")


def locals_die():
    v = C()
    yield rc(v)


print(list(locals_die()))


def send():
    got = yield
    while True:
        got = yield rc(got)


s = send()
next(s)
print(s.send(x), s.send(C()), s.send(x))
s.close()
show("end")
