class A:
    def __init__(self): self.colour = 1; self.size = 2
A().color
