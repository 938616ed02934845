class A:
    def __str__(self): 1 / 0
raise SystemExit(A())
