class M:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        print("exit", args[0].__name__)


with M() as m:
    for i in range(3):
        if i == 1:
            raise OSError(5, "device", "name")
