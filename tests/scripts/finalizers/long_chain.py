# A long chain is freed without deep native recursion.
class Node:
    __slots__ = ("next", "tag")

    def __init__(self, next, tag=None):
        self.next = next
        self.tag = tag


class Tag:
    def __del__(self):
        print("tag dies")


head = None
for i in range(200000):
    head = Node(head)
head.tag = Tag()
head = Node(head, Tag())
print("built")
del head
print("freed")
l = []
for i in range(100000):
    l = [l]
del l
print("lists")
t = ()
for i in range(100000):
    t = (t,)
del t
print("tuples")
d = {}
for i in range(100000):
    d = {1: d}
del d
print("dicts")


class P:
    pass


p = P()
for i in range(50000):
    q = P()
    q.p = p
    p = q
del q, p
print("instances")


def g(inner):
    yield inner


x = g(None)
for i in range(1000):
    y = g(x)
    next(y)
    x = y
del x, y
print("generators")


class Del:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        pass


n = None
for i in range(5000):
    n = Del(n)
del n
print("with __del__")
