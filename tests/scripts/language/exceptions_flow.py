import sys


def steps(kind):
    out = []
    try:
        out.append("try")
        if kind == "raise":
            raise ValueError(1)
        if kind == "return":
            return out
    except ValueError:
        out.append("except")
    else:
        out.append("else")
    finally:
        out.append("finally")
    out.append("after")
    return out


print(steps("none"), steps("raise"), steps("return"))


def nested(levels):
    out = []
    try:
        try:
            try:
                raise levels[0]
            except KeyError:
                out.append("key")
                raise ValueError("from key")
            finally:
                out.append("f1")
        except ValueError as e:
            out.append(f"value {e.__context__!r}")
            if len(levels) > 1:
                raise levels[1] from e
        finally:
            out.append("f2")
    except Exception as e:
        out.append(f"outer {e!r} cause {e.__cause__!r}")
    return out


print(nested([KeyError(1)]), nested([ValueError(2)]), nested([KeyError(1), TypeError(3)]), nested([OSError()]))


def swallow():
    for i in range(5):
        try:
            if i == 1:
                raise KeyError
            if i == 3:
                return i
        except KeyError:
            continue
        finally:
            if i == 3:
                break
    return "end"


print(swallow())


def override():
    try:
        return "try"
    finally:
        return "finally"


print(override())


def inner_exc():
    try:
        raise ValueError("first")
    except ValueError:
        try:
            raise KeyError("second")
        except KeyError as k:
            a = sys.exc_info()[0].__name__
        b = sys.exc_info()[0].__name__
        return a, b


print(inner_exc(), sys.exc_info())
try:
    raise ValueError("a") from KeyError("b")
except ValueError as e:
    print(repr(e.__cause__), e.__suppress_context__, e.__context__)
try:
    try:
        raise KeyError("x")
    finally:
        raise ValueError("y")
except ValueError as e:
    print(repr(e.__context__))
e1 = ValueError("same")
try:
    try:
        raise e1
    except ValueError as e:
        raise e
except ValueError as e:
    print(e is e1, e.__context__)
a, b = ValueError("a"), KeyError("b")
try:
    try:
        raise a
    except ValueError:
        raise b
except KeyError:
    pass
try:
    try:
        raise b
    except KeyError:
        raise a
except ValueError as e:
    print(repr(e), repr(e.__context__), e.__context__.__context__)


class Ctx:
    def __init__(self, fail=None, swallow=False):
        self.fail, self.swallow = fail, swallow

    def __enter__(self):
        return self

    def __exit__(self, *a):
        if self.fail:
            raise self.fail
        return self.swallow


try:
    with Ctx(fail=KeyError("exit")):
        raise ValueError("body")
except KeyError as e:
    print(repr(e), repr(e.__context__))
with Ctx(swallow=True):
    raise ValueError
print("swallowed")
for exc in (KeyboardInterrupt, SystemExit, GeneratorExit):
    try:
        try:
            raise exc
        except Exception:
            print("wrong")
    except BaseException as e:
        print(type(e).__name__)
try:
    raise ValueError
except (KeyError, (ValueError, TypeError)) if False else (KeyError, ValueError):
    print("tuple")


def gen():
    try:
        yield 1
    except ValueError as e:
        yield f"caught {e}"
    finally:
        print("gen finally")


g = gen()
next(g)
print(g.throw(ValueError("thrown")))
g.close()


def tb_lines():
    try:
        {}[1]
    except KeyError as e:
        tb = e.__traceback__
        return tb.tb_lineno - tb_lines.__code__.co_firstlineno, tb.tb_next, tb.tb_frame.f_code.co_name


print(tb_lines())
