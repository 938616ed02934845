class E(Exception):
    @property
    def __notes__(self): raise TypeError
raise E("x")
