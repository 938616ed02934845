def f(a: undefined_type): pass
