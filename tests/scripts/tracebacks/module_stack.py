import traceback, sys
def f(): return traceback.extract_stack()
def g(): return traceback.format_stack()
for s in f(): print(s.name, s.lineno, s.line, s.colno)
for line in g(): print(repr(line))
def h(): traceback.print_stack(file=sys.stdout)
h()
def k(limit): return [s.name for s in traceback.extract_stack(limit=limit)]
print(k(1), k(2), k(-1), k(None))
def w(): return [(f.f_code.co_name, n) for f, n in traceback.walk_stack(None)][:3]
print(w())
print(traceback.format_stack(sys._getframe()))
