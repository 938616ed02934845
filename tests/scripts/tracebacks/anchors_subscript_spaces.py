def f(d):
    return 1 + d [ "a" ]  [0] + 2
f({"a": 1})
