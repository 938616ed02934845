class V:
    def __add__(self, other):
        return other.missing

    def __eq__(self, other):
        return self + other


V() == 5
