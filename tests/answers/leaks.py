#: leaks
#: leaks --from 27 --to 27
#: leaks --from 34 --to 36
#: leaks --type list
#: leaks --min 100
#: leaks --json --type Node
import json


class Node:
    def __init__(self, name):
        self.name = name
        self.items = [name * 2]


cache = {}


def work(i):
    node = Node("n%d" % i)
    cache[i] = node
    other = Node("loop")
    other.me = other


for i in range(300, 305):
    work(i)


def clean():
    return [Node(str(k)) for k in range(3)]


clean()
clean()
text = json.dumps({"a": 1})
named = Node("kept under a name")
