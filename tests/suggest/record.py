"""Records `cases.txt`: misspelt names, what the reference suggests, and the names there were.

`python3.11 tests/suggest/record.py`, from anywhere.
"""
import builtins
import io
import pathlib
import random
import sys

chance = random.Random(3)
words = sorted({word for word in dir(builtins) + dir(str) + dir(list) + dir(sys) + dir(random)})


def misspell(word):
    letters = list(word)
    for _ in range(chance.randint(1, 3)):
        at, kind = chance.randrange(len(letters) + 1), chance.random()
        if kind < 0.3 or not letters:
            letters.insert(at, chance.choice("abcdefXYZ_\u00e91"))
            continue
        at = min(at, len(letters) - 1)
        if kind < 0.6:
            del letters[at]
        elif kind < 0.8:
            letters[at] = letters[at].swapcase()
        else:
            letters[at] = chance.choice("abcdefgh")
    return "".join(letters)


def suggestion(name, names):
    class A:
        def __dir__(self):
            return list(names)

    try:
        getattr(A(), name)
    except AttributeError as error:
        shown, sys.stderr = sys.stderr, io.StringIO()
        try:
            sys.__excepthook__(type(error), error, None)
            text = sys.stderr.getvalue()
        finally:
            sys.stderr = shown
        return text.split("Did you mean: '")[1].split("'?")[0] if "Did you mean" in text else ""


out = []
while len(out) < 300:
    names = sorted(chance.sample(words, chance.randint(2, 25)))
    name = misspell(chance.choice(names if chance.random() < 0.8 else words))
    if name and name not in names and name.isidentifier() and not hasattr(object, name):
        out.append(f"{name}\t{suggestion(name, names)}\t{' '.join(names)}\n")
(pathlib.Path(__file__).parent / "cases.txt").write_text("".join(out), encoding="utf-8")
print(len(out), "cases,", sum("\t\t" not in line for line in out), "with a suggestion")
