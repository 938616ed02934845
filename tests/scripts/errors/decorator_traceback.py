def deco(f):
    def wrapper(*args):
        return f(*args)
    return wrapper


@deco
@deco
def bad(x):
    raise TypeError(x)


bad("deep")
