"""A file that is a string."""
class StringIO:
    def __init__(self, buf=""):
        self.buf = buf
        self.pos = 0
        self.softspace = 0
        self.closed = False
    def __iter__(self):
        return self
    def next(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line
    def write(self, s):
        s = str(s)
        if self.pos < len(self.buf):
            self.buf = self.buf[:self.pos] + s + self.buf[self.pos + len(s):]
        else:
            self.buf = self.buf + "\0" * (self.pos - len(self.buf)) + s
        self.pos = self.pos + len(s)
    def writelines(self, lines):
        for line in lines:
            self.write(line)
    def read(self, n=-1):
        if n < 0:
            end = len(self.buf)
        else:
            end = min(self.pos + n, len(self.buf))
        text = self.buf[self.pos:end]
        self.pos = end
        return text
    def readline(self):
        at = self.buf.find("\n", self.pos)
        if at < 0:
            end = len(self.buf)
        else:
            end = at + 1
        text = self.buf[self.pos:end]
        self.pos = end
        return text
    def readlines(self):
        return list(self)
    def seek(self, pos, mode=0):
        if mode == 1:
            pos = pos + self.pos
        elif mode == 2:
            pos = pos + len(self.buf)
        self.pos = max(0, pos)
    def tell(self):
        return self.pos
    def truncate(self, size=None):
        if size is None:
            size = self.pos
        self.buf = self.buf[:size]
        self.pos = min(self.pos, size)
    def getvalue(self):
        return self.buf
    def flush(self):
        pass
    def isatty(self):
        return False
    def close(self):
        self.closed = True
