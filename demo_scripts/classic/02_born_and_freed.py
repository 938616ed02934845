"""Classic lesson 2: an object is freed the moment its last reference goes."""


class Visitor:
    def __init__(self, name):
        self.name = name
        print "  %s is born   id=%d" % (self.name, id(self))

    def __del__(self):
        print "  %s is freed  id=%d" % (self.name, id(self))


print "one name, used again and again"
for number in range(3):
    # The new Visitor is made first; only then does the name let go.
    visitor = Visitor("visitor %d" % number)
    print "  turn", number, "ends"
print "the loop is over, the last visitor is still here"
del visitor

print "nobody keeps it"
Visitor("passer-by")

print "a function's names end with the call"


def room():
    first = Visitor("first")
    second = Visitor("second")
    print "  the room closes"


room()

print "an exception that was caught stays, and so does what its frames hold"


def accident():
    witness = Visitor("witness")
    raise ValueError("oops")


import sys
try:
    accident()
except ValueError, error:
    print "  caught", error
print "  the witness is held by the traceback in sys.exc_info()"
sys.exc_clear()

print "goodbye"
