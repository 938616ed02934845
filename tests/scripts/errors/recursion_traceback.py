import sys
sys.setrecursionlimit(60)


def loop(n):
    return loop(n + 1)


loop(0)
