# sys: what its functions answer to right and wrong arguments.
import sys
def t(f,*a,**k):
    try: print(f(*a,**k))
    except BaseException as e: print(type(e).__name__, e)
t(sys.getsizeof); t(sys.getsizeof,1,2,3); t(sys.getsizeof,1,default=3); t(sys.getsizeof,1,foo=3)
class B:
    def __sizeof__(s): return "x"
t(sys.getsizeof,B()); t(sys.getsizeof,B(),5)
class C:
    def __sizeof__(s): return -1
t(sys.getsizeof,C()); t(sys.getsizeof,C(),5)
class D:
    def __sizeof__(s): 1/0
t(sys.getsizeof,D()); t(sys.getsizeof,D(),5)
t(sys.getsizeof,type)
t(sys.setrecursionlimit,0);t(sys.setrecursionlimit,"x");t(sys.setrecursionlimit,-1); t(sys.setrecursionlimit,2**40)
t(sys.setrecursionlimit,1)
t(sys._getframe,500); t(sys._getframe,"x")
t(sys.intern,5)
class S(str):pass
t(sys.intern,S("a"))
t(sys.set_int_max_str_digits,5); t(sys.set_int_max_str_digits,-5); t(sys.set_int_max_str_digits,"x"); t(sys.get_int_max_str_digits)
t(sys.setswitchinterval,0);t(sys.setswitchinterval,"x");t(sys.getswitchinterval)
t(sys.exit,1,2); t(sys.exit,(1,2)); t(sys.exit)
t(sys.settrace,5) ; sys.settrace(None)
t(sys.exc_info); t(sys.exception); t(sys.call_tracing,len,5); t(sys.call_tracing,len,("abc",))
t(sys.displayhook); t(sys.excepthook,1)
t(sys.unraisablehook,1)
t(sys.audit); t(sys.audit,"x"); t(sys.addaudithook,5) if 0 else 0
t(sys.get_coroutine_origin_tracking_depth); t(sys.set_coroutine_origin_tracking_depth,-1)
t(sys.get_asyncgen_hooks); t(sys.set_asyncgen_hooks,5); t(sys.set_asyncgen_hooks, None, None)
t(sys.getrefcount)
