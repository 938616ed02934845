def outer(x):
    return inner(x) + 1


def inner(y):
    return y / 0


print("before")
outer(5)
print("never")
