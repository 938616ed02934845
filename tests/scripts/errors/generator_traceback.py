def gen(n):
    for i in range(n):
        yield 1 / (2 - i)


print(list(gen(5)))
