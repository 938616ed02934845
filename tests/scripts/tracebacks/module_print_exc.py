import traceback, sys
def f(x): return x["a"] + 1
try: f({})
except KeyError:
    traceback.print_exc(file=sys.stdout)
    print(traceback.format_exc())
    traceback.print_exc(limit=1, file=sys.stdout)
    traceback.print_exc(limit=-1, file=sys.stdout)
    print(traceback.format_exc(chain=False), traceback.format_exc(0))
