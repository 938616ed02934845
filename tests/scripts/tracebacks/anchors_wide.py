def f(a):
    return "你好" + a.é + 1
class A: é = "z"
f(A)
