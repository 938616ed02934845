try:
    try: 1 / 0
    except ZeroDivisionError as z: raise ValueError("v") from z
except ValueError as v:
    raise ExceptionGroup("g", [v, KeyError("k")])
