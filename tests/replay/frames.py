# Frames of every kind: calls, generators, callbacks from native code, exceptions, recursion, classes.
import functools


class Node:
    count = 0

    def __init__(self, value, parent=None):
        self.value = value
        self.parent = parent
        self.children = []
        Node.count += 1

    def __lt__(self, other):
        return self.value < other.value

    def __del__(self):
        Node.count -= 1

    @property
    def double(self):
        return self.value * 2


def key(node):
    return -node.double


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def fail(depth):
    if depth == 0:
        raise ValueError("bottom")
    try:
        fail(depth - 1)
    finally:
        seen.append(depth)


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


seen = []
root = Node(0)
for i in range(1, 6):
    root.children.append(Node(i, root))
ordered = sorted(root.children, key=key)
largest = max(root.children)
values = [node.value for node in walk(root)]
try:
    fail(4)
except ValueError as error:
    seen.append(str(error))
total = sum(map(lambda node: node.double, ordered)) + fib(20)
pairs = {node.value: node for node in walk(root) if node.value % 2}
print(values, seen, total, sorted(pairs), Node.count)
del largest, ordered, pairs
root.children.clear()
del root
print(Node.count)
