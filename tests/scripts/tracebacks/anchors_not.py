class B:
    def __bool__(self): raise TypeError("no truth")
if not B(): pass
