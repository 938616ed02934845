def f(n):
    if n == 0: 1 / 0
    f(n - 1)
def g(n):
    if n == 0: f(6)
    g(n - 1)
g(6)
