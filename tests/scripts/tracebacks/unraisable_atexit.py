import atexit
def bad(): raise ValueError("at exit")
atexit.register(bad)
