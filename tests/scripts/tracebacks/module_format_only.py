import traceback
class A:
    known = 1
def only(e):
    print(traceback.format_exception_only(e), traceback.format_exception_only(type(e), e))
only(ValueError("x")); only(KeyError("x")); only(ValueError()); only(ValueError("a\nb"))
only(SyntaxError("m", ("f.py", 2, 3, "abc def", 2, 6))); only(SyntaxError("m"))
only(SyntaxError("m", ("f.py", 2, 3, "  abc def\n", 2, 6)))
try: A().knwon
except AttributeError as e: only(e)
try: undefinde
except NameError as e: only(e)
e = ValueError("x"); e.add_note("n1\nn2"); only(e)
only(ExceptionGroup("g", [ValueError(1)]))
class B(Exception):
    def __str__(self): raise ValueError
only(B())
print(traceback.format_exception_only(ValueError, None), traceback.format_exception_only(None, None))

