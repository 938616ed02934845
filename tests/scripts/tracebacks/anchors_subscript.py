def f(d):
    return d["a"]["b"]["c"]["d"]
f({"a": {"b": None}})
