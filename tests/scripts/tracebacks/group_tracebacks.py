def f(x): return 1 / x
def collect():
    errors = []
    for x in (0, ""):
        try: f(x)
        except Exception as e: errors.append(e)
    raise ExceptionGroup("collected", errors)
collect()
