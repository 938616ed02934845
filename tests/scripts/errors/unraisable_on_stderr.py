class D:
    def __del__(self):
        1 / 0


D()
d = D()
del d


def cb(ref):
    raise KeyError("in callback")


import weakref


class W:
    pass


w = W()
r = weakref.ref(w, cb)
del w
print("done")
