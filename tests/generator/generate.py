"""Draws programs and records what the reference makes of them.

    python3.11 generate.py FIRST COUNT FILE   programs of COUNT seeds with the digests of their results
    python3.11 generate.py --show SEED        one program and its result in full
    python3.11 generate.py --sample           writes sample.txt anew

`cargo test --test generated` compares sample.txt, or the file that OURO_GENERATED names.
A file has for each program a line "#### SEED MODE LEVEL KIND BYTES DIGEST" and then its bytes.
"""

import os
import sys
import warnings
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "tools")]

import dump_code  # noqa: E402
import grammar  # noqa: E402

SAMPLE = 600


def result(source, mode, level):
    """Everything that can be told of a compilation, as text."""
    out = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            dump_code.dump(compile(source, "<dump>", mode, dont_inherit=True, optimize=level), out)
        except SyntaxError as error:
            place = f"{error.lineno} {error.offset} {error.end_lineno} {error.end_offset}"
            line = "None" if error.text is None else dump_code.text(error.text)
            return f"error {type(error).__name__} {place} {dump_code.text(error.msg)} {line}\n"
        except (ValueError, RecursionError, MemoryError) as error:
            return f"error {type(error).__name__}\n"
    for warning in caught:
        out.append(f"warning {warning.category.__name__} {warning.lineno} {dump_code.text(str(warning.message))}")
    return "\n".join(out) + "\n"


def drawn(seed):
    mode, level, as_bytes, text = grammar.draw(seed)
    data = text.encode("utf-8", "surrogatepass")
    return mode, level, data if as_bytes else text, data


def write(seeds, path):
    with open(path, "wb") as file:
        for seed in seeds:
            mode, level, source, data = drawn(seed)
            digest = zlib.crc32(result(source, mode, level).encode())
            kind = "text" if isinstance(source, str) else "bytes"
            file.write(f"#### {seed} {mode} {level} {kind} {len(data)} {digest:08x}\n".encode() + data + b"\n")


def main(arguments):
    sys.setrecursionlimit(1000)
    if arguments[:1] == ["--show"]:
        mode, level, source, _ = drawn(int(arguments[1]))
        print(f"#### {mode} {level} {type(source).__name__}")
        print(source)
        print("####")
        print(result(source, mode, level), end="")
    elif arguments == ["--sample"]:
        write(range(SAMPLE), os.path.join(HERE, "sample.txt"))
    else:
        first, count, path = arguments
        write(range(int(first), int(first) + int(count)), path)


if __name__ == "__main__":
    main(sys.argv[1:])
