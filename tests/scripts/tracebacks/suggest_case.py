class A:
    Value = 1
A().value
