def f(a):
    return a.first + a.second + a.third + a.fourth + a.fifth + a.sixth + a.seventh + a.eighth + a.ninth + a.tenth + a.last
class A: first = second = third = fourth = fifth = sixth = seventh = 1
f(A)
