class A:
    def __init__(self):
        self.value = 1

    def m(self):
        return valeu


A().m()
