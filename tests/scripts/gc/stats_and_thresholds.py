import gc

gc.disable()
print(gc.get_threshold(), gc.isenabled())
gc.enable()
print(gc.isenabled())
gc.disable()
gc.set_threshold(100)
print(gc.get_threshold())
gc.set_threshold(50, 5)
print(gc.get_threshold())
gc.set_threshold(1, 2, 3)
print(gc.get_threshold())
gc.set_threshold(0)
print(gc.get_threshold())
for args in ((), ("x",), (1, 2, 3, 4), (1.5,)):
    try:
        gc.set_threshold(*args)
    except TypeError as e:
        print(e)
gc.set_threshold(700, 10, 10)
stats = gc.get_stats()
print(len(stats), [sorted(s) for s in stats])
before = [dict(s) for s in gc.get_stats()]
gc.collect(0)
gc.collect(1)
gc.collect(1)
l = []
l.append(l)
del l
gc.collect()
after = gc.get_stats()
for b, a in zip(before, after):
    print({k: a[k] - b[k] for k in a})
print(gc.get_count()[1:])
gc.collect(0)
gc.collect(0)
print(gc.get_count()[1:])
gc.collect(1)
print(gc.get_count()[1:])
gc.collect(1)
print(gc.get_count()[1:])
gc.collect(2)
print(gc.get_count()[1:])
print(type(gc.get_count()), type(gc.get_threshold()), type(gc.get_stats()))
