import traceback
def f(x):
    local = x
    return local / 0
try: f(5)
except ZeroDivisionError as e: err = e
t = traceback.TracebackException.from_exception(err)
print(t.exc_type, str(t), t.stack[1].name, t.__cause__, t.__context__, t.__suppress_context__, t.exceptions, t.__notes__)
print("".join(t.format()))
print(list(t.format_exception_only()))
print(list(t.format(chain=False)) == list(t.format()))
t = traceback.TracebackException.from_exception(err, capture_locals=True, limit=-1)
print("".join(t.format()))
t = traceback.TracebackException(type(err), err, err.__traceback__, limit=1)
print("".join(t.format()))
t = traceback.TracebackException.from_exception(err, lookup_lines=False)
print("".join(t.format()))
print(t == traceback.TracebackException.from_exception(err), t != 5)
t = traceback.TracebackException.from_exception(SyntaxError("m", ("f.py", 1, 2, "ab\n", 1, 3)))
print(t.filename, t.lineno, t.offset, t.text, t.end_lineno, t.end_offset, t.msg)
t.print()
traceback.TracebackException.from_exception(ExceptionGroup("g", [ValueError(i) for i in range(4)]), max_group_width=2).print()
e = ValueError(1)
for i in range(4): e = ExceptionGroup(str(i), [e])
traceback.TracebackException.from_exception(e, max_group_depth=2).print()
import sys
t.print(file=sys.stdout)
