counter = 1
print(conuter)
