# A captured variable lives in a cell that functions share.
import sys

rc = sys.getrefcount


class C:
    pass


def outer():
    x = C()
    print("before", rc(x))

    def inner():
        return x

    print("captured", rc(x))
    print("cell holds it", rc(inner.__closure__[0].cell_contents))
    g = inner
    h = [inner() for _ in range(2)]
    print("in list", rc(x))
    del h
    return inner


f = outer()
print("outside", rc(f()))
cell = f.__closure__[0]
print("cell", rc(cell))
del f
print("function gone", rc(cell.cell_contents))
cell.cell_contents = None
print(cell.cell_contents)
del cell.cell_contents
try:
    cell.cell_contents
except ValueError as e:
    print(e)


def counter():
    n = C()

    def get():
        return n

    def put(v):
        nonlocal n
        n = v

    return get, put


get, put = counter()
print(rc(get.__closure__[0]), get.__closure__[0] is put.__closure__[0])
y = C()
put(y)
print(rc(y))
put(None)
print(rc(y))


def many():
    return [lambda: i for i in range(3)]


fs = many()
print([f() for f in fs])
print([f.__closure__[0] is fs[0].__closure__[0] for f in fs])
