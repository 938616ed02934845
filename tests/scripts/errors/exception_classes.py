class Outer:
    class Error(Exception):
        pass


def maker():
    class Local(Exception):
        pass

    return Local


import traceback

for e in (Outer.Error("a"), Outer.Error(), maker()("x"), KeyError("k"), OSError(2, "no", "file"), SyntaxError("m")):
    print(traceback.format_exception_only(type(e), e))
raise maker()("unhandled local")
