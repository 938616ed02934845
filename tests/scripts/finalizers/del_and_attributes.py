# __del__ sees a whole object; attributes go afterwards.
class Part:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("  part", self.n)


class Whole:
    def __init__(self):
        self.first = Part("first")
        self.second = Part("second")

    def __del__(self):
        print("whole with", sorted(self.__dict__))


w = Whole()
del w
print("--")


class Base:
    def __del__(self):
        print("base")


class Derived(Base):
    def __del__(self):
        print("derived")
        super().__del__()


Derived()
print("--")


class NoDel(Base):
    pass


NoDel()
print("--")


class Raises:
    def __init__(self, ok):
        if not ok:
            raise ValueError("in init")

    def __del__(self):
        print("del of", type(self).__name__, self.__dict__)


try:
    Raises(False)
except ValueError as e:
    print("caught", e)
print("--")
o = Raises.__new__(Raises)
del o
print("--")


class Instance:
    pass


i = Instance()
i.__del__ = lambda: print("never called")
del i


class Late:
    pass


l = Late()
Late.__del__ = lambda self: print("added later")
del l
l = Late()
del Late.__del__
del l
print("--")


class Meta(type):
    def __del__(cls):
        print("class", cls.__name__, "dies")


class K(metaclass=Meta):
    pass


del K
import gc

gc.collect()
print("--")


class L(list):
    def __del__(self):
        print("list subclass", list(self))


L([1, 2])
L("ab") + []


class S(str):
    def __del__(self):
        print("str subclass", str(self))


S("text")
s = S("upper").upper()
print(s)


class I(int):
    def __del__(self):
        print("int subclass", int(self))


I(5) + 1
