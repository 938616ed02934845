class B:
    def __str__(self): raise ValueError
e = ValueError("x"); e.__notes__ = [1, B(), "text", None]
raise e
