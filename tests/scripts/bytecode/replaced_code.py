# Code objects changed by replace(), and defaults that are more than the parameters.


def f(a, b=2):
    for i in range(a):
        b += i
    return b


code = f.__code__
print(f(4))
# Replaced by what means the same, the code runs.
print(type(f)(code.replace(co_stacksize=code.co_stacksize + 5), globals())(3, 4))
print(code.replace(co_name="g").co_name, code.replace(co_code=code.co_code) == code)
f.__defaults__ = (1, 2, 3, 4, 5)
print(f(), f(2))
try:
    f(1, 2, 3)
except TypeError as e:
    print(e)
