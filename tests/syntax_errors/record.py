"""Records what the reference says about the programs of `programs.py` and their mutations.

`python3.11 tests/syntax_errors/record.py`, from anywhere, rewrites `cases.txt`: per case a line with
the mode and the escaped source, then one with class, message, line, offset, end line, end offset and
text, separated by tabs. Valid programs are left out.
"""
import io
import pathlib
import random
import sys
import tokenize
import warnings

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here))
from programs import BASES, BROKEN, EVAL, SINGLE  # noqa: E402

warnings.simplefilter("ignore")


def escape(text):
    out = []
    for char in text:
        if char == "\\":
            out.append("\\\\")
        elif char == "\n":
            out.append("\\n")
        elif char == "\t":
            out.append("\\t")
        elif ord(char) < 32 or ord(char) == 127 or 0x80 <= ord(char) < 0xA1:
            out.append(f"\\x{ord(char):02x}")
        else:
            out.append(char)
    return "".join(out)


def verdict(source, mode):
    """The error of the parser; errors of later stages do not count."""
    import ast
    try:
        if mode == "single":
            compile(source, "t.py", mode, ast.PyCF_ONLY_AST)
        else:
            ast.parse(source, "t.py", mode)
    except SyntaxError as error:
        fields = [type(error).__name__, error.msg, error.lineno, error.offset, error.end_lineno,
                  error.end_offset, error.text]
        return "\t".join("-" if field is None else escape(str(field)) for field in fields)
    except (MemoryError, RecursionError, ValueError) as error:
        return f"{type(error).__name__}\t{escape(str(error))}\t-\t-\t-\t-\t-"
    return None


def mutations(source, seed, count):
    """Programs with one token gone, doubled, swapped with the next, or replaced."""
    chance = random.Random(seed)
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(source).readline)
              if token.string.strip()]
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    spans = [(starts[t.start[0] - 1] + t.start[1], starts[t.end[0] - 1] + t.end[1]) for t in tokens]
    extra = [":", "=", ")", "(", "]", ",", "if", "else", "in", "x", "1", "'s'", "for", "*", "not", ".", "}", "def",
             "lambda", "==", "print", "\n", "\n    ", ":=", "f'{x'", "0777", "class", "import", "\"", "{", "**", "as"]
    for _ in range(count):
        index = chance.randrange(len(spans))
        start, end = spans[index]
        kind = chance.randrange(4)
        if kind == 0:
            yield source[:start] + source[end:]
        elif kind == 1:
            yield source[:end] + " " + source[start:end] + source[end:]
        elif kind == 2:
            yield source[:start] + chance.choice(extra) + source[end:]
        else:
            yield source[:start] + chance.choice(extra) + " " + source[start:]


def main(limit):
    cases = [(source, "exec") for source in BROKEN]
    cases += [(source, "eval") for source in EVAL]
    cases += [(source, "single") for source in SINGLE]
    each = limit // len(BASES) + 1
    for seed, base in enumerate(BASES):
        cases += [(source, "exec") for source in mutations(base, seed, each * 2)]
    seen, out, counts = set(), [], 0
    for source, mode in cases:
        if (source, mode) in seen:
            continue
        seen.add((source, mode))
        result = verdict(source, mode)
        if result is not None:
            out.append(f"{mode}\t{escape(source)}\n{result}\n")
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "cases.txt"
    target.write_text("".join(out), encoding="utf-8")
    print(len(out), "cases")


main(int(sys.argv[2]) if len(sys.argv) > 2 else 300)
