x = 1
if x:
    print("crlf")
s = """a
b"""
print(repr(s))
1/0
