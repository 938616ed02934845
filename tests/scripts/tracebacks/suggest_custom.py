class A:
    def __getattr__(self, name): raise AttributeError("custom", name=name, obj=self)
    known = 1
A().knwon
