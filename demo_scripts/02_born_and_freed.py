"""Lesson 2: an object is freed the moment its last reference goes.

No collector is needed for that.  Watch the ids: the memory of an object that
died is often used again by the next one.
"""


class Visitor:
    def __init__(self, name):
        self.name = name
        print(f"  {self.name} is born   id={id(self)}")

    def __del__(self):
        print(f"  {self.name} is freed  id={id(self)}")


print("one name, used again and again")
for number in range(3):
    # The new Visitor is made first; only then does the name let go of the
    # old one.  So from the second turn on, two are alive for a moment.
    visitor = Visitor(f"visitor {number}")
    print(f"  turn {number} ends")
print("the loop is over, the last visitor is still here")
del visitor

print("nobody keeps it")
Visitor("passer-by")             # no name: freed before the next line starts

print("a function's names end with the call")


def room():
    first = Visitor("first")
    second = Visitor("second")
    print("  the room closes")   # now the locals go, in the order they were made


room()

print("a list lets go of its elements from the end")
queue = [Visitor("front"), Visitor("back")]
del queue

print("goodbye")
