# A full collection by itself waits for enough new survivors: a quarter of the old ones.
import gc

gc.disable()


class C:
    pass


log = []


def cb(phase, info):
    if phase == "start" and info["generation"] == 2:
        log.append(len(keep))


keep = [C() for _ in range(4000)]
gc.collect()
gc.callbacks.append(cb)
gc.set_threshold(20, 1, 1)
gc.enable()
log.clear()
for i in range(6000):
    keep.append(C())
gc.disable()
gc.callbacks.remove(cb)
gaps = [b - a for a, b in zip(log, log[1:])]
print(len(log) < 8, all(b >= a for a, b in zip(gaps, gaps[1:])))
print("first after about a quarter:", 4000 < log[0] < 8500)
