# What still runs when the interpreter ends, and in which order.
import sys


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


a = D("a")
_b = D("_b")
c = D("c")
cycle = D("cycle")
cycle.me = cycle


def f():
    print("f")


class K:
    held = D("in class")


l = [D("l0"), D("l1")]
print("end of script")
