import weakref
class A: pass
def callback(r): raise TypeError("callback")
a = A(); r = weakref.ref(a, callback)
del a
