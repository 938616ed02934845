# A frame that native code entered knows its caller after it is done, as long as something keeps it.
import gc
import sys


def fails(x):
    raise ValueError(x)


def caller():
    try:
        sorted([1], key=fails)
    except ValueError as error:
        return error


error = caller()
inner = error.__traceback__.tb_next.tb_frame
print(inner.f_code.co_name, inner.f_back.f_code.co_name, inner.f_back.f_back.f_code.co_name)
print(sys.getrefcount(inner), sys.getrefcount(error), sys.getrefcount(error.__traceback__))


def generator():
    raise KeyError(1)
    yield


try:
    list(generator())
except KeyError as e:
    print(e.__traceback__.tb_next.tb_frame.f_back)


class Sub(list):
    pass


# An instance of a built-in type's subclass gets a dict with its first attribute.
one = Sub()
print(len(gc.get_referents(one)))
one.x = 1
print([type(r).__name__ for r in gc.get_referents(one)], sys.getsizeof(one.__dict__))
print(sys.getsizeof(Sub().__dict__))
one.self = one
del one
print(gc.collect())


# The new value is on the stack as well while the old one dies.
class Dies:
    def __del__(self):
        print("del", sys.getrefcount(name))


name = Dies()
name = [1]


def store():
    global name
    name = Dies()
    name = [2]


store()
