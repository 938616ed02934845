class A: pass
setattr(A, "x" * 50, 1)
getattr(A, "x" * 49)
