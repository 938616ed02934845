import traceback
def f(x): raise x
def g():
    out = []
    for x in (ValueError(1), ExceptionGroup("in", [KeyError(2), TypeError("three\nlines")])):
        try: f(x)
        except Exception as e: out.append(e)
    raise ExceptionGroup("top", out)
try: g()
except ExceptionGroup as e:
    print("".join(traceback.format_exception(e)))
    traceback.print_exception(e)
    print(list(traceback.TracebackException.from_exception(e).format())[:3])
