"""Records `cases.txt`: inputs and whether the reference's `codeop` finds them complete.

`python3.11 tests/complete/record.py`, from anywhere. Every prefix of a few programs is judged, line
by line and token by token, with and without a blank line after it.
"""
import codeop
import io
import pathlib
import sys
import tokenize
import warnings

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent / "syntax_errors"))
sys.dont_write_bytecode = True
from programs import BASES, BROKEN, SINGLE  # noqa: E402

warnings.simplefilter("ignore")


def verdict(source):
    try:
        return "incomplete" if codeop.compile_command(source, "<stdin>", "single") is None else "complete"
    except (SyntaxError, ValueError, OverflowError):
        return "invalid"


def statements(program):
    """The top-level statements of a program."""
    import ast
    lines = program.splitlines(keepends=True)
    for node in ast.parse(program).body:
        first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
        yield "".join(lines[first - 1:node.end_lineno])


seen = {}
for base in BASES:
    for statement in statements(base):
        if ";" in statement:
            continue
        for line_end in [i for i, c in enumerate(statement) if c == "\n"]:
            seen[statement[:line_end]] = None
            seen[statement[:line_end] + "\n"] = None
        tokens = tokenize.generate_tokens(io.StringIO(statement).readline)
        starts = [0]
        for line in statement.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        for token in tokens:
            seen[statement[:starts[token.end[0] - 1] + token.end[1]].rstrip(" ")] = None
for source in BROKEN + SINGLE:
    if source.count("\n") <= 1:
        seen[source.rstrip("\n")] = None

def later_error(source):
    """An error of a later stage than the parser, or more statements than one: not asked here."""
    import ast
    try:
        ast.parse(source + "\n")
    except SyntaxError:
        # At the prompt, unlike in codeop, a blank line straight after a header is an error.
        lines = source.split("\n")
        return lines[-1] == "" and (lines[-2].endswith(":") or lines[-2].startswith("@") or lines[0].startswith("try"))
    return True


out = []
for source in seen:
    if verdict(source) == "invalid" and later_error(source):
        continue
    if verdict(source) == "incomplete" and source.endswith("\n") and later_error(source):
        continue
    # A blank line of blanks does not end a block at the prompt, unlike in codeop.
    if source.strip() and not any(line.isspace() for line in source.split("\n")):
        escaped = source.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
        if escaped.isprintable():
            out.append(f"{verdict(source)}\t{escaped}\n")
(here / "cases.txt").write_text("".join(out), encoding="utf-8")
print(len(out), "cases")
