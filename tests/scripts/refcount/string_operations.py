# Which operations give back the same object, and what they hold.
import sys

rc = sys.getrefcount
s = "".join(["long enough ", "not to be ", "interned ", str(len(sys.argv))])
base = rc(s)


def show(label):
    print(f"{label:24} {rc(s) - base:+d}")


a = str(s)
show("str(s)")
b = s[:]
show("s[:]")
c = s + ""
show("s + ''")
d = "%s" % s
show("'%s' % s")
e = f"{s}"
show("f'{s}'")
f = "".join([s])
show("''.join([s])")
g = s.strip()
show("strip")
h = s.replace("zz", "y")
show("replace nothing")
i = s * 1
show("s * 1")
j = s.ljust(3)
show("ljust")
k = s.lower()
show("lower (a new one)")
l = s.split("zz")
show("split at nothing")
m = s.partition("zz")
show("partition at nothing")
n = s.removeprefix("zz")
show("removeprefix nothing")
o = s.encode()
show("encode")
p = s.splitlines()
show("splitlines")
q = format(s)
show("format(s)")
r = s.expandtabs()
show("expandtabs")
del a, b, c, d, e, f, g, h, i, j, l, m, n, p, q, r
show("all gone")
t = sys.intern(s)
show("interned, same object")
del t
show("name gone")
u = {s: 1}
show("as key")
v = list(u)[0]
show("key taken out")
del u, v
show("end")
