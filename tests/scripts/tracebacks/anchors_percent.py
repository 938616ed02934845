def f(x):
    return "%d items" % x + ""
f("a")
