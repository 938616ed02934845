def f(n): return f(n + 1)
import sys
sys.setrecursionlimit(60)
f(0)
