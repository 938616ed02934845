# Exceptions in __del__ are reported and ignored.
import sys


class Bad:
    def __del__(self):
        raise ValueError("from del")


def hook(args):
    print("hook:", args.exc_type.__name__, args.exc_value, args.err_msg, args.object.__qualname__)
    print(args.exc_traceback is not None, len(args), type(args).__name__)


sys.unraisablehook = hook
Bad()
print("after")
b = Bad()
b = None
print("after")


def f():
    b = Bad()
    raise KeyError("outer")


try:
    f()
except KeyError as e:
    print("caught", e, e.__context__)
sys.unraisablehook = sys.__unraisablehook__
Bad()
print("end", file=sys.stderr)
