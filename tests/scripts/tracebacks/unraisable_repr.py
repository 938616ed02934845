class A:
    def __del__(self): raise ValueError("x")
    def __repr__(self): raise TypeError("repr")
f = A.__del__
A()
