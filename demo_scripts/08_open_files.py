"""Lesson 8: who closes the file?

A file object that dies is closed, and what it had buffered is written.  But
when does it die?
"""
import gc
import os
import tempfile

gc.disable()
folder = tempfile.mkdtemp()
path = os.path.join(folder, "note.txt")


def content():
    with open(path) as file:
        return file.read()


print("left open")
file = open(path, "w")
file.write("hello")
print("  on disk:", repr(content()))     # still in the buffer
print("  closed:", file.closed)

print("the last reference goes")
del file                                 # the count reaches 0: closed, written
print("  on disk:", repr(content()))

print("forgotten in a cycle")


class Writer:
    def __init__(self):
        self.file = open(path, "w")
        self.me = self                   # a cycle: counting will not help

    def write(self, text):
        self.file.write(text)


Writer().write("lost?")
print("  on disk:", repr(content()))
gc.collect()
# The collector finalizes the parts in the order they were made, the raw file
# first.  When the text layer comes to write its buffer, the door is shut.
print("  on disk after collecting:", repr(content()))

print("with a 'with' statement")
with open(path, "w") as file:
    file.write("safe")
print("  on disk:", repr(content()))
print("  closed:", file.closed)            # the name lives on, the file is closed

print("even when something goes wrong")
try:
    with open(path, "w") as file:
        file.write("half")
        raise RuntimeError("in the middle")
except RuntimeError as error:
    print("  caught:", error)
print("  on disk:", repr(content()))
print("  closed:", file.closed)

os.remove(path)
os.rmdir(folder)
print("folder removed:", not os.path.exists(folder))
