class A:
    def __dir__(self): raise ValueError
A().alpa
