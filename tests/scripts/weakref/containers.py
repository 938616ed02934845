import gc
import weakref


class K:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"K({self.n})"

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, o):
        return self.n == o.n


d = weakref.WeakValueDictionary()
a, b = K("a"), K("b")
d["a"], d["b"] = a, b
print(len(d), sorted(d), d["a"], d.get("z"), "a" in d)
del a
print(len(d), list(d.items()))
print(d.pop("b"), len(d))
try:
    d["q"]
except KeyError as e:
    print("KeyError", e)
try:
    d["x"] = 1
except TypeError as e:
    print(e)
d["b"] = b
print(list(d.values()), list(d.keys()), [r() for r in d.valuerefs()])
w = weakref.WeakKeyDictionary()
c = K("c")
w[c] = 1
w[b] = 2
print(len(w), w[c], sorted(w.values()), c in w)
del c
print(len(w), list(w.items()))
s = weakref.WeakSet()
x, y = K("x"), K("y")
s.add(x)
s.add(y)
s.add(x)
print(len(s), x in s, sorted(k.n for k in s))
del x
print(len(s), [k for k in s])
s.discard(y)
print(len(s))
f = weakref.finalize(y, print, "finalized", sep="|")
print(f.alive, f.peek()[1] is print)
del y
print(f.alive, f())
z = K("z")
f = weakref.finalize(z, lambda v: v + 1, 41)
print(f(), f.alive, f())
m = weakref.WeakMethod(b.__repr__)
print(m()(), m() == b.__repr__)
del b
d.clear()
gc.collect()
print(m())
end = K("end")
weakref.finalize(end, print, "at exit")
fin = weakref.finalize(end, print, "not at exit")
fin.atexit = False
print("end of script")
