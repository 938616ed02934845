f = lambda x, y=1: x.foo(y) + 1
f(3)
