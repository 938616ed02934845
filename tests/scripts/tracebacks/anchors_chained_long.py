class A:
    def a(self): return self
    def b(self): raise ValueError("b")
def f(o):
    return (o.a()
             .a()
             .b())
f(A())
