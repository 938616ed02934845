class A: pass
A().zzzzz
