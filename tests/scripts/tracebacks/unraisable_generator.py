def g():
    try: yield 1
    finally: raise OSError("closing")
i = g(); next(i)
del i
