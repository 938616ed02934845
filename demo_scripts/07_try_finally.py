"""Lesson 7: 'finally' runs on every way out.

Success, an exception that is handled here, and one that only passes through.
"""


def divide(top, bottom):
    print(f"divide({top!r}, {bottom!r})")
    try:
        quotient = top / bottom
    except ZeroDivisionError as error:
        print("  except:  ", error)
    else:
        print("  else:     the quotient is", quotient)
    finally:
        print("  finally:  always")
    print("  after the statement")


divide(10, 4)
divide(10, 0)

try:
    # Nobody inside handles a TypeError: finally runs, then it travels on.
    divide("10", "4")
except TypeError as error:
    print("  outside: ", type(error).__name__ + ":", error)


def which():
    try:
        return "from try"
    finally:
        print("finally runs before the function really returns")


print(which())


def stubborn():
    try:
        raise ValueError("lost")
    finally:
        # A return in finally swallows the exception.  Rarely what one wants.
        return "from finally"


print(stubborn())

for turn in range(3):
    try:
        if turn == 1:
            continue
        print("turn", turn)
    finally:
        print("cleanup", turn)
