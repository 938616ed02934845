try:
    raise KeyError(1)
finally:
    raise TypeError("in finally")
