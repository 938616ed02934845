"""Classic lesson 4: a cycle with a finalizer cannot be collected.

Which __del__ should run first, when each may use the other?  Python 2 does
not guess: such objects land in gc.garbage, and it is up to you.
"""
import gc

gc.disable()                     # we decide when
gc.collect()


class Plain:
    pass


class ClassA:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print "  %s is finalized" % self.name


def make_cycle(cls, *args):
    c1, c2 = cls(*args), cls(*args)
    c1.other = c2
    c2.other = c1


gc.set_debug(gc.DEBUG_LEAK)      # tell everything, keep everything
print "DEBUG_LEAK is", gc.get_debug()

print "two plain instances in a cycle"
make_cycle(Plain)
print "  unreachable:", gc.collect()
print "  garbage:", len(gc.garbage), "objects, because DEBUG_LEAK keeps them"
gc.set_debug(gc.DEBUG_UNCOLLECTABLE | gc.DEBUG_INSTANCES | gc.DEBUG_OBJECTS)
for thing in gc.garbage:
    if isinstance(thing, dict):
        thing.clear()
del thing, gc.garbage[:]

print "two with a finalizer"
make_cycle(ClassA, "member")
print "  unreachable:", gc.collect()
print "  garbage:", [thing.name for thing in gc.garbage]
print "  once more:", gc.collect()

print "breaking the cycle by hand"
gc.set_debug(0)
gc.garbage[0].other = None
del thing, gc.garbage[:]
print "  left:", gc.collect(), gc.garbage
