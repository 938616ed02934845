import gc, sys
gc.disable(); gc.collect()
class Node:
    def __init__(self, name): self.name = name
    def __repr__(self): return "Node(%s)" % self.name
class DNode(Node):
    def __del__(self): print "del", self.name
def cycle(cls, n):
    nodes = [cls(i) for i in range(n)]
    for a, b in zip(nodes, nodes[1:] + nodes[:1]): a.next = b
cycle(Node, 3); print gc.collect(), gc.garbage
cycle(DNode, 3); print gc.collect(), gc.garbage
for g in gc.garbage: g.next = None
del g
del gc.garbage[:]
print gc.collect()
gc.set_debug(gc.DEBUG_LEAK)
cycle(Node, 2); print gc.collect(), len(gc.garbage)
cycle(DNode, 2); print gc.collect(), len(gc.garbage)
class New(object): pass
x = New(); x.me = x; del x
print gc.collect()
l = []; l.append((l,)); del l
print gc.collect()
gc.set_debug(0)
del gc.garbage[:]
print gc.collect()
c0 = gc.get_count()[0]
a = [1,2]
print gc.get_count()[0] - c0
n = Node(1)
c0 = gc.get_count()[0]
def fn(): pass
print gc.get_count()[0] - c0
c0 = gc.get_count()[0]
class K: pass
n = Node(1)
print gc.is_tracked(n), gc.is_tracked({}), gc.is_tracked(())
print gc.isenabled(), gc.get_threshold()
