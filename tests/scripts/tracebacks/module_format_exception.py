import traceback
def f(): return (1).x.y
try:
    try: f()
    except AttributeError as e: raise ValueError("v") from e
except ValueError as e:
    err = e
for line in traceback.format_exception(err): print(repr(line))
for line in traceback.format_exception(type(err), err, err.__traceback__): print(repr(line))
for line in traceback.format_exception(err, chain=False): print(repr(line))
for line in traceback.format_exception(err, limit=0): print(repr(line))
for line in traceback.format_exception(None, None, None): print(repr(line))
for line in traceback.format_exception(KeyError, KeyError("x"), None): print(repr(line))
try: traceback.format_exception(ValueError)
except Exception as e: print(type(e), e)
try: traceback.format_exception(5)
except Exception as e: print(type(e), e)
