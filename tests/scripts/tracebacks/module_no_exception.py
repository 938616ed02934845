import traceback, sys
print(repr(traceback.format_exc()))
traceback.print_exc(file=sys.stdout)
try: traceback.print_last()
except Exception as e: print(type(e), e)
traceback.print_exception(None, None, None, file=sys.stdout)
traceback.print_exception(ValueError("x"), file=sys.stdout)
try: traceback.print_exception("x")
except Exception as e: print(type(e), e)
