try:
    raise ExceptionGroup("first", [ValueError(1)])
except ExceptionGroup as e:
    raise ExceptionGroup("second", [KeyError(2)]) from e
