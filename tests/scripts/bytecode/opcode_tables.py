# The tables of opcode, and stack effects.
import _opcode
import dis
import opcode

for name in sorted(opcode.__all__):
    if name != "stack_effect":
        print(name, getattr(opcode, name))
for name in ("_nb_ops", "_cache_format", "_inline_cache_entries", "_specializations", "_specialized_instructions", "_specialization_stats"):
    print(name, getattr(opcode, name))
for name, number in sorted(opcode.opmap.items()):
    effects = []
    for arg in (0, 1, 2, 3, 4, 7):
        for jump in (None, True, False):
            try:
                effects.append(dis.stack_effect(number, arg if number >= dis.HAVE_ARGUMENT else None, jump=jump))
            except ValueError as e:
                effects.append(str(e))
    print(name, effects)


def attempt(*args, **kw):
    try:
        print(args, kw, opcode.stack_effect(*args, **kw))
    except Exception as e:
        print(args, kw, type(e).__name__, e)


attempt(dis.opmap["LOAD_CONST"])
attempt(dis.opmap["POP_TOP"], 0)
attempt(3)
attempt(3, None)
attempt(200, 1)
attempt(30000, 1)
attempt(dis.opmap["FOR_ITER"], 0, jump=3)
attempt(dis.opmap["FOR_ITER"], 0, jump=1)
attempt("x")
attempt()
print(_opcode.stack_effect is opcode.stack_effect, dis.stack_effect is opcode.stack_effect)
