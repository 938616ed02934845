class A:
    def __del__(self):
        e = ValueError("x"); e.add_note("note"); raise e
A()
