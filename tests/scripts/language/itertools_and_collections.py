import itertools as it
import collections as c
import operator

print(list(it.islice(it.count(5, 2), 3)), list(it.islice(it.cycle("ab"), 5)), list(it.repeat(1, 3)), list(it.chain([1], (2,), "3")), list(it.chain.from_iterable([[1], [2]])), list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], operator.mul, initial=10)), list(it.compress("abc", [1, 0, 1])), list(it.dropwhile(lambda x: x < 2, [1, 2, 1])), list(it.takewhile(lambda x: x < 2, [1, 2, 1])), list(it.filterfalse(None, [0, 1])), list(it.starmap(pow, [(2, 3)])), list(it.zip_longest("ab", "c", fillvalue="-")), list(it.pairwise([1, 2, 3])), list(it.islice(range(10), 2, 8, 3)))
print(list(it.product("ab", repeat=2)), list(it.permutations([1, 2, 3], 2)), list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)), [(k, list(g)) for k, g in it.groupby("aabbb")], [list(t) for t in it.tee([1, 2])])
print(it.count(1), it.repeat(5, 2), it.count(1.5, 0.5), repr(it.repeat("x")))
for f in (lambda: list(it.islice([], -1)), lambda: it.count("a"), lambda: it.repeat(), lambda: it.product([1], repeat=-1), lambda: it.permutations([1], -1), lambda: it.tee([1], -1), lambda: it.chain(5).__next__(), lambda: list(it.islice([1], "a")), lambda: it.combinations("ab"), lambda: list(it.starmap(pow, [5]))):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
d = c.deque([1, 2, 3], maxlen=4)
d.append(4)
d.append(5)
d.appendleft(0)
print(d, d[0], d[-1], len(d), d.pop(), d.popleft(), d.maxlen, 3 in d, list(reversed(d)), d.count(3), d.index(3))
d.rotate(1)
d.extend("ab")
d.extendleft("xy")
print(d, d == c.deque(d), d.copy(), c.deque() < c.deque([1]), c.deque([1]) + c.deque([2]), c.deque([1]) * 2)
d.insert(1, "i") if len(d) < 4 else d.remove("x")
d.reverse()
d.clear()
print(d, bool(d))
for f in (lambda: d.pop(), lambda: d.popleft(), lambda: d[0], lambda: c.deque(5), lambda: c.deque([], -1), lambda: d.remove(1), lambda: c.deque([1], maxlen=1).insert(0, 2), lambda: hash(d), lambda: d.index(5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
dd = c.defaultdict(list)
dd["a"].append(1)
print(dd, dd["b"], dict(dd), dd.default_factory, dd.get("zz"), c.defaultdict(None, {1: 2}))
try:
    c.defaultdict(None)["x"]
except KeyError as e:
    print("KeyError", e)
try:
    c.defaultdict(5)
except TypeError as e:
    print(e)
o = c.OrderedDict(a=1, b=2)
o.move_to_end("a")
print(o, o.popitem(last=False), list(reversed(o)), o == {"a": 1}, c.OrderedDict([(1, 2), (3, 4)]) == c.OrderedDict([(3, 4), (1, 2)]))
n = c.Counter("abracadabra")
print(n.most_common(2), n["z"], n + c.Counter("a"), n - c.Counter("aaaa"), sorted((n & c.Counter("ab")).items()), sum(n.values()), sorted(c.Counter(a=1, b=-1).elements()))
P = c.namedtuple("P", "x y", defaults=[5])
p = P(1)
print(p, p.x, p._asdict(), p._replace(x=9), P._fields, p == (1, 5), P._make([7, 8]), p[1], P.__doc__)
try:
    P()
except TypeError as e:
    print(e)
m = c.ChainMap({"a": 1}, {"a": 2, "b": 3})
print(m["a"], m["b"], sorted(m), m.new_child({"z": 1})["z"])
print(operator.itemgetter(1)([5, 6]), operator.itemgetter(0, 1)("ab"), operator.attrgetter("real", "imag")(1j), operator.methodcaller("upper")("a"), operator.add(1, 2), operator.contains([1], 1), operator.index(True), operator.concat("a", "b"), operator.countOf([1, 1], 1), operator.indexOf([1, 2], 2), operator.is_(1, 1), operator.not_(0), operator.truth([1]))
import math

print(math.pi, math.floor(2.5), math.ceil(2.1), math.sqrt(2), math.factorial(20), math.gcd(12, 18), math.lcm(4, 6), math.isqrt(17), math.hypot(3, 4), math.log(8, 2), math.log2(8), math.log10(1000), math.exp(1), math.pow(2, 3), math.fsum([0.1] * 10), math.prod([1, 2, 3]), math.comb(5, 2), math.perm(5, 2), math.copysign(1, -0.0), math.trunc(-2.5), math.modf(2.5), math.frexp(8.0), math.ldexp(0.5, 4), math.isclose(0.1 + 0.2, 0.3), math.isnan(math.nan), math.isinf(math.inf), math.degrees(math.pi), math.sin(0), math.cos(0), math.atan2(1, 1), math.fmod(-7, 3), math.remainder(7, 3), math.dist([0, 0], [3, 4]), math.ulp(1.0), math.nextafter(1.0, 2.0), math.cbrt(27))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: math.floor("a"), lambda: math.exp(1000), lambda: math.gcd(1.5), lambda: math.isqrt(-1), lambda: math.acos(2), lambda: math.comb(-1, 2), lambda: math.fmod(1, 0), lambda: math.pow(0, -1), lambda: math.sin("a"), lambda: math.log("a"), lambda: math.log(-1), lambda: math.sqrt()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
