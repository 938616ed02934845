"""Records `anchors.txt`: lines that fail, where, and the carets that the reference prints.

`python3.11 tests/anchors/record.py`, from anywhere. Fields are separated by tabs: the source line,
start and end column in bytes, whether the range ends on its line, the carets.
"""
import pathlib
import subprocess
import sys
import tempfile

LINES = [
    "a + b", "x = a + b", "x = (a) + b", "x = a + (b)", "x = (a + b)", "x = a // b", "x = a ** b", "x = a  -  b", "x = a+b*c",
    "a['k']", "x = d['k']", "x = d['k']['l']", "d['k'] = n['z']", "x = d [ 'k' ]", "x = d[('k')]", "x = d['k', 1]", "x = d[1:2]", "x = n.y", "n.y()", "f()",
    "x = f(1)", "x = f(1) + g()", "x = 1 + f(2) + 3", "x = [f(i) for i in (1,)]", "x = {f(1): 2}", "x = f'{a + b}'", "x = 'é' + 1", "x = 'éé' + d['é']", "'日本' + 1",
    "raise ValueError", "raise ValueError('x')", "assert 0", "assert a is b, 'no'", "import no_such_module", "from os import no_such", "del d['k']", "del no", "no", "x = no", "no.x",
    "1/0", "x = 1/0 # comment", "1/0  ", "x = (1/0)", "a < b", "x = a < b", "not_there()", "x = -a", "x = +d", "x = ~d", "for i in 1: pass", "x, y = 1", "x, y = (1, 2, 3)", "with a: pass",
    "x = lambda: 1/0; x()", "if 1/0: pass", "x = a if 1/0 else b", "x = d['a'] + d['b']", "return_ = n()", "x = a @ b", "x = a|b", "x = a<<b", "x = a >>b", "x = (a)+(b)", "x = d[(1)][0]",
    "print(1, 1/0)", "f()   ", "x = a + \\\n  b", "x = f(\n  1)", "x = d[\n 1]", "f(\n  2,\n)", "x = (a +\n   b)", "a += b", "d['q'] += 1", "n.x += 1", "x = *a, *n", "x = {**a}", "x = a(*n)", "x = [*n]", "class C(a): pass", "x = a.b.c + 1",
]
PREAMBLE = "a = 1; b = 'b'; c = []; d = {}; n = None\ndef f(*x): raise KeyError\ndef g(): return 1\nif 1:\n"

out = []
for line in LINES:
    source = PREAMBLE + "    " + line + "\n"
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
        file.write(source)
        file.flush()
        result = subprocess.run([sys.executable, "-X", "utf8", file.name], capture_output=True, text=True, encoding="utf-8")
        shown = result.stderr.split("\n")
        # The frame of the line itself is the first.
        carets = ""
        at = next((i for i, text in enumerate(shown) if text.startswith("  File")), None)
        if at is None:
            continue
        if len(shown) > at + 2 and set(shown[at + 2]) <= set(" ~^") and shown[at + 2].strip():
            carets = shown[at + 2]
        probe = (
            "import sys, traceback\n"
            f"try:\n    exec(compile(open({file.name!r}, encoding='utf-8').read(), 't', 'exec'), {{'__name__': 'm'}})\n"
            "except BaseException as e:\n"
            "    tb = e.__traceback__.tb_next\n"
            "    print(list(tb.tb_frame.f_code.co_positions())[tb.tb_lasti // 2])\n"
        )
        start_line, end_line, start, end = eval(subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True).stdout)
    text = source.split("\n")[start_line - 1]
    if start is None:
        continue
    out.append(f"{text}\t{start}\t{end}\t{int(start_line == end_line)}\t{carets}\n")
target = pathlib.Path(__file__).parent / "anchors.txt"
target.write_text("".join(out), encoding="utf-8")
print(len(out), "lines")
