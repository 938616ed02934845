def f(): raise KeyboardInterrupt("pressed")
f()
