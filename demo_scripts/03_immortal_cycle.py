"""Lesson 3: two objects that hold each other never die by counting.

Each one's count stays at 1, because of the other.  With the cyclic collector
switched off they stay until the program ends.
"""
import gc
import sys

gc.disable()                     # nobody will come and clean up


class Node:
    def __init__(self, name):
        self.name = name
        self.partner = None

    def __del__(self):
        print(f"  {self.name} is freed")


def alive():
    """How many Nodes there are in the whole program."""
    return sum(isinstance(thing, Node) for thing in gc.get_objects())


print("without a cycle")
lonely = Node("lonely")
print("  references:", sys.getrefcount(lonely) - 1)
del lonely
print("  nodes alive:", alive())

print("with a cycle")
left = Node("left")
right = Node("right")
left.partner = right
right.partner = left
print("  references to left:", sys.getrefcount(left) - 1)
print("  references to right:", sys.getrefcount(right) - 1)

# The names go; the attributes stay.  Both counts fall from 2 to 1, not to 0.
del left, right
print("  after del, nodes alive:", alive())

print("ten more pairs")
for _ in range(10):
    one, two = Node("one"), Node("two")
    one.partner, two.partner = two, one
    del one, two
print("  nodes alive:", alive())

print("a cycle of one")
me = Node("me")
me.partner = me
del me
print("  nodes alive:", alive())

# At the end Python takes everything down.  We make that visible in lesson 4;
# here the farewells would only be noise.
del Node.__del__
