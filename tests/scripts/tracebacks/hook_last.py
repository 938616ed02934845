import sys, atexit
def end(): print(sys.last_type, sys.last_value, sys.last_traceback.tb_lineno)
atexit.register(end)
1 / 0
