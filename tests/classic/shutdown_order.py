# shutdown order
class D:
    def __init__(self, n): self.n = n
    def __del__(self): print "bye", self.n
a = D("a"); b = D("b"); _p = D("_p"); c = [D("c1"), D("c2")]
zz = D("zz"); x1 = D("x1"); hello = D("hello"); __dunder = D("dunder")
cyc = D("cyc"); cyc.me = cyc
print sorted(k for k in globals().keys() if not k.startswith("__b"))
print globals().keys()
