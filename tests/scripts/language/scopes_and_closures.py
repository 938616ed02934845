x = "global"


def read():
    return x


def shadow():
    x = "local"
    return x


def use_global():
    global x, created
    x = "changed"
    created = 1


def unbound():
    print(x)
    x = 1


def maybe(flag):
    if flag:
        y = 1
    return y


def deleted():
    z = 1
    del z
    return z


print(read(), shadow())
use_global()
print(x, created)
for f in (unbound, lambda: maybe(False), deleted, lambda: undefined_name):
    try:
        f()
    except NameError as e:
        print(type(e).__name__, e)


def counter():
    n = 0

    def inc(by=1):
        nonlocal n
        n += by
        return n

    return inc


c1, c2 = counter(), counter()
print(c1(), c1(5), c2())


def deep():
    a = 1

    def mid():
        b = 2

        def low():
            nonlocal a, b
            a += b
            b += 1
            return a, b

        return low

    return mid()


low = deep()
print(low(), low(), low.__code__.co_freevars)


def free_unbound():
    def inner():
        return v

    try:
        inner()
    except NameError as e:
        print(e)
    v = 1
    print(inner())
    del v
    try:
        inner()
    except NameError as e:
        print(e)


free_unbound()


class K:
    x = "class"
    y = x

    def m(self):
        return x

    def n(self):
        return __class__, self.__class__

    z = [x for _ in "a"]


print(K.y, K().m(), K().n(), K.z)


def class_in_function():
    v = "function"

    class L:
        w = v
        v = "class"
        u = v

    return L.w if hasattr(L, "w") else None


try:
    print(class_in_function())
except NameError as e:
    print(e)


def nested_class():
    v = 1

    class L:
        w = v

        def m(self):
            return v

    v = 2
    return L.w, L().m()


print(nested_class())


def param(x):
    def inner():
        return x

    x += 1
    return inner()


print(param(1))
exec("ex = x")
print(ex)


def ex_local():
    exec("q = 1")
    try:
        return q
    except NameError as e:
        return str(e)


print(ex_local(), eval("x + y", {"x": 1}, {"y": 2}))


def loc():
    a = 1
    b = locals()
    b["a"] = 100
    return a, sorted(b)


print(loc())
print(sorted(k for k in globals() if not k.startswith("_"))[:6])
import builtins

builtins.injected = "from builtins"
print(injected)
len = lambda s: "shadowed"
print(len([]))
del len
print(len([]))
