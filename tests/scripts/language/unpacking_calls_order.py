log = []


def n(x, v=None):
    log.append(x)
    return v if v is not None else x


def f(*args, **kw):
    log.append("call")
    return args, kw


print(f(n(1), *n("star", [2, 3]), n(4), k=n(5), **n("dict", {"d": 6}), z=n(7)), log)
log.clear()
print([n(1), *n("l", [2]), n(3)], {n("a"): n(1), **n("d", {"b": 2}), n("c"): n(3)}, log)
log.clear()
n("obj", [0, 0])[n("idx", 1)] = n("val", 5)
print(log)
log.clear()
n(1) + n(2) * n(3) - n(4)
print(log)
log.clear()
n(1) < n(2) < n(0) < n("never")
print(log)
log.clear()
n("a", {}).get(n("b"), n("c"))
print(log)
log.clear()
x = [n(i) for i in n("it", range(2)) if n("cond", True)]
print(log)
log.clear()


def g(a=n("default a"), *, b=n("default b")) -> n("annotation", int):
    pass


print(log)
log.clear()


@n("decorator", lambda c: c)
class K(n("base", object), metaclass=n("meta", type)):
    n("body")


print(log)
log.clear()
d = {}
d[n("k1")], d[n("k2")] = n("v1"), n("v2")
print(log)
log.clear()
n("s", "abc")[n("i", 0) : n("j", 2) : n("k", 1)]
print(log)
log.clear()
f"{n('f1')} {n('f2'):{n('w', 5)}}"
print(log)
log.clear()
assert n("cond", True), n("message never")
print(log)
log.clear()
n("l", 0) or n("r", 0) and n("never")
print(log)
log.clear()
n("true") if n("test", True) else n("false")
print(log)
log.clear()
del d[n("k1")], d[n("k2")]
print(log)
log.clear()
lst = [1, 2, 3]
i = 0
i, lst[i] = 2, 9
print(lst)
lst[0], lst[1], lst[2] = lst[2], lst[0], lst[1]
print(lst)
(p, q), *r = [n("p"), n("q")] and [(1, 2), 3, 4]
print(p, q, r)
