#: why --at 13 node
#: why --at 25 inner --hit 2
#: why --at end seen[0]
import gc


class Node:
    pass


node = Node()
node.me = node
gc.disable()
node = [node.__dict__]
chain = None
for i in range(5000):
    chain = [chain]
deep = chain
while deep[0][0] is not None:
    deep = deep[0]
seen = []


def recurse(inner, depth):
    if depth:
        recurse(inner, depth - 1)
    else:
        seen.append(inner)


recurse(Node(), 3)
del deep
leaf = chain
#: why --at 21 deep
