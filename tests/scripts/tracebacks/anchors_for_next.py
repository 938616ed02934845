class I:
    def __iter__(self): return self
    def __next__(self): raise RuntimeError("next")
for i in I(): pass
