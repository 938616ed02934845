"""Lesson 4: the collector finds what nobody outside can reach.

gc.collect() returns how many unreachable objects it found.  gc.garbage is a
list for things it was told to keep, or could not free.
"""
import gc

gc.disable()                     # we decide when


class ClassA:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(f"  {self.name} is finalized")


def make_cycle():
    c1, c2 = ClassA("c1"), ClassA("c2")
    c1.other = c2
    c2.other = c1


gc.collect()                     # start from a clean floor

print("a plain collection")
make_cycle()
print("  garbage before:", gc.garbage)
print("  unreachable:", gc.collect())
print("  garbage after:", gc.garbage)
print("  once more:", gc.collect())

print("keeping what was found: DEBUG_SAVEALL")
# DEBUG_LEAK is COLLECTABLE + UNCOLLECTABLE + SAVEALL.  The first two write
# each object to standard error; the third puts everything the collector
# finds into gc.garbage instead of freeing it.
print("  DEBUG_LEAK is", gc.DEBUG_LEAK, "=",
      gc.DEBUG_COLLECTABLE, "+", gc.DEBUG_UNCOLLECTABLE, "+", gc.DEBUG_SAVEALL)
make_cycle()
gc.set_debug(gc.DEBUG_LEAK)
print("  unreachable:", gc.collect())
gc.set_debug(0)
print("  garbage after:", [thing.name for thing in gc.garbage])

print("and now really let go")
for thing in gc.garbage:
    # Both were finalized already; __del__ runs once in an object's life.
    thing.other = None
del thing
gc.garbage.clear()
print("  garbage at the end:", gc.garbage)
print("  unreachable:", gc.collect())
