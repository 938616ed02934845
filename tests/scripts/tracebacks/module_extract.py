import traceback
def f(): return 1 + {}["a"]
try: f()
except KeyError as e:
    tb = e.__traceback__
summary = traceback.extract_tb(tb)
print(type(summary), len(summary))
for s in summary:
    print(s.lineno, s.name, s.line, s.locals, s.end_lineno, s.colno, s.end_colno, s._original_line if hasattr(s, "_original_line") else None)
    print(len(s), list(s)[1:], s[1], s == tuple(s), s == s)
print(summary[1])
for line in traceback.format_tb(tb): print(repr(line))
for line in traceback.format_list(summary): print(repr(line))
for line in traceback.format_list([("f.py", 3, "g", "x = 1"), ("f.py", 4, "h", None)]): print(repr(line))
print(len(traceback.extract_tb(tb, limit=1)), traceback.extract_tb(tb, limit=-1)[0].name, len(traceback.extract_tb(tb, 0)))
import sys
traceback.print_tb(tb, file=sys.stdout)
traceback.print_tb(tb, limit=1, file=sys.stdout)
traceback.print_list(summary, file=sys.stdout)
print(summary.format()[0] == traceback.format_tb(tb)[0])
print(list(traceback.walk_tb(tb))[0][1])
print(traceback.StackSummary.from_list([("a", 1, "b", "c")]).format())
