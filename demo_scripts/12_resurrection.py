"""Lesson 12: an object that comes back.

__del__ runs while the object is still whole.  If it stores a reference to
itself somewhere, the object lives on.  But __del__ will not run again.
"""
import gc
import weakref

gc.disable()
rescued = []


class Phoenix:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(f"  __del__ of {self.name}")
        rescued.append(self)


print("by counting")
bird = Phoenix("bird")
del bird                              # __del__ runs, and the list saves it
print("  rescued:", [phoenix.name for phoenix in rescued])
print("  already finalized:", gc.is_finalized(rescued[0]))

print("the second death is final")
rescued.clear()
print("  rescued:", rescued)

print("by the collector")
one, two = Phoenix("one"), Phoenix("two")
one.other, two.other = two, one
watch = weakref.ref(one)
del one, two
print("  collected:", gc.collect())
print("  rescued:", [phoenix.name for phoenix in rescued])
# The weak reference was cleared before any __del__ ran, and stays empty.
print("  weak reference:", watch())

print("what one object reaches is rescued with it")
rescued.clear()
gc.collect()


class Quiet:
    """No __del__ of its own."""


loud, quiet = Phoenix("loud"), Quiet()
loud.friend, quiet.friend = quiet, loud
del loud, quiet
gc.collect()
print("  the quiet one is", type(rescued[0].friend).__name__, "and still here")

rescued[0].friend = None
rescued.clear()
print("done")
