import traceback
s = traceback.FrameSummary("f.py", 1, "n")
print(s, s.line, tuple(s), s == ("f.py", 1, "n", ""), s == traceback.FrameSummary("f.py", 1, "n"))
s = traceback.FrameSummary("f.py", 1, "n", line="  text  ", locals={"a": 1}, lookup_line=False, end_lineno=2, colno=3, end_colno=4)
print(s.line, s.locals, s.end_lineno, s.colno, s.end_colno)
print(traceback.StackSummary.from_list([s]).format())
print(traceback.StackSummary().format(), isinstance(traceback.StackSummary(), list))
print(sorted(n for n in traceback.__all__))
class S(traceback.StackSummary):
    def format_frame_summary(self, f): return None if f.name == "skip" else "<%s>\n" % f.name
print(S.from_list([("a", 1, "skip", "x"), ("a", 2, "keep", "x")]).format())
