"""Lesson 1: every object knows how many references point to it.

A name, an element of a list, an attribute, an argument: each one is a
reference, and each one adds 1 to the object's count.  When the count falls
to 0 the object is freed, at once.
"""
import sys


class Box:
    """Something that belongs to us alone, so its count starts small."""


def count(label, obj):
    # Inside this function 'obj' is one more name for the object, and
    # getrefcount's own parameter is another.  We take both away again, so
    # that the line shows what the caller has.
    print(f"{label:34}", sys.getrefcount(obj) - 2)


print("-- a fresh object")
box = Box()
print(f"{'box = Box()':34}", sys.getrefcount(box) - 1)   # -1: getrefcount's own argument

alias = box                                              # a second name
print(f"{'alias = box':34}", sys.getrefcount(box) - 1)

shelf = [box, box]                                       # two list elements
print(f"{'shelf = [box, box]':34}", sys.getrefcount(box) - 1)

table = {"key": box}                                     # a dict value
print(f"{'table = {...: box}':34}", sys.getrefcount(box) - 1)

del table["key"]                                         # the value goes, the dict stays
print(f"{'del table[...]':34}", sys.getrefcount(box) - 1)

shelf.pop()
print(f"{'shelf.pop()':34}", sys.getrefcount(box) - 1)

alias = None                                             # rebinding lets go of the old object
print(f"{'alias = None':34}", sys.getrefcount(box) - 1)

del shelf                                                # the list dies, its element with it
print(f"{'del shelf':34}", sys.getrefcount(box) - 1)


print("-- why a called function sees more")


def callee(argument):
    # The caller's name 'box' still counts, and 'argument' is one more.
    print(f"{'inside callee(box)':34}", sys.getrefcount(argument) - 1)


callee(box)
print(f"{'after the call':34}", sys.getrefcount(box) - 1)
count("count() takes both away", box)


def spread(*arguments):
    # box is held by the caller's name and by the tuple 'arguments'.
    print(f"{'inside spread(box)':34}", sys.getrefcount(arguments[0]) - 1)


spread(box)


print("-- a small number is shared by everybody")
# There is only one 11 in the whole program; Python itself uses it too.  So
# only the changes of its count tell a story.
start = sys.getrefcount(11)


def change(label):
    print(f"{label:34}", format(sys.getrefcount(11) - start, "+d"))


a = 11
change("a = 11")
b = a
change("b = a")
numbers = [a, a, a]
change("numbers = [a, a, a]")
a = 22
change("a = 22")
del b
change("del b")
numbers.clear()
change("numbers.clear()")
