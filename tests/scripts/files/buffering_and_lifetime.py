import gc
import os

gc.disable()


def disk(name="f.txt"):
    with open(name) as f:
        return f.read()


f = open("f.txt", "w")
f.write("buffered")
print(repr(disk()))
f.flush()
print(repr(disk()))
f.write(" more")
del f
print(repr(disk()))
f = open("f.txt", "w", buffering=1)
f.write("no newline")
print(repr(disk()))
f.write(" now\nrest")
print(repr(disk()))
f.close()
print(repr(disk()))
f = open("f.txt", "w")
f.write("x" * 8192)
print(len(disk()))
f.write("y" * 8192)
print(len(disk()))
f.close()
print(len(disk()))
f = open("f.txt", "w")
f.write("first")
f = open("f.txt", "w")
print(repr(disk()))
f.close()


class Holder:
    def __init__(self):
        self.f = open("h.txt", "w")
        self.f.write("held")

    def __del__(self):
        print("holder dies, closed:", self.f.closed)


h = Holder()
del h
print(repr(disk("h.txt")))
h = Holder()
h.me = h
del h
print(repr(disk("h.txt")))
gc.collect()
print(repr(disk("h.txt")))


def leave():
    f = open("l.txt", "w")
    f.write("local")


leave()
print(repr(disk("l.txt")))


def failing():
    f = open("e.txt", "w")
    f.write("exception")
    raise KeyError("x")


try:
    failing()
except KeyError as e:
    print("inside", repr(disk("e.txt")))
print("after", repr(disk("e.txt")))
r = open("f.txt", "r+")
r.write("AB")
r.close()
print(disk())
fds = [open("f.txt").fileno() for _ in range(3)]
print(len(set(fds)))
a, b = open("f.txt"), open("f.txt")
print(a.fileno() != b.fileno())
