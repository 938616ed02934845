class A:
    __slots__ = ("one", "two")
A().on
