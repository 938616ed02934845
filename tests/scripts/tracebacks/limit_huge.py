import sys
sys.tracebacklimit = 10 ** 30
1 / 0
