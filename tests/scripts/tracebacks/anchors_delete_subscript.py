def f(d):
    del d["q"], d
f({})
