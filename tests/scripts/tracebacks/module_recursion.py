import traceback
def f(n):
    if not n: raise ValueError
    f(n - 1)
try: f(8)
except ValueError as e: print(traceback.format_exc()); print(len(traceback.format_tb(e.__traceback__)))
