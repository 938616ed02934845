import gc

for call in (
    lambda: gc.collect(1, 2),
    lambda: gc.collect("0"),
    lambda: gc.collect(foo=1),
    lambda: gc.enable(1),
    lambda: gc.disable(1),
    lambda: gc.isenabled(1),
    lambda: gc.get_count(1),
    lambda: gc.get_objects(1, 2),
    lambda: gc.is_tracked(),
    lambda: gc.is_tracked(1, 2),
    lambda: gc.is_finalized(),
    lambda: gc.freeze(1),
    lambda: gc.get_stats(1),
    lambda: gc.set_debug(),
    lambda: gc.get_objects(generation=5),
):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
print(gc.collect.__doc__ is not None, gc.__name__)
print(sorted(n for n in dir(gc) if not n.startswith("_")))
print(gc.is_finalized(1), gc.is_finalized([]))
