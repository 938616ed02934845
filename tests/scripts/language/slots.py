class A:
    __slots__ = ("x", "y")


a = A()
a.x = 1
print(a.x, hasattr(a, "y"), hasattr(a, "__dict__"), A.__slots__, type(A.x).__name__, repr(A.x), A.x.__get__(a), A.x.__name__, A.x.__objclass__)
for f in (lambda: a.y, lambda: setattr(a, "z", 1), lambda: delattr(a, "y"), lambda: a.__dict__, lambda: A.x.__get__(5), lambda: A.x.__set__(5, 1), lambda: setattr(a, "__weakref__", 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
del a.x
try:
    a.x
except AttributeError as e:
    print(e)


class B(A):
    __slots__ = ("z",)


class C(A):
    pass


b, c = B(), C()
b.x, b.z = 1, 2
c.x, c.other = 1, 2
print(b.x, b.z, c.__dict__, c.x)


class D:
    __slots__ = ("__dict__", "a")


d = D()
d.a = 1
d.b = 2
print(d.__dict__, d.a)


class E:
    __slots__ = {"k": "doc of k"}


print(E.k.__doc__, E.__slots__)


class F:
    __slots__ = "single"


f = F()
f.single = 1
print(f.single)


class P:
    __slots__ = ("__private",)

    def __init__(self):
        self.__private = 5


print(P()._P__private, P.__slots__)
for src in ("class X(A, F): pass", "class X(A, B): pass", "class X(int): __slots__ = ('a',)", "class X(int): __slots__ = ()", "class X(tuple): __slots__ = ('a',)", "class X: __slots__ = ('a', 'a')", "class X: __slots__ = ('__dict__', '__dict__')", "class X(C): __slots__ = ('__dict__',)", "class X: __slots__ = (1,)", "class X: __slots__ = ('a b',)", "class X: __slots__ = ('__weakref__', '__weakref__')", "class X(str): __slots__ = ('q',)", "class X(list): __slots__ = ('q',)"):
    try:
        exec(src)
        print(src, "ok")
    except TypeError as e:
        print(e)
a1, b1 = A(), A()
a1.x = b1
b1.x = a1


class G:
    __slots__ = ("x", "y")


g = A()
g.x = 3
g.__class__ = G
print(g.x, type(g).__name__)
try:
    g.__class__ = B
except TypeError as e:
    print(e)
try:
    g.__class__ = int
except TypeError as e:
    print(e)
print([n for n in dir(a) if not n.startswith("_")])
