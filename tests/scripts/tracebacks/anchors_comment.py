def f(x):
    return x[1] + x[2]  # a comment with x[2]
f([1, 2])
