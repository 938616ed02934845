def g():
    print("start")
    x = yield 1
    print("got", x)
    try:
        y = yield 2
        print("got", y)
    except ValueError as e:
        print("caught", e)
        yield "handled"
    finally:
        print("finally")
    return "result"


it = g()
print(next(it), it.send("a"), it.throw(ValueError("v")))
try:
    next(it)
except StopIteration as e:
    print("stop", e.value, e.args)
print(list(it))
try:
    it.send(None)
except StopIteration as e:
    print(repr(e))
it = g()
try:
    it.send(1)
except TypeError as e:
    print(e)
it.close()
it = g()
next(it)
print(it.close(), it.gi_frame, it.gi_running, it.gi_yieldfrom, it.__name__, it.__qualname__, it.gi_code.co_name)
it = g()
try:
    it.throw(KeyError("early"))
except KeyError as e:
    print("thrown", e)
print(list(it))


def outer():
    r = yield from inner()
    print("inner returned", r)
    r = yield from [10, 20]
    print("list returned", r)
    yield from iter("ab")


def inner():
    try:
        v = yield "i1"
        print("inner got", v)
    except KeyError:
        print("inner caught")
        yield "recovered"
    return "r"


o = outer()
print(next(o), o.throw(KeyError), list(o))
o = outer()
next(o)
print(o.gi_yieldfrom.__name__, o.send("sent"), list(o))
o = outer()
list(zip(range(3), o))
try:
    o.send("to a list iterator")
except AttributeError as e:
    print(e)


def reentrant():
    yield next(me)


me = reentrant()
try:
    next(me)
except ValueError as e:
    print(e)


def stop():
    yield 1
    raise StopIteration("inside")


s = stop()
next(s)
try:
    next(s)
except RuntimeError as e:
    print(e, repr(e.__cause__))


def ignoring():
    try:
        yield 1
    except GeneratorExit:
        yield 2


i = ignoring()
next(i)
try:
    i.close()
except RuntimeError as e:
    print(e)


def ret():
    return 5
    yield


try:
    next(ret())
except StopIteration as e:
    print(e.value)
print(list(ret()))
for bad in (lambda: ret().throw(5), lambda: ret().throw("x"), lambda: ret().throw(ValueError, ValueError("a")), lambda: ret().throw(ValueError("a"), 5), lambda: ret().throw(ValueError, "arg"), lambda: ret().throw(), lambda: ret().send(), lambda: ret().throw(ValueError, None, 5), lambda: next(5), lambda: list((yield_ for yield_ in 5))):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


print(list(tree(3)))


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


f = fib()
print([next(f) for _ in range(10)])


def cleanup():
    try:
        yield 1
    finally:
        print("cleanup")


for x in cleanup():
    print(x)
for x in cleanup():
    break
print("after break")
lst = [*cleanup()]
ge = (x for x in [1, 2])
print(ge.__name__, ge.__qualname__, repr(ge).split(" at ")[0], type(ge).__name__)


def ctx():
    try:
        yield
    except Exception as e:
        print("context", repr(e.__context__))
        raise RuntimeError("new")


c = ctx()
next(c)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        c.throw(KeyError("k"))
except RuntimeError as e:
    print(repr(e), repr(e.__context__), repr(e.__context__.__context__))
deep = iter([1])
for _ in range(50):
    deep = (v for v in deep)
print(list(deep))
