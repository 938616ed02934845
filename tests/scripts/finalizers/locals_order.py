class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


def plain():
    b = D("b")
    a = D("a")
    c = D("c")
    print("end")


plain()
print("--")


def args(x, y, *rest, k, **kw):
    z = D("z")
    print("end")


args(D("x"), D("y"), D("r0"), D("r1"), k=D("k"), o=D("o"), p=D("p"))
print("--")


def captured():
    free = D("free")
    own = D("own")

    def inner():
        return free

    print("end")


captured()
print("--")


def early():
    a = D("a")
    b = D("b")
    if True:
        return print("returning")
    c = D("c")


early()
print("--")


def returned():
    a = D("a")
    b = D("b")
    return a


returned()
print("--")
r = returned()
print("kept")
del r
print("--")


def rebound():
    a = D("a1")
    a = D("a2")
    a = None
    print("end")


rebound()
print("--")


def loop():
    for i in range(3):
        v = D(i)
    print("end of loop")


loop()
print("--")
[D("in list"), D("second")]
print("--")
D("x"), D("y")
print("--")
print(D("argument") is None, D("another") is None)
