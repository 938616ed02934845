def g(): return None
def f():
    return 1 + g() * 2
f()
