"""Classic lesson 1: every object knows how many references point to it.

The same story as the modern lesson, told by Python 2.7.  One thing differs:
a called function sees 2 more, not 1.  The caller keeps its argument on its
own stack during the call, and the callee's parameter is one more name.
"""
import sys


class Box:
    """Something that belongs to us alone, so its count starts small."""


box = Box()
print "box = Box()".ljust(34), sys.getrefcount(box) - 1

alias = box                                              # a second name
print "alias = box".ljust(34), sys.getrefcount(box) - 1

shelf = [box, box]                                       # two list elements
print "shelf = [box, box]".ljust(34), sys.getrefcount(box) - 1

table = {"key": box}                                     # a dict value
print "table = {...: box}".ljust(34), sys.getrefcount(box) - 1

del table["key"]
shelf.pop()
alias = None
del shelf
print "all of them gone again".ljust(34), sys.getrefcount(box) - 1

print "-- why a called function sees more"


def callee(argument):
    # The caller's name, the caller's stack, the name 'argument'.
    print "inside callee(box)".ljust(34), sys.getrefcount(argument) - 1


def spread(*arguments):
    # The caller's name, the caller's stack, the tuple.
    print "inside spread(box)".ljust(34), sys.getrefcount(arguments[0]) - 1


callee(box)
spread(box)
apply(callee, (box,))
print "after the calls".ljust(34), sys.getrefcount(box) - 1

print "-- a comprehension's variable stays"
found = [thing for thing in [box]]
print "found and thing".ljust(34), sys.getrefcount(box) - 1
del found, thing
print "both deleted".ljust(34), sys.getrefcount(box) - 1
