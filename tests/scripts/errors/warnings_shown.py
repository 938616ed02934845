import warnings
warnings.warn("look out")
warnings.warn("old", DeprecationWarning)
warnings.warn("user", UserWarning)


def f():
    warnings.warn("in f", stacklevel=2)


f()
