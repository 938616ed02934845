compose = lambda f, g: lambda x: f(g(x))
compose(len, lambda v: v + 1)(1)
