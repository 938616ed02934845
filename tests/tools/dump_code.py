"""Prints the code objects of Python 3.11 source files in a neutral text.

    python3.11 dump_code.py FILE...           every file, headed by "file NAME"
    python3.11 dump_code.py --cases FILE      the cases of tests/compile, into FILE.expected
    python3.11 dump_code.py --into DIR LIST LEVEL
                                              each file named in LIST into DIR/0001.txt, ...,
                                              compiled at an optimization level

One block per code object, outer before inner, one field per line, so that a plain line
comparison finds the first difference. Files that do not compile print the error.
The Rust side of the same format is tests/common/dump.rs.
"""

import struct
import sys
import types
import warnings


def text(value):
    out = []
    for char in value:
        if " " <= char <= "~" and char not in '"\\':
            out.append(char)
        else:
            out.append("\\{%x}" % ord(char))
    return '"' + "".join(out) + '"'


def bits(value):
    return struct.pack(">d", value).hex()


def constant(value):
    match value:
        case None | True | False:
            return str(value)
        case types.EllipsisType():
            return "..."
        case types.CodeType():
            return "code " + text(value.co_qualname)
        case int():
            return hex(value)
        case float():
            return "f" + bits(value)
        case complex():
            return "c" + bits(value.real) + "," + bits(value.imag)
        case str():
            return text(value)
        case bytes():
            return "b" + value.hex()
        case tuple():
            return "(" + ", ".join(map(constant, value)) + ")"
        case frozenset():
            return "{" + ", ".join(sorted(map(constant, value))) + "}"


def dump(code, out):
    # The slots with their kinds are only in the pickled form; the names in each class suffice.
    names = (code.co_varnames, code.co_cellvars, code.co_freevars)
    out.append("code " + text(code.co_qualname) + " " + text(code.co_name))
    out.append(
        f"head {code.co_argcount} {code.co_posonlyargcount} {code.co_kwonlyargcount}"
        f" flags {code.co_flags:#x} line {code.co_firstlineno} stack {code.co_stacksize}"
    )
    for key, value in zip(("vars", "cells", "free"), names):
        out.append(key + "".join(" " + text(name) for name in value))
    out.append("names" + "".join(" " + text(name) for name in code.co_names))
    out += ["const " + constant(value) for value in code.co_consts]
    # Not co_code: there a jump's arguments are as compiled, but the executed form may be adapted.
    out.append("bytes " + code.co_code.hex())
    out.append("lines " + code.co_linetable.hex())
    out.append("table " + code.co_exceptiontable.hex())
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            dump(value, out)


def dump_file(path, optimize=0):
    with open(path, "rb") as file:
        source = file.read()
    return dump_source(source, optimize)


def dump_source(source, optimize=0, mode="exec"):
    out = []
    try:
        dump(compile(source, "<dump>", mode, dont_inherit=True, optimize=optimize), out)
    except SyntaxError as error:
        place = f"{error.lineno} {error.offset} {error.end_lineno} {error.end_offset}"
        out = [f"error {type(error).__name__} {place} {text(error.msg)}"]
    except (ValueError, RecursionError, MemoryError) as error:
        out = [f"error {type(error).__name__}"]
    return "\n".join(out) + "\n"


def main(arguments):
    warnings.simplefilter("ignore")
    if arguments[:1] == ["--into"]:
        _, folder, listing, level = arguments
        with open(listing) as file:
            paths = file.read().split("\n")
        for number, path in enumerate(filter(None, paths), 1):
            with open(f"{folder}/{number:04}.txt", "w") as file:
                file.write(dump_file(path, int(level)))
    elif arguments[:1] == ["--cases"]:
        with open(arguments[1]) as file:
            cases = file.read().split("####")[1:]
        with open(arguments[1].removesuffix(".txt") + ".expected", "w") as file:
            for case in cases:
                head, source = case.split("\n", 1)
                mode, optimize = (head.split() + ["0"])[:2]
                file.write("####" + head + "\n" + dump_source(source, int(optimize), mode))
    else:
        for path in arguments:
            print("file " + text(path))
            sys.stdout.write(dump_file(path))


if __name__ == "__main__":
    main(sys.argv[1:])
