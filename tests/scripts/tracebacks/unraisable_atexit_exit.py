import atexit
def bad(): raise SystemExit(3)
atexit.register(bad)
