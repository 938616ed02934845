"""Runs the programs of a batch one after the other, each from the same state of memory.

    python harness.py BATCH ANSWERS

BATCH holds programs, each headed by a line `#### name`. ANSWERS gets the same heads with what each
program said. Both interpreters run this file, so nothing in it may depend on either.
"""

import bisect
import collections
import copy
import functools
import gc
import itertools
import math
import operator
import os
import sys
import types
import weakref
from heapq import heappush

OUT = []


def P(*values):
    OUT.append(" ".join([str(value) for value in values]))


# Counts of what the interpreter itself shares say nothing about a program.
SHARED = (int, str, bytes, float, bool, type(None), type(...), type(NotImplemented), type(sys), type(len))


def rc(value):
    """The count of `value` as a Python function sees it, `-` for shared objects."""
    if type(value) in SHARED or type(value) is tuple and not value:
        return "-"
    if type(value) is type and value.__module__ != "fuzz":
        return "-"
    return sys.getrefcount(value)


def types_of(objects):
    """How many objects of each type there are, as text."""
    counts = {}
    for item in objects:
        name = type(item).__name__
        counts[name] = counts.get(name, 0) + 1
    return " ".join([f"{name}:{counts[name]}" for name in sorted(counts)])


def masked(text):
    """`text` without the digits of addresses."""
    first, *rest = text.split("0x")
    return first + "".join(["0x" + part.lstrip("0123456789abcdef") for part in rest])


class Empty:
    pass


def unraisable(args):
    OUT.append(f"unraisable {args.exc_type.__name__} {args.err_msg}")


def run(code, names):
    try:
        exec(code, names)
    except BaseException as error:
        OUT.append(f"raised {type(error).__name__}: {error}")


def settle():
    """Back to the state that every program starts from."""
    gc.callbacks.clear()
    gc.set_debug(0)
    gc.set_threshold(700, 10, 10)
    gc.garbage.clear()
    sys.settrace(None)
    gc.enable()
    gc.collect()
    gc.collect()
    gc.garbage.clear()
    gc.freeze()
    gc.collect()


def programs(text):
    name, lines = None, []
    for line in text.split("\n"):
        if line.startswith("#### "):
            if name is not None:
                yield name, "\n".join(lines)
            name, lines = line[5:], []
        else:
            lines.append(line)
    if name is not None:
        yield name, "\n".join(lines)


def main(batch, answers):
    sys.unraisablehook = unraisable
    # What is done once only is done before the first program.
    weakref.finalize(Empty(), len).detach()
    copy.copy(Empty())
    copy.deepcopy(Empty())
    with open(batch, encoding="utf-8") as file:
        todo = list(programs(file.read()))
    with open(answers, "w", encoding="utf-8") as file:
        for name, source in todo:
            file.write(f"#### {name}\n")
            file.flush()
            try:
                code = compile(source, name, "exec")
            except SyntaxError as error:
                file.write(f"SyntaxError {error}\n")
                continue
            OUT.clear()
            names = {
                "__name__": "fuzz",
                "P": P,
                "rc": rc,
                "gc": gc,
                "sys": sys,
                "weakref": weakref,
                "bisect": bisect,
                "collections": collections,
                "copy": copy,
                "functools": functools,
                "itertools": itertools,
                "math": math,
                "operator": operator,
                "os": os,
                "types": types,
                "heappush": heappush,
                "types_of": types_of,
            }
            settle()
            run(code, names)
            OUT.append("end")
            names.clear()
            del names, code
            OUT.append(f"left {gc.collect()}")
            text = "\n".join(OUT)
            settle()
            late = OUT[text.count("\n") + 1 :]
            if late:
                text += "\nlate " + " ".join(late)
            file.write(masked(text) + "\n")
        file.write("#### done\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
