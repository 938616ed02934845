#: compare
#: why --at 12 x
import gc
import sys


class ClassA:
    pass


def func(x):
    print(sys.getrefcount(x))


c1 = ClassA()
c2 = ClassA()
func(c1)
c1.t = c2
c2.t = c1
del c1, c2
print(gc.collect())
print(7 / 2)
print('the same in both')
