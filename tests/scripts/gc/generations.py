import gc

gc.disable()
gc.collect()


class C:
    pass


def where(o):
    for g in range(3):
        if any(x is o for x in gc.get_objects(g)):
            return g
    return None


c = C()
print(where(c))
gc.collect(0)
print(where(c))
gc.collect(0)
print(where(c))
gc.collect(1)
print(where(c))
gc.collect(1)
print(where(c))
new = C()
gc.collect(2)
print(where(c), where(new))
a, b = C(), C()
a.b, b.a = b, a
gc.collect(1)
print(where(a))
del a, b
print("collect(0)", gc.collect(0))
print("collect(1)", gc.collect(1))
print("collect(2)", gc.collect(2))
frozen = C()
print(gc.get_freeze_count())
gc.freeze()
print(gc.get_freeze_count() > 100, where(frozen))
f2 = C()
f2.me = f2
gc.freeze()
del f2
print("frozen garbage", gc.collect())
gc.unfreeze()
print(gc.get_freeze_count(), where(frozen))
print("thawed garbage", gc.collect())
for bad in (3, -2):
    try:
        gc.get_objects(bad)
    except ValueError as e:
        print(e)
try:
    gc.get_objects("x")
except TypeError as e:
    print(e)
print(len(gc.get_objects()) == len(gc.get_objects(None)))
