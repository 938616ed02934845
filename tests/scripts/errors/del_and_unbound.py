def f(flag):
    if flag:
        value = 1
    print(value)


f(False)
