class E(Exception): pass
E.__module__ = "some.where"
raise E("x")
