class A:
    abc1 = abc2 = abd = 1
A().abc
