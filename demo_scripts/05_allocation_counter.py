"""Lesson 5: how the collector knows that it is time to look.

gc.get_count() is three numbers.  The first counts container objects made
minus container objects freed since the last collection; the other two count
collections of the younger generation.
"""
import gc

gc.disable()                     # we only want to look at the counter


class ClassA:
    pass


def young():
    return gc.get_count()[0]


def show(label, difference):
    print(f"{label:44} {difference:+d}")


young()                          # a first call, so that nothing new is made below

before = young()
a = ClassA()
after = young()
show("a = ClassA()", after - before)

before = young()
del a
after = young()
show("del a", after - before)

before = young()
many = [ClassA() for _ in range(100)]
after = young()
show("a hundred objects (and a list for them)", after - before)

before = young()
del many
after = young()
show("del: all hundred, and the list", after - before)

before = young()
number, text, real = 12345, "text" * 10, 1.5 * before
after = young()
show("numbers and strings cannot make a cycle", after - before)

before = young()
items = []
after = young()
show("items = []: it may come from a free list", after - before)

before = young()
function = lambda: None
after = young()
show("a function", after - before)

before = young()


class ClassB:
    pass


after = young()
show("a class is several objects", after - before)

gc.collect()
print("after gc.collect() the older counters are", gc.get_count()[1:])
gc.collect(0)
print("after gc.collect(0)                        ", gc.get_count()[1:])
gc.collect(1)
print("after gc.collect(1)                        ", gc.get_count()[1:])
