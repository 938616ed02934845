class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)

    def __hash__(self):
        return self.n if isinstance(self.n, int) else 0


print("list")
l = [D(1), D(2), D(3)]
del l
print("tuple")
t = (D(1), D(2), D(3))
del t
print("nested")
n = [D(1), (D(2), [D(3), D(4)]), D(5)]
del n
print("dict values")
d = {"a": D(1), "b": D(2)}
del d
print("dict keys and values")
d = {D(1): D(2), D(3): D(4)}
del d
print("dict, one deleted and put again")
d = {1: D(1), 2: D(2), 3: D(3)}
x = d.pop(1)
d[1] = x
del x
del d
print("set")
s = {D(3), D(1), D(2)}
del s
print("frozenset")
f = frozenset([D(5), D(4)])
del f
print("clear list")
l = [D(1), D(2)]
l.clear()
print("cleared")
print("slice deletion")
l = [D(0), D(1), D(2), D(3)]
del l[1:3]
print("rest")
del l
print("slice assignment")
l = [D(0), D(1), D(2)]
l[:] = [D(9)]
print("assigned")
del l
print("extended slice deletion")
l = [D(0), D(1), D(2), D(3), D(4)]
del l[::2]
print("rest")
l = None
print("dict clear")
d = {1: D(1), 2: D(2)}
d.clear()
print("dict update over")
d = {1: D(1), 2: D(2)}
d.update({1: D(11), 2: D(12)})
print("updated")
d = None
print("attributes")


class O:
    pass


o = O()
o.z = D("z")
o.a = D("a")
o.m = D("m")
del o
print("slots")


class S:
    __slots__ = ("z", "a", "m")


s = S()
s.m = D("m")
s.z = D("z")
s.a = D("a")
del s
print("inherited slots and dict")


class T(S):
    pass


t = T()
t.own = D("own")
t.z = D("z")
t.a = D("a")
del t
print("list sort key")
l = [3, 1, 2]
l.sort(key=lambda v: D(v).n)
print(l)
print("zip")
z = zip([D(1)], [D(2)])
next(z)
print("advanced")
del z
print("end")
