"""Classic lesson 5: what the collector counts.

gc.get_count()[0] grows with every container that is made and shrinks with
every one that is freed.  Kept spares (lists, dicts, tuples) do not count.
"""
import gc

gc.disable()
gc.collect()


class Old:
    pass


class New(object):
    pass


def grown(make):
    """By how much the counter has grown while the thing is alive."""
    make()                       # the first call makes a frame; it is kept
    before = gc.get_count()[0]
    thing = make()
    return gc.get_count()[0] - before


for label, make in [
    ("an old-style instance", Old),
    ("a new-style instance", New),
    ("a number", lambda: 12345),
    ("a string", lambda: "a" + "b"),
    ("a function", lambda: lambda: None),
]:
    print label.ljust(24), grown(make)

print "a hundred instances that stay"
before = gc.get_count()[0]
crowd = [Old() for number in xrange(100)]
print gc.get_count()[0] - before > 99
