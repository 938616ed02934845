# Automatic collections, seen through finalizers.
import gc


class C:
    count = 0

    def __init__(self):
        self.me = self

    def __del__(self):
        C.count += 1


gc.collect()
gc.set_threshold(100, 10, 10)
peak = 0
for i in range(1000):
    C()
    if C.count > peak:
        peak = C.count
gc.disable()
print("freed by itself:", C.count)
gc.collect()
print("all:", C.count)
gc.set_threshold(0)
gc.enable()
for i in range(500):
    C()
print("threshold 0 never collects:", C.count)
gc.collect()
print(C.count)
gc.set_threshold(700, 10, 10)
gc.disable()
for i in range(2000):
    C()
print("disabled:", C.count)
print(gc.collect(), C.count)
