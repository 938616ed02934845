import atexit


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


held = D("held")


def bye(*args, **kw):
    print("bye", args, kw, held.n)


atexit.register(bye, 1)
atexit.register(bye, 2, k=3)


@atexit.register
def last():
    print("registered last, runs first")


atexit.register(print, "unregistered")
atexit.unregister(print)
print("end")
