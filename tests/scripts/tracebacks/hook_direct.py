import sys
try: 1 / 0
except ZeroDivisionError: sys.excepthook(*sys.exc_info())
sys.excepthook(ValueError, ValueError("bare"), None)
sys.excepthook(ValueError, None, None)
sys.__excepthook__(TypeError, TypeError("x"), None)
try: sys.excepthook(5, 5, 5)
except TypeError as e: print(e)
