"""Compares what random programs print about memory with the reference.

    python3.11 fuzz.py OURO [--first SEED] [--count N] [--batch N] [--stdlib DIR] [--keep DIR] [--shrink N]

Run it with the reference (CPython 3.11.7) itself. A seed always gives the same program. Programs that
differ are made smaller and shown, grouped by what they look like; `--keep` writes each into a folder.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
HARNESS = os.path.join(HERE, "harness.py")


class Side:
    def __init__(self, command, env=None):
        self.command = command

    def start(self, batch, answers):
        env = {"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(self.command + [HARNESS, batch, answers], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=limit_time)


def limit_time():
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))


def read(path):
    found, name = {}, None
    if not os.path.exists(path):
        return found
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("#### "):
                name = line[5:].strip()
                found[name] = []
            elif name is not None:
                found[name].append(line.rstrip("\n"))
    return found


def answers(side, sources, folder, tag):
    """What each of (name, source) says; a program that ends the process says `crash`."""
    found = {}
    rest = list(sources)
    while rest:
        batch = os.path.join(folder, tag + ".batch")
        out = os.path.join(folder, tag + ".answers")
        with open(batch, "w", encoding="utf-8") as file:
            for name, source in rest:
                file.write("#### %s\n%s\n" % (name, source))
        if os.path.exists(out):
            os.remove(out)
        process = side.start(batch, out)
        limit = 30 + len(rest) / 4
        try:
            _, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            _, err = process.communicate()
            err += b"\ntimeout"
        got = read(out)
        if "done" in got:
            got.pop("done")
            found.update(got)
            break
        seen = [index for index, (name, _) in enumerate(rest) if name in got]
        last = seen[-1] if seen else 0
        got[rest[last][0]] = got.get(rest[last][0], []) + ["crash %s: %s" % (process.returncode, err.decode("utf-8", "replace")[-300:].strip())]
        found.update(got)
        rest = rest[last + 1 :]
    return found


def differs(reference, ouro, sources, folder):
    a = answers(reference, sources, folder, "reference")
    b = answers(ouro, sources, folder, "ouro")
    return [name for name, _ in sources if a.get(name) != b.get(name)], a, b


def shrink(seed, reference, ouro, folder):
    """Leaves out blocks as long as the answers still differ."""
    p, inside = generate.blocks_of(seed)
    blocks = list(p.blocks)
    size = max(1, len(blocks) // 2)
    while True:
        tries = []
        for at in range(0, len(blocks), size):
            smaller = blocks[:at] + blocks[at + size :]
            tries.append((str(at), p.text(inside, smaller)))
        bad, a, b = differs(reference, ouro, tries, folder)
        # A program that only stops earlier is smaller, but must not fail for want of a name alone.
        bad = [name for name in bad if not any("NameError" in line or "UnboundLocal" in line for line in (a.get(name) or [])[-4:])]
        if bad:
            at = int(bad[0])
            del blocks[at : at + size]
            # Take what else can go in the same round.
            continue
        if size == 1:
            break
        size = max(1, size // 2)
    text = p.text(inside, blocks)
    if inside:
        plain = p.text(False, blocks)
        if differs(reference, ouro, [("x", plain)], folder)[0]:
            text = plain
    text = shrink_lines(text, reference, ouro, folder)
    bad, a, b = differs(reference, ouro, [("x", text)], folder)
    return (text, a.get("x"), b.get("x")) if bad else (text, None, None)


def without(lines, at):
    """`lines` without line `at` and what is indented below it."""
    def depth(line):
        return len(line) - len(line.lstrip())

    end = at + 1
    while end < len(lines) and depth(lines[end]) > depth(lines[at]):
        end += 1
    return lines[:at] + lines[end:]


def shrink_lines(text, reference, ouro, folder):
    lines = text.split("\n")
    while True:
        tries = [(str(at), "\n".join(without(lines, at))) for at in range(len(lines))]
        bad, a, b = differs(reference, ouro, tries, folder)
        bad = [name for name in bad if not any("NameError" in line or "Unbound" in line for line in a.get(name) or [])]
        if not bad:
            return "\n".join(lines)
        # Those that can go alone can often go together: from the end, so that places stay right.
        together = list(lines)
        for name in reversed(bad):
            if int(name) < len(together):
                together = without(together, int(name))
        if len(bad) > 1 and differs(reference, ouro, [("x", "\n".join(together))], folder)[0]:
            lines = together
        else:
            lines = without(lines, int(bad[-1]))


def first_difference(a, b):
    a, b = a or [], b or []
    for left, right in zip(a + ["<nothing>"] * len(b), b + ["<nothing>"] * len(a)):
        if left != right:
            return left, right
    return "", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ouro")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=250)
    parser.add_argument("--stdlib", default=os.path.dirname(os.__file__))
    parser.add_argument("--keep")
    parser.add_argument("--shrink", type=int, default=10)
    options = parser.parse_args()
    reference = Side([sys.executable, "-S"])
    ouro = Side([options.ouro, "--stdlib", options.stdlib])
    folder = tempfile.mkdtemp(prefix="fuzz")
    agreed, bad = 0, []
    for start in range(options.first, options.first + options.count, options.batch):
        seeds = range(start, min(start + options.batch, options.first + options.count))
        sources = [(str(seed), generate.program(str(seed))) for seed in seeds]
        wrong, a, b = differs(reference, ouro, sources, folder)
        agreed += len(sources) - len(wrong)
        bad += [(name, a.get(name), b.get(name)) for name in wrong]
        print("%d programs, %d differ" % (agreed + len(bad), len(bad)), file=sys.stderr, flush=True)
    groups = {}
    for name, a, b in bad:
        left, right = first_difference(a, b)
        key = (" ".join(left.split()[:2])[:40], " ".join(right.split()[:2])[:40])
        groups.setdefault(key, []).append((name, left, right))
    print("agree %d of %d" % (agreed, agreed + len(bad)))
    shown = 0
    for key, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        if shown >= options.shrink:
            break
        shown += 1
        seed, left, right = members[0]
        text, a, b = shrink(seed, reference, ouro, folder)
        if a is None:
            print("=" * 20, len(members), "seed", seed, "differs only in its batch\n  reference:", left, "\n  ouro:     ", right)
            continue
        left, right = first_difference(a, b)
        print("=" * 20, len(members), "like seed", seed)
        print(text)
        print("  reference:", left)
        print("  ouro:     ", right)
        if options.keep:
            os.makedirs(options.keep, exist_ok=True)
            with open(os.path.join(options.keep, "%s.py" % seed), "w") as file:
                file.write(text)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
