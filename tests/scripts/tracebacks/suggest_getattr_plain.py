class A:
    known = 1
    def __getattr__(self, name): raise AttributeError("custom")
A().knwon
