class F:
    def __del__(self): raise KeyError(("a", 1))
F()
