print(None, True, False, ..., NotImplemented, repr(None), type(None), type(...), type(NotImplemented), type(True))
print(None == None, None is None, None == 0, bool(None), bool(...), ... is Ellipsis, hash(None) == hash(None), not None)
import warnings

warnings.simplefilter("error")
try:
    bool(NotImplemented)
except DeprecationWarning as e:
    print(e)
none = None
for f in (lambda: none(), lambda: None.x, lambda: None + 1, lambda: None < None, lambda: none[0], lambda: len(None), lambda: iter(None), lambda: type(None)(1), lambda: setattr(None, "x", 1), lambda: 1 in None, lambda: bool(1, 2), lambda: bool(x=1), lambda: type(...)(1), lambda: -None, lambda: None.__class__.__new__(int)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(type(None)() is None, type(...)() is ..., type(NotImplemented)() is NotImplemented, bool() is False, bool([]) is False, bool("0") is True, isinstance(True, int), True == 1)
for sub in ("bool", "type(None)", "type(...)", "type(NotImplemented)", "range", "slice", "type(lambda: 0)", "type(len)", "type(iter([]))", "type((x for x in []))", "memoryview"):
    try:
        type("S", (eval(sub),), {})
    except TypeError as e:
        print(e)


class B:
    def __init__(self, r):
        self.r = r

    def __bool__(self):
        return self.r


class L:
    def __init__(self, r):
        self.r = r

    def __len__(self):
        return self.r


for o in (B(True), B(False), B(1), B("x"), L(0), L(3), L(-1), L("a"), L(1.5), L(10**30), object()):
    try:
        print(bool(o))
    except Exception as e:
        print(type(e).__name__, e)
print(object() == object(), object() != object(), object.__doc__ is not None, repr(object()).split(" at ")[0])
try:
    object(1)
except TypeError as e:
    print(e)
try:
    object().x = 1
except AttributeError as e:
    print(e)
try:
    object() < object()
except TypeError as e:
    print(e)
print(object().__eq__(1), object().__lt__(1), object.__eq__(1, 1))
