class P: __match_args__ = 5
def f(p):
    match p:
        case P(1): pass
f(P())
