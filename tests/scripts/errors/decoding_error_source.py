# comment
x = "ÿþ"
print(x)
