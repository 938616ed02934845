import traceback
def f():
    try: 1 / 0
    except ZeroDivisionError: {}["x"]
try:
    try: f()
    except KeyError as e: raise ValueError("v") from None
except ValueError as e:
    print("".join(traceback.format_exception(e)))
    print("".join(traceback.format_exception(e.__context__)))
t = traceback.TracebackException.from_exception(e.__context__) if 0 else None
a = ValueError("a"); a.__cause__ = a
print("".join(traceback.format_exception(a)))
a = ValueError("a"); b = KeyError("b"); a.__context__ = b; b.__context__ = a
print("".join(traceback.format_exception(a)))
