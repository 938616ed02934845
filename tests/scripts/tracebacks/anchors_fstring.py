def f(a):
    return f"{a.x} {a.y}" + ""
class A: x = 1
f(A)
