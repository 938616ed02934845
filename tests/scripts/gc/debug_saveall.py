import gc

gc.disable()
gc.collect()


class C:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"C({self.n})"


gc.set_debug(gc.DEBUG_SAVEALL)
print(gc.get_debug())
a, b = C(1), C(2)
a.b, b.a = b, a
del a, b
print(gc.collect(), gc.garbage)
print(gc.collect(), len(gc.garbage))
gc.set_debug(0)
print(gc.collect(), len(gc.garbage))
gc.garbage.clear()
print(gc.collect(), gc.garbage)
l = []
l.append(l)
gc.set_debug(gc.DEBUG_SAVEALL)
del l
print(gc.collect(), gc.garbage)
gc.set_debug(0)
gc.garbage[0].clear()
gc.garbage.clear()
print(gc.collect())
print(gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK)
try:
    gc.set_debug("x")
except TypeError as e:
    print(e)
