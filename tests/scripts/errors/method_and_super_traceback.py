class A:
    def run(self):
        raise NotImplementedError


class B(A):
    def run(self):
        return super().run()


B().run()
