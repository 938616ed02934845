# Binding, aliasing, rebinding and deleting names.
import sys


class C:
    pass


rc = sys.getrefcount
a = C()
print(rc(a))
b = a
print(rc(a))
b = a
print(rc(a))
b = None
print(rc(a))
c = d = e = a
print(rc(a))
del c
print(rc(a))
d, e = e, d
print(rc(a))
d = e = 0
print(rc(a))
(x, y) = (a, a)
print(rc(a))
[x, y] = [None, None]
print(rc(a))
first, *rest = [a, a, a]
print(rc(a), len(rest))
del first, rest
print(rc(a))
if (w := a) is a:
    print(rc(a))
del w
for v in [a, a]:
    print(rc(a))
del v
print(rc(a))
globals()["dynamic"] = a
print(rc(a))
del globals()["dynamic"]
print(rc(a))
