def f(x):
    assert (x
            == 1), "message"
f(2)
