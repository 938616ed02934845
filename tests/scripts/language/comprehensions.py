print([x * y for x in range(3) for y in range(x)], {x % 3 for x in range(9)}, {x: x * x for x in range(3)}, list(x for x in "ab"), [[y for y in range(x)] for x in range(3)], [x for x in range(10) if x > 5 if x % 2])
x = "outer"
[x for x in range(3)]
print(x)
print([(lambda: i)() for i in range(3)], [f() for f in [lambda: i for i in range(3)]])


class C:
    y = 5
    z = [y for _ in range(2)] if False else [q for q in range(y)]

    try:
        w = [y for _ in range(1)]
    except NameError as e:
        print(e)


print(C.z)
print(sum(x for x in range(5)), max((len(w), w) for w in ["a", "bbb", "cc"]), dict((k, v) for k, v in zip("ab", [1, 2])), "".join(c.upper() for c in "abc"))


def gen():
    yield from (x * 2 for x in range(3))
    return "ret"


print([*gen()], [(yield_, 1) for yield_ in gen()])
g = (print("evaluated", x) for x in [1, 2])
print("nothing yet")
next(g)
print(list(g))
log = []


def t(x):
    log.append(x)
    return x


[t(x) for x in t([1, 2]) if t(x > 0)]
print(log)
log.clear()
g = (t(x) for x in t([1]))
print(log)
try:
    g = (x for x in 5)
except TypeError as e:
    print(e)
try:
    [x for x in [1] if undefined]
except NameError as e:
    print(e)
matrix = [[1, 2], [3, 4]]
print([[row[i] for row in matrix] for i in range(2)], {(i, j): i * j for i in range(2) for j in range(2)}, [a + b for (a, b) in zip([1], [2])], [a for a, *b in [(1, 2, 3)]], [b for a, *b in [(1, 2, 3)]])
print({k: v for k, v in [("a", 1), ("a", 2)]}, {1: 2 for _ in range(0)}, {*"aa"}, [*range(2), *"b"], {**{"a": 1}, "b": 2}, (*[1], *[2]))
print([last := v for v in range(3)], last)
fs = []
for i in range(3):
    fs.append(lambda i=i: i)
print([f() for f in fs])


def scope():
    a = 1
    return [a + b for b in [a for _ in range(2)]]


print(scope(), eval("[v for v in seq]", {"seq": [1, 2]}), [locals() and 1 for q in [1]])
