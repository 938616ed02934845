import gc

gc.disable()
gc.collect()


class C:
    pass


def cycle():
    a, b = C(), C()
    a.b, b.a = b, a


print(gc.get_freeze_count())
cycle()
gc.freeze()
print(gc.get_freeze_count() > 0)
print("frozen, not found:", gc.collect())
cycle()
print("new ones are:", gc.collect())
before = gc.get_freeze_count()
c = C()
gc.freeze()
print(gc.get_freeze_count() - before > 0, gc.get_count()[0] < 5)
del c
gc.unfreeze()
print(gc.get_freeze_count())
print("thawed:", gc.collect())
l = [[] for _ in range(100)]
gc.freeze()
n = gc.get_freeze_count()
del l
print("freed while frozen:", n - gc.get_freeze_count())
gc.unfreeze()
print(gc.get_freeze_count(), gc.collect() >= 0)
