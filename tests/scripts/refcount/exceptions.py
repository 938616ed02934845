# An exception holds its traceback, which holds frames, which hold locals.
import sys

rc = sys.getrefcount


class C:
    pass


x = C()
base = rc(x)


def show(label):
    print(f"{label:28} {rc(x) - base:+d}")


def fail(a):
    raise ValueError(a)


try:
    fail(x)
except ValueError as e:
    show("in the handler")
    e.args = ()
    show("args dropped")
    e.__traceback__ = None
    show("traceback dropped")
show("after")
kept = None
try:
    fail(x)
except ValueError as e:
    kept = e
show("kept")
kept = kept.with_traceback(None)
show("without traceback")
kept = None
show("gone")
try:
    try:
        fail(x)
    except ValueError:
        raise KeyError("second")
except KeyError as e:
    show("as context")
    print(type(e.__context__).__name__, rc(e.__context__))
show("after")
try:
    try:
        fail(x)
    except ValueError as first:
        raise KeyError("second") from first
except KeyError as e:
    show("as cause")
show("after")


def in_finally(a):
    try:
        return a
    finally:
        show("in finally")


in_finally(x)
show("returned, thrown away")


def handler_exit():
    try:
        fail(x)
    except ValueError as e:
        return sys.exc_info()[1] is e


print(handler_exit(), sys.exc_info())
show("end")
