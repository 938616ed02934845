# sys.settrace and sys.setprofile: events, lines, local functions, errors inside.
import sys

log = []


def tell(frame, event, arg):
    name = frame.f_code.co_name
    if event == "exception":
        arg = arg[0].__name__, str(arg[1]), arg[2] is not None
    elif event == "return" and not isinstance(arg, (int, str, type(None), list)):
        arg = type(arg).__name__
    log.append((name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg))
    return tell


def traced(function, *args):
    log.clear()
    sys.settrace(tell)
    try:
        result = function(*args)
    except Exception as error:
        result = "raised %r" % error
    finally:
        sys.settrace(None)
    for entry in log:
        print("   ", *entry)
    print(function.__name__, "->", result)


def straight(a):
    b = a + 1
    c = b * 2
    return c


def loop(n):
    total = 0
    for i in range(n):
        total += i
    while n:
        n -= 1
    return total


def one_line_loop(n):
    while n: n -= 1
    return n


def branches(a):
    if a:
        x = 1
    else:
        x = 2
    return x if a else -x


def raises():
    try:
        1 / 0
    except ZeroDivisionError:
        pass
    finally:
        x = 5
    raise KeyError(x)


def calls():
    def inner(q):
        return q
    return [inner(i) for i in range(2)]


def generator():
    got = yield 1
    yield got
    return 3


def uses_generator():
    g = generator()
    next(g)
    g.send(5)
    return list(g)


def delegates():
    def outer():
        r = yield from generator()
        return r
    return list(outer())


def with_block():
    class M:
        def __enter__(self):
            return self
        def __exit__(self, *args):
            return True
    with M() as m:
        raise ValueError(1)
    return 1


def comprehension():
    return {k: v for k, v in zip("ab", (1, 2))}


def native():
    return sorted([3, 1], key=straight)


def multi(
    a=1,
    b=2,
):
    return (a +
            b)


def finally_return():
    try:
        return 1
    finally:
        multi()


traced(straight, 1)
traced(loop, 2)
traced(one_line_loop, 2)
traced(branches, 0)
traced(branches, 1)
traced(raises)
traced(calls)
traced(uses_generator)
traced(delegates)
traced(with_block)
traced(comprehension)
traced(native)
traced(multi)
traced(finally_return)


def no_lines(frame, event, arg):
    frame.f_trace_lines = False
    log.append((event, frame.f_code.co_name))
    return no_lines


log.clear()
sys.settrace(no_lines)
straight(1)
sys.settrace(None)
print(log)

opcodes = []


def by_opcode(frame, event, arg):
    frame.f_trace_opcodes = True
    frame.f_trace_lines = False
    if event == "opcode":
        opcodes.append(frame.f_lasti)
    return by_opcode


sys.settrace(by_opcode)
straight(1)
sys.settrace(None)
print(len(opcodes), opcodes == sorted(opcodes))


# A function for calls only, and one that changes a local variable.
def only_calls(frame, event, arg):
    log.append((event, frame.f_code.co_name))


log.clear()
sys.settrace(only_calls)
loop(3)
calls()
sys.settrace(None)
print(log)


def changes(frame, event, arg):
    if event == "line" and frame.f_code.co_name == "straight" and "b" in frame.f_locals:
        frame.f_locals["b"] = 100
    return changes


sys.settrace(changes)
print(straight(1))
sys.settrace(None)


def fails(frame, event, arg):
    if event == "line":
        raise RuntimeError("in trace")
    return fails


sys.settrace(fails)
try:
    straight(1)
except RuntimeError as error:
    print("caught", error, sys.gettrace())


# The frame that sets the function is told only once it has one of its own.
def sets_own():
    sys.settrace(tell)
    x = 1
    sys._getframe().f_trace = tell
    y = 2
    sys.settrace(None)
    return x + y


log.clear()
print(sets_own())
for entry in log:
    print("   ", *entry)


def profile(frame, event, arg):
    name = getattr(arg, "__qualname__", arg) if event.startswith("c_") else arg
    log.append((event, frame.f_code.co_name, name))


log.clear()
sys.setprofile(profile)
straight(1)
len([])
"a".upper()
[].append(1)
try:
    int.from_bytes()
except TypeError:
    pass
list(generator())
sorted([2, 1], key=straight)
sys.setprofile(None)
for entry in log:
    print("   ", *entry)
print(sys.getprofile(), sys.gettrace())
