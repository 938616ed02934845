class A:
    def __del__(self):
        x = {}
        return x["missing"] + 1
A()
