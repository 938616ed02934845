def f(first, second): pass
f(firts=1)
