def f():
    try:
        try:
            1 / 0
        except ZeroDivisionError as e:
            raise KeyError("a") from e
    except KeyError:
        raise IndexError("b")
try:
    f()
except IndexError as e:
    raise OSError(2, "No such", "file") from e
