import operator as op

things = [1, 1.5, "a", [1], (1,), {1: 1}, {1}, None, object]
names = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lshift", "and_", "lt", "iadd", "ior", "ipow", "divmod"]
for name in names:
    f = divmod if name == "divmod" else getattr(op, name)
    messages = {}
    for a in things:
        for b in things:
            try:
                f(a, b) if not isinstance(a, (list, set, dict, bytearray)) else f(type(a)(a), b)
            except Exception as e:
                messages.setdefault(f"{type(e).__name__}: {e}", 0)
                messages[f"{type(e).__name__}: {e}"] += 1
    print(name, len(messages))
    for m in messages:
        print("  ", m, messages[m])
for name in ("neg", "pos", "inv", "index", "not_", "truth", "abs"):
    f = getattr(op, name)
    for a in things:
        try:
            f(a)
        except Exception as e:
            print(name, type(e).__name__, e)
