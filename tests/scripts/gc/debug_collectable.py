# The reports go to standard error, one line per object.
import gc

gc.disable()
gc.collect()


class Node:
    pass


def f():
    def g():
        g

    return 1


gc.set_debug(gc.DEBUG_COLLECTABLE)
a = Node()
b = Node()
a.b, b.a = b, a
a.l = [a]
del a, b
print(gc.collect())
f()
print(gc.collect())
gc.set_debug(0)
