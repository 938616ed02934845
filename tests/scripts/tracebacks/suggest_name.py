def f():
    counter = 1
    return conter
f()
