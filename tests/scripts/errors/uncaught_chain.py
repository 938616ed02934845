def first():
    return {}["missing"]


try:
    first()
except KeyError:
    raise ValueError("second")
