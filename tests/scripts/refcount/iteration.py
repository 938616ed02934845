# for loops, comprehensions and iterators hold what they are at.
import sys

rc = sys.getrefcount


class C:
    pass


x = C()
base = rc(x)


def show(label):
    print(f"{label:28} {rc(x) - base:+d}")


for v in [x, x, x]:
    show("loop over a temporary list")
    break
show("after break")
del v
for v in (x,):
    show("loop over a tuple")
del v
for i, v in enumerate([x]):
    show("enumerate")
del v
for k, v in {"k": x}.items():
    show("items")
del v
[show("comprehension") for v in [x]]
{show("set comprehension") for v in [x]}
{1: show("dict comprehension") for v in [x]}
list(show("generator") for v in [x])
l = [x]
for v in l:
    show("loop over a named list")
    l.clear()
    show("cleared under the loop")
del v
for a, b in [(x, x)]:
    show("unpacked")
del a, b
for v in reversed([x, x]):
    show("reversed")
del v
for v in filter(None, [x]):
    show("filter")
del v
for v in map(lambda q: q, [x]):
    show("map")
del v
for v in iter(lambda: x, None):
    show("iter(callable, sentinel)")
    break
del v
show("end")
