# __del__ runs while an exception is handled and must leave it alone.
import sys


class D:
    def __del__(self):
        print("in del", sys.exc_info()[0])
        try:
            1 / 0
        except ZeroDivisionError:
            print("inner", sys.exc_info()[0].__name__)


try:
    raise KeyError("k")
except KeyError:
    d = D()
    del d
    print("still", sys.exc_info()[0].__name__)
    try:
        raise
    except KeyError as e:
        print("raised again", e)


def gen():
    d = D()
    try:
        yield
    finally:
        print("generator finally")


g = gen()
next(g)
del g


def gen2():
    d = D()
    yield 1


g = gen2()
next(g)
g.close()
print("closed")


def ignore():
    try:
        yield
    except GeneratorExit:
        print("exit seen")
        raise


g = ignore()
next(g)
g = None


def unwilling():
    while True:
        try:
            yield
        except GeneratorExit:
            print("no")
            break


g = unwilling()
next(g)
g.close()
print("end")
