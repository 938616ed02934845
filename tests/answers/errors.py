#: why --at 99 x
#: why --at 0 x
#: why --at 14 x
#: why --at 16 never
#: why --at 19 x --hit 9
#: why --at end nope
#: why --at end x.nope
#: why --at end x[0]
#: why --at end len(x)
#: why --at end
#: why --at x x
#: why --at end d['no']
#: why --at end d['a']
# a line without code
def never():
    return 1


x = 5
for x in range(3):
    pass
d = {'a': 500}
