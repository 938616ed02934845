# Repeated lines, anchors, suggestions, chains, sys.tracebacklimit.
import sys
def f(n):
    if n==0: raise ValueError("deep")
    f(n-1)
try: f(6)
except ValueError as e: sys.excepthook(type(e),e,e.__traceback__)
class Foo:
    bar=1
    def baz(self): pass
try: Foo().bax
except AttributeError as e: sys.excepthook(type(e),e,e.__traceback__)
try: lenn([])
except NameError as e: sys.excepthook(type(e),e,e.__traceback__)
def g():
    total=1
    return totl
try: g()
except NameError as e: sys.excepthook(type(e),e,e.__traceback__)
def h(a,b):
    return (a +
            b)
try: h(1,"x")
except TypeError as e: sys.excepthook(type(e),e,e.__traceback__)
try: {}["a"]["b"]["c"]
except KeyError as e: sys.excepthook(type(e),e,e.__traceback__)
try: exec("x = = 1")
except SyntaxError as e: sys.excepthook(type(e),e,e.__traceback__)
try:
    try: 1/0
    except Exception: [][5]
except IndexError as e: sys.excepthook(type(e),e,e.__traceback__)
try:
    try: 1/0
    except Exception: raise KeyError("k") from None
except KeyError as e: sys.excepthook(type(e),e,e.__traceback__)
sys.tracebacklimit=2
try: f(6)
except ValueError as e: sys.excepthook(type(e),e,e.__traceback__)
sys.tracebacklimit=0
try: f(6)
except ValueError as e: sys.excepthook(type(e),e,e.__traceback__)
del sys.tracebacklimit
e=ValueError(1); e.__cause__=e
sys.excepthook(type(e),e,None)
class M(Exception): __module__="pkg.mod"
sys.excepthook(M,M("a\nb"),None)
try:
  def r(): r()
  r()
except RecursionError as e: sys.excepthook(type(e),e,e.__traceback__)
class Q:
    def __del__(self): raise ValueError("in del")
q=Q(); del q
