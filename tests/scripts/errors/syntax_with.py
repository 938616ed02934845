with open("a") as 1:
    pass
