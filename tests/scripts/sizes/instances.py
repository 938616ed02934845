import sys

s = sys.getsizeof


class Empty:
    pass


class Slots0:
    __slots__ = ()


class Slots3:
    __slots__ = ("a", "b", "c")


class Weak:
    __slots__ = ("__weakref__",)


class Dict:
    __slots__ = ("__dict__",)


class Sub(Slots3):
    pass


class SubSlots(Slots3):
    __slots__ = ("d",)


for c in (Empty, Slots0, Slots3, Weak, Dict, Sub, SubSlots):
    print(c.__name__, s(c()), c.__basicsize__, c.__itemsize__, c.__dictoffset__ if c.__dictoffset__ >= 0 else "negative", c.__weakrefoffset__ if c.__weakrefoffset__ >= 0 else "negative")
e = Empty()
print(s(e))
e.a = 1
print(s(e))
e.__dict__
print(s(e), s(e.__dict__))
for i in range(10):
    setattr(e, f"x{i}", i)
print(s(e), s(e.__dict__))


class Many:
    def __init__(self):
        self.a = self.b = self.c = 1


m = Many()
print(s(m), s(m.__dict__))
print(s(Many().__dict__))


class L(list):
    pass


class D(dict):
    pass


class T(tuple):
    pass


class E(Exception):
    pass


print(s(L()), s(D()), s(T()), s(L([1, 2])), s(T((1, 2))), s(E("x")), s(ValueError()), s(ValueError("x")))
print(s(Empty), s(Slots3), s(type), s(object))


def f():
    pass


def g():
    x = 1

    def h():
        return x

    return h


print(s(f), s(g()), s(g().__closure__[0]), s(lambda: 1), s(Many().__init__), s(len))
print(s(property()), s(classmethod(f)), s(staticmethod(f)), s(super(Many, m)))
print(object.__basicsize__, int.__basicsize__, int.__itemsize__, str.__basicsize__, list.__basicsize__, tuple.__basicsize__, tuple.__itemsize__)
print(dict.__basicsize__, set.__basicsize__, type.__basicsize__, float.__basicsize__, bytes.__basicsize__, bytes.__itemsize__)
print(object().__sizeof__(), [].__sizeof__(), {}.__sizeof__(), ().__sizeof__())


def gen():
    yield


print(s(gen()) > 100, s(sys) > 50)
