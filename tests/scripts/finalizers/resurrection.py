import gc

gc.disable()
saved = []


class R:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)
        saved.append(self)


R(1)
print(saved[0].n, gc.is_finalized(saved[0]))
saved.clear()
print("second time silent")
a = R("a")
b = R("b")
a.b, b.a = b, a
del a, b
print(gc.collect())
print([s.n for s in saved])
saved.clear()
print(gc.collect())


class ToGlobal:
    def __del__(self):
        global back
        back = self
        print("back")


ToGlobal()
print(type(back).__name__)
del back
print("gone quietly")


class Child:
    def __del__(self):
        print("child del")


class Parent:
    def __init__(self):
        self.child = Child()

    def __del__(self):
        print("parent del")
        saved.append(self.child)


Parent()
print("child still here", len(saved))
saved.clear()


class Slot:
    __slots__ = ("v",)

    def __del__(self):
        print("slot del", hasattr(self, "v"))
        saved.append(self)


s = Slot()
s.v = 1
del s
print(saved[0].v)
saved.clear()
print("end")
