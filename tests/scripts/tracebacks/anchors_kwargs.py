def f(a): pass
f(b=1, a=2)
