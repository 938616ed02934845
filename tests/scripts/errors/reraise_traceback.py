def low():
    raise ValueError("low")


def mid():
    try:
        low()
    except ValueError:
        raise


def top():
    try:
        mid()
    except ValueError as e:
        e2 = e
    raise e2


top()
