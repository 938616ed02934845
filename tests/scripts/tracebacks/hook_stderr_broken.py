import sys
class W:
    def write(self, s): raise OSError("no")
    def flush(self): pass
sys.stderr = W()
1 / 0
