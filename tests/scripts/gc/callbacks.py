import gc

gc.disable()
gc.collect()
log = []


def cb(phase, info):
    log.append((phase, dict(info)))


def show(label):
    print(label)
    for phase, info in log:
        print("  ", phase, info)
    log.clear()


gc.callbacks.append(cb)
gc.collect(0)
show("empty")


class C:
    def __del__(self):
        log.append(("del", {}))


c = C()
c.me = c
del c
gc.collect()
show("cycle")
gc.collect(1)
show("generation 1")


def other(phase, info):
    log.append(("other " + phase, {}))
    info["added"] = 1


gc.callbacks.insert(0, other)
gc.collect(0)
show("two callbacks share info")
gc.callbacks.remove(other)


def bad(phase, info):
    raise ValueError(phase)


import sys

sys.unraisablehook = lambda a: log.append(("unraisable", {"e": str(a.exc_value), "o": a.object is bad}))
gc.callbacks.append(bad)
gc.collect(0)
show("bad callback")
gc.callbacks.clear()
gc.collect()
show("none")
print(gc.callbacks)


def nested(phase, info):
    log.append((phase, {"inner": gc.collect()}))


gc.callbacks.append(nested)
gc.collect()
show("collect inside collect")
gc.callbacks.clear()
