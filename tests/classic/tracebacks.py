def f(x):
    return g(
        x,
        1)
def g(a, b):
    raise ValueError("bad %s" % a)
class Err(Exception): pass
def h():
    try:
        f(1)
    except ValueError:
        raise Err, "second"
try:
    h()
except Err, e:
    print "caught", e
import traceback
try:
    f(3)
except:
    print traceback.format_exc().replace(__file__, "FILE")
h()
