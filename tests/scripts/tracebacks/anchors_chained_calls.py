class A:
    def a(self): return self
    def b(self): return None
def f(o):
    return o.a().b().c()
f(A())
