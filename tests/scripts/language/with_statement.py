class M:
    def __init__(self, name, swallow=False, fail_enter=False, fail_exit=False):
        self.name, self.swallow, self.fail_enter, self.fail_exit = name, swallow, fail_enter, fail_exit

    def __enter__(self):
        print("enter", self.name)
        if self.fail_enter:
            raise RuntimeError("enter " + self.name)
        return self.name

    def __exit__(self, t, v, tb):
        print("exit", self.name, t and t.__name__, v, tb is not None)
        if self.fail_exit:
            raise KeyError("exit " + self.name)
        return self.swallow


with M("a") as x:
    print(x)
with M("a") as x, M("b") as y:
    print(x, y)
with M("s", swallow=True):
    raise ValueError("swallowed")
with (M("p") as p, M("q") as q,):
    print(p, q)
for setup in (lambda: [M("a"), M("b", fail_enter=True)], lambda: [M("a", swallow=True), M("b", fail_exit=True)], lambda: [M("a", fail_exit=True), M("b", fail_exit=True)]):
    a, b = setup()
    try:
        with a, b:
            print("body")
            raise ValueError("body")
    except Exception as e:
        print("out:", repr(e), repr(e.__context__))


def ret():
    with M("r"):
        return "returned"


print(ret())
for i in range(3):
    with M(i):
        if i == 0:
            continue
        if i == 1:
            break
with M("t") as (a, *b):
    pass


class T:
    def __enter__(self):
        return 1, [2, 3]

    def __exit__(self, *a):
        pass


with T() as (a, [b, c]):
    print(a, b, c)
d = {}
with T() as d["k"]:
    print(d)


class NoExit:
    def __enter__(self):
        pass


class NoEnter:
    def __exit__(self, *a):
        pass


class OnInstance:
    def __init__(self):
        self.__enter__ = lambda: 1
        self.__exit__ = lambda *a: None


for o in (NoExit(), NoEnter(), 5, OnInstance()):
    try:
        with o:
            pass
    except TypeError as e:
        print(e)


class Truthy:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        class B:
            def __bool__(self):
                print("asked")
                return True

        return B()


with Truthy():
    1 / 0
print("swallowed")


def gen():
    with M("g"):
        yield 1
        yield 2


g = gen()
next(g)
g.close()
from contextlib import contextmanager


@contextmanager
def cm(n):
    print("before", n)
    try:
        yield n
    except ValueError as e:
        print("cm saw", e)
    finally:
        print("after", n)


with cm(1) as v:
    print("in", v)
with cm(2):
    raise ValueError("x")
try:
    with cm(3):
        raise KeyError("y")
except KeyError as e:
    print("through", e)
