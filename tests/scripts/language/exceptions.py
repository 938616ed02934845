def show(e):
    print(type(e).__name__, e.args, repr(str(e)), repr(e), e.__cause__, e.__context__, e.__suppress_context__, e.__traceback__ is not None)


for make in (lambda: ValueError(), lambda: ValueError("a"), lambda: ValueError("a", 1), lambda: KeyError("k"), lambda: KeyError(), lambda: KeyError("a", "b"), lambda: OSError(2, "No such"), lambda: OSError(2, "No such", "file"), lambda: OSError("x"), lambda: OSError(13, "p", "f", None, "g"), lambda: StopIteration(5), lambda: SystemExit(3), lambda: ImportError("m", name="n", path="p"), lambda: AttributeError("m", name="n", obj=1), lambda: NameError("m", name="n"), lambda: UnicodeDecodeError("utf-8", b"ab", 0, 1, "why"), lambda: UnicodeEncodeError("ascii", "é", 0, 1, "why"), lambda: SyntaxError("m", ("f", 1, 2, "text")), lambda: BaseException(1), lambda: Exception(None), lambda: IndexError([1]), lambda: ExceptionGroup("g", [ValueError(1)])):
    show(make())
print([type(OSError(n, "m")).__name__ for n in (1, 2, 4, 10, 11, 13, 17, 20, 21, 32, 104, 110, 111, 3, 5)])
for bad in (lambda: UnicodeDecodeError(), lambda: UnicodeDecodeError(1, 2, 3, 4, 5), lambda: ValueError(x=1), lambda: ImportError(foo=1), lambda: SyntaxError("m", (1,)), lambda: ExceptionGroup("g", []), lambda: ExceptionGroup("g", [1]), lambda: BaseException.__new__(5), lambda: ValueError().with_traceback(5), lambda: setattr(ValueError(), "args", 5), lambda: setattr(ValueError(), "__cause__", 5), lambda: setattr(ValueError(), "__context__", 5), lambda: setattr(ValueError(), "__traceback__", 5), lambda: ValueError().add_note(5)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


def raiser(what):
    raise what


for what in (ValueError, ValueError("x"), 5, "s", None, int, object()):
    try:
        raiser(what)
    except BaseException as e:
        print(type(e).__name__, e)
try:
    raise
except RuntimeError as e:
    print(e)
try:
    raise ValueError from 5
except TypeError as e:
    print(e)
try:
    try:
        1 / 0
    except ZeroDivisionError as z:
        raise ValueError("v") from z
except ValueError as e:
    show(e)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("v") from None
except ValueError as e:
    show(e)
try:
    try:
        1 / 0
    finally:
        {}["k"]
except KeyError as e:
    show(e)
try:
    try:
        raise KeyError(1)
    except (ValueError, KeyError) as e:
        raise
except KeyError as e:
    show(e)
try:
    e
except NameError as x:
    print(x)
for clause in (5, "s", (ValueError, 5), int, None, [ValueError]):
    try:
        try:
            raise ValueError
        except clause:
            pass
    except TypeError as t:
        print(t)
try:
    raise KeyError
except ValueError:
    print("no")
except LookupError as e:
    print("lookup", repr(e))
else:
    print("no")
finally:
    print("finally")


class Custom(Exception):
    def __init__(self, a, b=2):
        super().__init__(a)
        self.b = b

    def __str__(self):
        return f"custom {self.b}"


try:
    raise Custom(1)
except Custom as c:
    show(c)


class BadInit(Exception):
    def __init__(self):
        raise TypeError("init failed")


try:
    raise BadInit
except TypeError as e:
    print(e)


class NotExc:
    def __new__(cls):
        return 5


class Meta(Exception):
    def __new__(cls):
        return 5


try:
    raise Meta
except TypeError as e:
    print(e)
e = ValueError("noted")
e.add_note("one")
e.add_note("two")
print(e.__notes__)
import sys


def depth():
    try:
        raise ValueError(1)
    except ValueError:
        try:
            raise KeyError(2)
        except KeyError:
            print(sys.exc_info()[0].__name__)
        print(sys.exc_info()[0].__name__)
    print(sys.exc_info())


depth()


def rec():
    rec()


try:
    rec()
except RecursionError as r:
    print(r)
print([c.__name__ for c in FileNotFoundError.__mro__], [c.__name__ for c in UnicodeDecodeError.__mro__], BlockingIOError.__base__, IOError is OSError, EnvironmentError is OSError)
o = OSError(2, "msg", "f1", None, "f2")
print(o.errno, o.strerror, o.filename, o.filename2, str(o), o.args)
s = SyntaxError("m", ("f", 1, 2, "text", 3, 4))
print(s.msg, s.filename, s.lineno, s.offset, s.text, s.end_lineno, s.end_offset, s.print_file_and_line, s)
print(SystemExit().code, SystemExit(1).code, SystemExit(1, 2).code, StopIteration().value, StopIteration(1, 2).value)
k = KeyError("x")
print(str(k), repr(k), str(KeyError("a'b")), str(KeyError(1)))
x = ValueError(1)
x.args = (2, 3)
print(x, x.args)
x.__dict__["a"] = 1
print(x.a, x.__reduce__(), x.__setstate__({"z": 1}), x.z)
