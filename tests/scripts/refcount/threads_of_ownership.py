# Handing an object from owner to owner.
import sys

rc = sys.getrefcount


class Box:
    def __init__(self, item):
        self.item = item

    def take(self):
        item, self.item = self.item, None
        return item

    def peek(self):
        return self.item

    def swap(self, item):
        old = self.item
        self.item = item
        return old


class Item:
    pass


i = Item()
print(rc(i))
b = Box(i)
print(rc(i))
print(rc(b.peek()))
print(b.peek() is i, rc(i))
del i
print(rc(b.item))
t = b.take()
print(rc(t), b.item)
old = b.swap(t)
print(rc(t), old)
chain = Box(Box(Box(t)))
print(rc(t))
chain.item.item.take()
print(rc(t))
stack = [t]
stack.append(stack[-1])
print(rc(t))
while stack:
    stack.pop()
print(rc(t))
queue = [t] * 5
print(rc(t))
queue[1:4] = []
print(rc(t))
a, *rest, z = queue + [None]
print(rc(t), len(rest))
del a, rest, z, queue
print(rc(t))
pairs = [(n, t) for n in range(3)]
print(rc(t))
table = dict(pairs)
print(rc(t))
inverse = {v: k for k, v in table.items()}
print(rc(t), len(inverse))
del pairs, table, inverse
print(rc(t))


def ping(x, n):
    return rc(x) if n == 0 else ping(x, n - 1)


print(ping(t, 0), ping(t, 1), ping(t, 5))


def through(x):
    try:
        return x
    finally:
        x = None


print(rc(through(t)))
lst = [through(t), through(t)]
print(rc(t))
