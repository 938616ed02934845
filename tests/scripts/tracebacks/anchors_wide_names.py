def f(变量):
    return 变量 + 1, 变量
f("x")
