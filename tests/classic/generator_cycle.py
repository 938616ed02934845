import gc
gc.disable()
gc.collect()
def with_finally():
    me = yield
    try:
        yield
    finally:
        print "  finally ran"
g = with_finally()
g.next()
g.send(g)
del g
print gc.collect(), gc.garbage[0].gi_frame is not None
gc.garbage[0].close()
print gc.garbage[0].gi_frame
import sys
print sys.exc_info(), sys.getrefcount(gc.garbage[0])
print [type(x) for x in gc.get_referrers(gc.garbage[0])]
