"""Lesson 6: which allocation triggers a collection.

A young collection starts when the counter *exceeds* the first threshold.  The
middle generation follows after more than threshold1 young collections, the
oldest after more than threshold2 middle ones.
"""
import gc

print("Python starts with", gc.get_threshold())

ROOM = 600


class Thing:
    pass


# Where we write down what happened.  The room is made beforehand, and only
# numbers go into it: an observer that makes containers moves the counter.
things = [None] * ROOM
young = [0] * ROOM
middle = [0] * ROOM
old = [0] * ROOM

# A full collection also waits until there is enough that is new: a quarter of
# what survived the last one.  freeze() puts everything that exists now out of
# sight, so that our few things are enough.
gc.disable()
gc.freeze()
gc.set_threshold(10, 3, 2)
gc.collect()
gc.enable()

for made in range(1, ROOM):
    things[made] = Thing()
    young[made], middle[made], old[made] = gc.get_count()

gc.disable()

print("thresholds", gc.get_threshold())
# A full collection also empties the free lists, so the tuple that the first
# get_count() gives us is a new container: from thing 1 to 2 the counter moves
# by two.  Later tuples come from a free list and do not count.
print("The counters after each thing, around the first collections:")
for made in (1, 2, 9, 10, 11, 12, 21, 22, 23):
    print(f"  thing {made:3}:  {young[made]:2} {middle[made]} {old[made]}")

print("Every collection:")
last = 0
distances = set()
for made in range(1, ROOM):
    if young[made] >= young[made - 1]:
        continue                           # the counter went on: no collection
    if old[made] < old[made - 1]:
        generation = 2
    elif middle[made] < middle[made - 1]:
        generation = 1
    else:
        generation = 0
    if made < 200 or generation == 2:
        print(f"  at thing {made:3}: generation {generation},"
              f" counters {young[made]} {middle[made]} {old[made]}")
    if last:
        distances.add(made - last)
    last = made
print("things from one collection to the next:", sorted(distances))

# Freeing pays back: things that die young never bring the collector.
gc.collect()
gc.enable()
highest = 0
for made in range(1, ROOM):
    Thing()
    highest = max(highest, gc.get_count()[0])
gc.disable()
print("when every thing dies at once the counter never passes", highest)

gc.unfreeze()
gc.set_threshold(700, 10, 10)
