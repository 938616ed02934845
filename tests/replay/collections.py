# Cycles, weak references, finalizers, collections of all generations.
import gc
import weakref


class Link:
    def __init__(self, label):
        self.label = label
        self.other = None

    def __del__(self):
        dead.append(self.label)


dead = []
told = []
gc.set_threshold(50, 3, 2)
for i in range(200):
    a, b = Link(i), Link(-i)
    a.other, b.other = b, a
    if i % 20 == 0:
        watch = weakref.ref(a, lambda ref: told.append(len(dead)))
        keep = [watch, [i], {"i": [i]}]
print(len(dead) > 0, len(told) > 0, gc.get_count()[1] >= 0)
del a, b
before = gc.collect()
print(before, len(dead), gc.get_stats()[2]["collections"] > 0)
gc.freeze()
tangle = []
tangle.append(tangle)
del tangle
print(gc.collect(), gc.get_freeze_count() > 0, gc.isenabled())
