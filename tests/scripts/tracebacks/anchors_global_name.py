def f(): return somename + 1
f()
