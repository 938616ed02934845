# A class is held by its own cycles, its bases and its instances.
import sys
import gc

gc.disable()
rc = sys.getrefcount


class A:
    pass


start = rc(A)


class B(A):
    pass


print("subclass", rc(A) - start)
del B
print("subclass name gone", rc(A) - start)
gc.collect()
print("collected", rc(A) - start)
a = A()
print("instance", rc(A) - start)
print("type()", rc(type(a)) - start)
del a
print("instance gone", rc(A) - start)


class D(A):
    def m(self):
        return super().m

    def n(self):
        return __class__


print("with __class__ cell", rc(A) - start)
D.__bases__
print(D.__mro__[1] is A, rc(A) - start)
m = D.__mro__
print(rc(A) - start)
del m, D
gc.collect()
print(rc(A) - start)
s = A.__subclasses__()
print(s)
x = [A] * 4
print(rc(A) - start)
del x
E2=type("Made", (A,), {"v": 1})
print(rc(A) - start, A.__subclasses__()[0].__name__)
del E2
gc.collect()
print(rc(A) - start, A.__subclasses__())
