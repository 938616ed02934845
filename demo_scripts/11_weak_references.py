"""Lesson 11: looking at an object without keeping it alive.

A weak reference does not count.  When the object dies, the reference is
cleared and may call somebody.
"""
import gc
import sys
import weakref

gc.disable()


class Planet:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<Planet {self.name}>"


def farewell(reference):
    # By now the reference is already empty.
    print("  callback: the reference says", reference())


print("a weak reference")
mars = Planet("Mars")
print("  references before:", sys.getrefcount(mars) - 1)
watcher = weakref.ref(mars, farewell)
print("  references after: ", sys.getrefcount(mars) - 1)
print("  weak references:  ", weakref.getweakrefcount(mars))
print("  calling it gives  ", watcher())
print("  the same object:  ", watcher() is mars)
print("deleting the only strong reference")
del mars
print("  afterwards:", watcher())

print("a proxy stands in for the object")
venus = Planet("Venus")
proxy = weakref.proxy(venus)
print("  its name is", proxy.name)
del venus
try:
    proxy.name
except ReferenceError as error:
    print("  ReferenceError:", error)

print("a cache that does not hold on")
cache = weakref.WeakValueDictionary()
saturn = Planet("Saturn")
cache["saturn"] = saturn
print("  in the cache:", dict(cache))
del saturn
print("  in the cache:", dict(cache))

print("a parent pointer without a cycle")


class Child:
    def __init__(self, parent):
        self.parent = weakref.ref(parent)


class Parent:
    def __init__(self):
        self.child = Child(self)

    def __del__(self):
        print("  parent freed, no collector needed")


family = Parent()
print("  the child knows its parent:", family.child.parent() is family)
del family

print("in a cycle the reference is cleared by the collector")
one, two = Planet("one"), Planet("two")
one.other, two.other = two, one
watcher = weakref.ref(one, farewell)
del one, two
print("  before:", watcher())
gc.collect()
print("  after: ", watcher())

print("not everything can be referred to weakly")
try:
    weakref.ref(11)
except TypeError as error:
    print("  TypeError:", error)
