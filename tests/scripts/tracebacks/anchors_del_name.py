def f():
    del undefined_thing
f()
