# Context variables: defaults, tokens, contexts that are copied and run.
import contextvars
var = contextvars.ContextVar("var", default=1)
bare = contextvars.ContextVar("bare")
print(var.name, var.get(), bare.get("given"))
try:
    bare.get()
except LookupError as error:
    print(type(error).__name__, error.args[0] is bare)
token = var.set(2)
print(var.get(), token.old_value is contextvars.Token.MISSING, token.var is var, contextvars.Token.MISSING)
second = var.set(3)
print(second.old_value)
var.reset(second)
print(var.get())
for call in [lambda: var.reset(second), lambda: bare.reset(token), lambda: var.reset(5), lambda: contextvars.Token(), lambda: contextvars.ContextVar(5), lambda: contextvars.Context(1)]:
    try:
        call()
    except Exception as error:
        print(type(error).__name__, str(error).split(" at ")[0][:40])
context = contextvars.copy_context()
def inside(value, *, add):
    var.set(value + add)
    bare.set("in")
    return var.get(), contextvars.copy_context().get(var)
print(context.run(inside, 10, add=5), var.get(), context[var], context[bare], bare.get(None), len(context), bare in context)
print(sorted(v.name for v in context), sorted(map(str, context.values())), context.get(bare, 0), context.copy() == context)
try:
    context.run(context.run, print)
except RuntimeError as error:
    print(str(error).split(":")[0])
var.reset(token)
print(var.get(), contextvars.ContextVar[int], repr(var).split(" at ")[0])
