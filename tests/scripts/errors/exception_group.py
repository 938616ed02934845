def f():
    raise ValueError("inner")


errors = []
for _ in range(2):
    try:
        f()
    except ValueError as e:
        errors.append(e)
raise ExceptionGroup("several", errors + [ExceptionGroup("nested", [KeyError("k")])])
