import sys

s = sys.getsizeof
print([s([None] * n) for n in (0, 1, 2, 3, 4, 5, 8, 9, 100)])
print(s([1, 2, 3]), s(list((1, 2, 3))), s([x for x in range(3)]), s(list(range(10))), s(list("abcde")), s(sorted("abcde")))
print([s((None,) * n) for n in (0, 1, 2, 3, 10)])
l = []
sizes = []
for i in range(100):
    l.append(i)
    if not sizes or s(l) != sizes[-1]:
        sizes.append(s(l))
print(sizes)
sizes = []
while l:
    l.pop()
    if not sizes or s(l) != sizes[-1]:
        sizes.append(s(l))
print(sizes)
l = [1, 2, 3]
l.extend([4, 5, 6, 7])
print(s(l))
l.insert(0, 1)
print(s(l))
l += [1]
print(s(l), s(l + l), s(l * 3), s(l[:4]), s(l.copy()))
del l[2:5]
print(s(l))
l.clear()
print(s(l))
d = {}
sizes = [s(d)]
for i in range(200):
    d[i] = i
    if s(d) != sizes[-1]:
        sizes.append(s(d))
print(sizes)
print(s({"a": 1}), s({1: 1}), s(dict(a=1)), s({**{"a": 1}}), s(dict([("a", 1)])), s({"a": 1, 1: 2}))
d = {str(i): i for i in range(20)}
print(s(d), s(d.copy()), s(dict(d)))
for i in range(19):
    del d[str(i)]
print(s(d), s(d.copy()))
d.clear()
print(s(d))
d[1] = 1
print(s(d))
st = set()
sizes = [s(st)]
for i in range(200):
    st.add(i)
    if s(st) != sizes[-1]:
        sizes.append(s(st))
print(sizes)
print(s({1, 2, 3}), s({1, 2, 3, 4, 5}), s(set(range(5))), s(frozenset()), s(frozenset([1])), s(frozenset(range(10))))
print(s(st.copy()), s(st | st), s(st - {1}), s(set("abc")))
print(s({}.keys()), s({}.values()), s({}.items()), s(iter([])), s(iter(())), s(iter({})), s(iter(set())), s(iter("a")))
print(s(enumerate([])), s(zip([], [])), s(map(str, [])), s(filter(None, [])), s(reversed([])), s(iter(range(3))))
