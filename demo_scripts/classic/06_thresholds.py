"""Classic lesson 6: when the collector comes by itself."""
import gc
import weakref

print "thresholds:", gc.get_threshold()
gc.disable()
gc.collect()


class Node:
    pass


def make_cycle():
    node = Node()
    node.me = node
    return weakref.ref(node)


print "switched off, cycles pile up"
watched = [make_cycle() for number in range(5)]
print "  alive:", len([ref for ref in watched if ref() is not None])

print "a low threshold, switched on"
gc.set_threshold(50)
gc.enable()
keep = [Node() for number in range(60)]      # more than 50 new containers
print "  alive:", len([ref for ref in watched if ref() is not None])

print "threshold 0 means never"
gc.set_threshold(0)
watched = [make_cycle() for number in range(5)]
keep = [Node() for number in range(2000)]
print "  alive:", len([ref for ref in watched if ref() is not None])
gc.set_threshold(700, 10, 10)
print "thresholds:", gc.get_threshold()
