# Groups, chains, notes and the places of syntax errors, as sys.excepthook shows them.
import sys
def f():
    raise ExceptionGroup("eg", [ValueError(1), ExceptionGroup("in", [TypeError("x\ny"), KeyError(2)])])
try:
    f()
except ExceptionGroup as e:
    e.add_note("note1\nnote2")
    e.exceptions[0].add_note("n")
    sys.excepthook(type(e), e, e.__traceback__)
try:
    try:
        f()
    except ExceptionGroup as e:
        raise RuntimeError("ctx") from e
except RuntimeError as e:
    sys.excepthook(type(e), e, e.__traceback__)
e = ExceptionGroup("big", [ValueError(i) for i in range(17)])
sys.excepthook(type(e), e, None)
e = ExceptionGroup("e", [ValueError(1)])
e2=ValueError(5); e2.__cause__=ExceptionGroup("c",[KeyError(1)])
e = ExceptionGroup("e", [ValueError(1), e2])
sys.excepthook(type(e), e, None)
e=ValueError(1)
e.__notes__=5
sys.excepthook(type(e), e, None)
e.__notes__="abc"
sys.excepthook(type(e), e, None)
e.__notes__=["a",5,"b\nc\n"]
sys.excepthook(type(e), e, None)
class N(ValueError):
    __module__=5
sys.excepthook(N, N(1), None)
class S(ValueError):
    def __str__(s): 1/0
sys.excepthook(S, S(1), None)
sys.excepthook(S, 5, None)
for off,eo,l,el in [(1,2,1,1),(3,5,1,1),(0,0,1,1),(-1,-1,1,1),(5,2,1,1),(3,None,1,None),(3,6,1,2),(None,None,1,None),(20,25,1,1),(4,4,1,1)]:
  for t in ["  abc def\n","ab\ncd ef\n","\tx = 1 +\n", None, "", "éé b c\n"]:
    print((off,eo,l,el),repr(t),file=sys.stderr)
    e=SyntaxError("m",("fn",l,off,t,el,eo))
    sys.excepthook(type(e), e, None)
e=SyntaxError("m")
sys.excepthook(type(e), e, None)
e=SyntaxError("m",(None,1,1,"x"))
sys.excepthook(type(e), e, None)
e=SyntaxError("m",("f",None,1,"x"))
sys.excepthook(type(e), e, None)
e=SyntaxError(5)
sys.excepthook(type(e), e, None)
x=e=ExceptionGroup("d",[ValueError(1)])
for i in range(12): x=ExceptionGroup("d%d"%i,[x])
sys.excepthook(type(x), x, None)
