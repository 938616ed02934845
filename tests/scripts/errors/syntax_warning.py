x = 1
if x is 1:
    print("is")
assert (x, "always true")
print("a" is not 5)
