class A: pass
def f(a):
    return a.b.c.d(1, 2)
A.b = A
f(A)
