class A:
    blech = 1
    def m(self): return blech
A().m()
