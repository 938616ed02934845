import sys
import traceback


def f(x):
    return g(x) + 1


def g(x):
    return x["key"]


try:
    f({})
except KeyError:
    print(traceback.format_exc())
    tb = sys.exc_info()[2]
    for frame in traceback.extract_tb(tb):
        print(frame.name, frame.lineno, frame.line)
    print(tb.tb_lineno, tb.tb_next.tb_lineno, tb.tb_frame.f_code.co_name, tb.tb_next.tb_next.tb_next)
    traceback.print_exc(limit=1, file=sys.stdout)
try:
    f(5)
except TypeError as e:
    print(traceback.format_exception(e)[-1])
    print(e.__traceback__.tb_next.tb_next.tb_frame.f_locals)
