a = ValueError("a")
try:
    raise a
except ValueError:
    raise a
