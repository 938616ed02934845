# Every container element is one reference; what a container method returns is another.
import sys


class C:
    pass


rc = sys.getrefcount
x = C()
base = rc(x)


def show(label):
    print(f"{label:28} {rc(x) - base:+d}")


l = [x]
show("[x]")
l.append(x)
show("append")
l.extend([x, x])
show("extend")
l.insert(0, x)
show("insert")
l += (x,)
show("+=")
l2 = l * 2
show("l * 2")
del l2
show("del l2")
l3 = l[1:3]
show("slice")
l3 = l.copy()
show("copy")
l3.clear()
show("clear")
l[0] = None
show("l[0] = None")
l[1:3] = []
show("slice assignment")
del l[0]
show("del l[0]")
l.pop()
show("pop, thrown away")
p = l.pop()
show("pop, kept")
del p
l.remove(x)
show("remove")
del l
show("del l")
t = (x, x, x)
show("tuple")
t2 = t + t
show("tuple + tuple")
t3 = t[:]
show("t[:] is t")
t4 = tuple([x])
show("tuple(list)")
del t, t2, t3, t4
show("tuples gone")
d = {x: 1}
show("dict key")
d[x] = x
show("and value")
d2 = dict(d)
show("dict(d)")
d.update({1: x})
show("update")
d.setdefault(2, x)
show("setdefault")
d.setdefault(2, x)
show("setdefault, there")
d.get(3, x)
show("get default, thrown away")
d.pop(2)
show("pop")
d.popitem()
show("popitem")
k = list(d.keys())
show("list(keys)")
i = list(d.items())
show("list(items)")
del k, i
d.clear()
d2.clear()
show("cleared")
s = {x}
show("set")
s.add(x)
show("add again")
s2 = s | {1}
show("union")
f = frozenset(s)
show("frozenset")
s.discard(x)
show("discard")
del s2, f
show("sets gone")
z = zip([x], [x])
show("zip of lists")
n = next(z)
show("next(zip)")
del z
show("zip gone, its tuple kept")
del n
show("end")
