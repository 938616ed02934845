#: leaks
#: leaks --from 20
#: leaks --from 99
import collections


class Stack:
    limit = 3

    def __init__(self):
        self.top = 0


def push(value, into=None, *, deep={}):
    into.top = value


stack = Stack()
for number in range(3):
    push(number, stack)
    other = Stack()
