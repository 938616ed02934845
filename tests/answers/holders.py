#: why --at end c1
#: why --at 25 x
#: why --at end cell_object
#: why --at end c2
#: why --at end kept
#: why --at end text
#: why --at end None
#: why --at 25 x --json
import sys


class ClassA:
    pass


c1 = ClassA()
c2 = ClassA()
c1.t = c2
c2.t = c1
list1 = [c1, c1]
d = {'k': c1, c1: 1}


def func(x):
    return sys.getrefcount(x)


def outer():
    n = ClassA()

    def g(p=c2, *, k=c2):
        return n

    return g


g = outer()
cell_object = g.__closure__[0].cell_contents
gen = (i for i in [c1])


def counted(*args, **kw):
    held = args[0]
    yield held


running = counted(c1, named=c1)
next(running)
func(c1)
s = {c1}
try:
    raise ValueError(c1)
except ValueError as e:
    kept = e
text = 'a name'


class Holder:
    shared = c2

    def method(self):
        return 12345.5


bound = Holder().method
constant = Holder.method.__code__.co_consts[1]
#: why --at end constant
#: why --at end bound
#: why --at end Holder
