import sys
sys.tracebacklimit = "x"
def a(): 1 / 0
a()
