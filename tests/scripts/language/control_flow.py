for i in range(3):
    if i == 1:
        continue
    print(i)
else:
    print("else runs")
for i in range(3):
    if i == 1:
        break
else:
    print("not printed")
print(i)
while i:
    i -= 1
else:
    print("while else")
for i in []:
    pass
else:
    print("empty")
n = 0
while True:
    n += 1
    if n == 2:
        continue
    if n > 3:
        break
print(n)
for i in range(2):
    for j in range(3):
        if j == 1:
            break
        print(i, j)
    else:
        print("no")
print("big" if n > 100 else "small", n if n else 0, (1 if 0 else 2) if 1 else 3)
print(1 < 2 < 3, 1 < 3 < 2, 1 < 2 > 1, 3 > 2 > 1 == 1, 1 == 1 != 2, 1 in [1] == True, not 1 == 2)
print(0 or [] or "x", 1 and "y" and 2, 0 and 1 / 0, 1 or 1 / 0, not [] and not 0, None or 0, "" and 1)
calls = []


def c(x):
    calls.append(x)
    return x


c(1) < c(3) < c(2) < c(5)
print(calls)
calls.clear()
c(0) and c(1) or c(2) and c(3)
print(calls)
assert True, "never"
try:
    assert 1 > 2, "message " + "here"
except AssertionError as e:
    print(repr(e))
try:
    assert []
except AssertionError as e:
    print(repr(e))
try:
    assert (), (1, 2)
except AssertionError as e:
    print(repr(e))


def early(x):
    for i in range(10):
        try:
            if i == x:
                return i
        finally:
            if i == 5:
                return "forced"
    return None


print(early(3), early(7), early(100))


def loops():
    out = []
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            out.append(i)
        finally:
            out.append(-i)
    return out


print(loops())
match_free = [x for x in range(20) if x % 2 if x % 3]
print(match_free)
pass
...
"a string statement"
if True: print("one line"); print("two")
for x in 1, 2: print(x, end=" ")
print()
x = (1,
     2)
y = 1 + \
    2
print(x, y)
