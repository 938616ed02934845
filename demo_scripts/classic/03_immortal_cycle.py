"""Classic lesson 3: two objects that hold each other never die by counting."""
import gc
import sys

gc.disable()                     # nobody will come and clean up


class Node:
    def __init__(self, name):
        self.name = name
        self.partner = None


def alive():
    """How many Nodes there are in the whole program."""
    return len([thing for thing in gc.get_objects() if isinstance(thing, Node)])


print "without a cycle"
lonely = Node("lonely")
print "  references:", sys.getrefcount(lonely) - 1
del lonely
print "  nodes alive:", alive()

print "with a cycle"
left, right = Node("left"), Node("right")
left.partner, right.partner = right, left
print "  references to left:", sys.getrefcount(left) - 1
print "  references to right:", sys.getrefcount(right) - 1
del left, right
print "  after del, nodes alive:", alive()

print "the collector sees each of them as two: an instance and its dict"
print "  unreachable:", gc.collect()
print "  nodes alive:", alive()
