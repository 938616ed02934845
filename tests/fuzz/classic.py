"""Compares what random classic programs print about memory with Python 2.7.18.

    python3 classic.py OURO PYTHON2.7 [--first SEED] [--count N] [--batch N] [--keep DIR]

A seed always gives the same program. Programs run in batches, one process for each, every program in a namespace of its
own with the collector's garbage emptied between two. Programs that differ are shown with both outputs; `--keep` writes
them into a folder, ready to become recorded scripts.
"""

import argparse
import os
import random
import re
import subprocess
import tempfile

HEAD = '''import gc, sys, weakref
gc.disable()
class Old:
    def __init__(self, n): self.n = n
class OldDel:
    def __init__(self, n): self.n = n
    def __del__(self): print "del", self.n
class New(object):
    def __init__(self, n): self.n = n
class NewDel(object):
    def __init__(self, n): self.n = n
    def __del__(self): print "del", self.n
class Slot(object):
    __slots__ = ("n", "a", "b", "__weakref__")
    def __init__(self, n): self.n = n
class Sub(NewDel):
    def __init__(self, n):
        NewDel.__init__(self, n)
        self.a = None
class Err(Exception):
    def __init__(self, n):
        Exception.__init__(self, n)
        self.n = n
    def __del__(self): print "errdel", self.n
def name(o): return getattr(o, "n", None) or type(o).__name__
def cb(r): print "cb", r() is None
def rc(o): return sys.getrefcount(o)
def take(o, k=None): return sys.getrefcount(o)
def many(*a): return sys.getrefcount(a[0])
def named(**k): return sys.getrefcount(k["o"])
def thrower(o):
    local = o
    raise Err("e" + str(name(o)))
def gen(o):
    yield o
    yield rc(o)
def gentry(o):
    try:
        yield o
    finally:
        print "gen out"
def closure(o):
    def inner(): return o
    return inner
def deep(o, n):
    if n: return deep(o, n - 1)
    return rc(o)
'''

CLASSES = ["Old", "OldDel", "New", "NewDel", "Slot", "Sub"]
VARS = ["v%d" % i for i in range(6)]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.serial = 0
        self.kinds = {}
        self.lines = []

    def fresh(self):
        self.serial += 1
        return "o%d" % self.serial

    def emit(self, line):
        self.lines.append(line)

    def objects(self):
        return [v for v in VARS if self.kinds.get(v) == "obj"]

    def make(self):
        cls = self.random.choice(CLASSES)
        return '%s("%s")' % (cls, self.fresh())

    def an_object(self):
        known = self.objects()
        if known and self.random.random() < 0.8:
            return self.random.choice(known)
        return self.make()

    def bind(self, kind, value):
        var = self.random.choice(VARS)
        self.emit("%s = %s" % (var, value))
        self.kinds[var] = kind

    def statement(self):
        pick = self.random.random
        choose = self.random.choice
        known = self.objects()
        kind = choose([
            "new", "new", "attr", "attr", "attr", "list", "tuple", "dict", "append", "del", "alias", "weak", "collect",
            "count", "count", "call", "raise", "gen", "closure", "garbage", "loop", "method", "swap", "temp", "delattr",
            "comp", "nested", "finally", "exc", "setdict", "kill", "counts", "debug", "cyclist", "order"])
        if kind == "new":
            self.bind("obj", self.make())
        elif kind == "attr" and known:
            self.emit("%s.%s = %s" % (choose(known), choose("ab"), self.an_object()))
        elif kind == "delattr" and known:
            self.emit("try: del %s.%s" % (choose(known), choose("ab")))
            self.emit("except AttributeError, e: print e")
        elif kind == "list":
            self.bind("list", "[%s]" % ", ".join(self.an_object() for _ in range(self.random.randint(0, 3))))
        elif kind == "tuple":
            self.bind("tuple", "(%s,)" % ", ".join(self.an_object() for _ in range(self.random.randint(1, 3))))
        elif kind == "dict":
            items = ", ".join('"%s": %s' % (choose("xyzpq"), self.an_object()) for _ in range(self.random.randint(0, 4)))
            self.bind("dict", "{%s}" % items)
        elif kind == "append":
            lists = [v for v in VARS if self.kinds.get(v) == "list"]
            if lists:
                self.emit("%s.append(%s)" % (choose(lists), choose(lists + [self.an_object()])))
        elif kind == "cyclist":
            lists = [v for v in VARS if self.kinds.get(v) == "list"]
            if lists and known:
                self.emit("%s.%s = %s" % (choose(known), choose("ab"), choose(lists)))
        elif kind == "setdict":
            dicts = [v for v in VARS if self.kinds.get(v) == "dict"]
            if dicts:
                self.emit("%s[%r] = %s" % (choose(dicts), choose("xyzpqr"), self.an_object()))
                if pick() < 0.4:
                    self.emit("print sorted(%s.keys()), len(%s)" % ((choose(dicts),) * 2))
        elif kind == "order":
            dicts = [v for v in VARS if self.kinds.get(v) == "dict"]
            if dicts:
                self.emit("print %s.keys()" % choose(dicts))
        elif kind == "del":
            bound = [v for v in VARS if v in self.kinds]
            if bound:
                var = choose(bound)
                self.emit("del %s" % var)
                del self.kinds[var]
        elif kind == "kill":
            bound = [v for v in VARS if v in self.kinds]
            if bound:
                var = choose(bound)
                self.emit("%s = None" % var)
                self.kinds[var] = "none"
        elif kind == "alias" and known:
            self.bind("obj", choose(known))
        elif kind == "swap" and len(known) > 1:
            a, b = self.random.sample(known, 2)
            self.emit("%s, %s = %s, %s" % (a, b, b, a))
        elif kind == "weak" and known:
            self.emit("w%d = weakref.ref(%s%s)" % (self.random.randint(0, 2), choose(known), choose(["", ", cb"])))
        elif kind == "collect":
            self.emit("print 'collect', gc.collect(), len(gc.garbage)")
        elif kind == "garbage":
            self.emit("print 'garbage', sorted(name(g) for g in gc.garbage)")
            if pick() < 0.5:
                self.emit("for g in gc.garbage:")
                self.emit("    if hasattr(g, '__dict__'): g.__dict__.pop('a', None); g.__dict__.pop('b', None)")
                self.emit("g = None")
                self.emit("del gc.garbage[:]")
        elif kind == "count" and known:
            self.emit("print 'rc', rc(%s), take(%s), sys.getrefcount(%s)" % ((choose(known),) * 3))
        elif kind == "counts":
            self.emit("c0 = gc.get_count()[0]; %s = %s; print 'counts', gc.get_count()[0] - c0" % (choose(VARS), "None"))
            self.kinds[self.lines[-1].split("; ")[1].split(" ")[0]] = "none"
        elif kind == "call" and known:
            var = choose(known)
            form = choose(["take(%s)", "take(o=%s)", "many(%s)", "many(%s, 1)", "named(o=%s)", "take(*(%s,))",
                           "deep(%s, 3)", "apply(take, (%s,))", "map(take, [%s])", "(lambda q: rc(q))(%s)"])
            self.emit("print 'call', " + form % var)
        elif kind == "raise":
            self.emit("try: thrower(%s)" % self.an_object())
            self.emit("except Err, e: print 'caught', e.n, rc(e)")
            self.emit(choose(["e = None", "sys.exc_clear()", "e = None; sys.exc_clear()", "print sys.exc_info()[1] is e"]))
        elif kind == "exc":
            self.emit("def f%d(o):" % self.serial)
            self.emit("    try: thrower(o)")
            self.emit("    except Err: print 'in', sys.exc_info()[1].n, rc(o)")
            self.emit("    return sys.exc_info()[1] is not None")
            self.emit("print f%d(%s)" % (self.serial, self.an_object()))
        elif kind == "finally":
            self.emit("try:")
            self.emit("    try: thrower(%s)" % self.an_object())
            self.emit("    finally: print 'finally'")
            self.emit("except Err, e2: print 'after', e2.n")
            self.emit(choose(["e2 = None", "sys.exc_clear()", "pass"]))
        elif kind == "gen":
            self.bind("gen", "%s(%s)" % (choose(["gen", "gentry"]), self.an_object()))
            var = self.lines[-1].split(" ")[0]
            if pick() < 0.7:
                self.emit("print name(%s.next())" % var)
            if pick() < 0.3 and known:
                self.emit("%s.a = %s" % (choose(known), var))
        elif kind == "closure":
            self.bind("func", "closure(%s)" % self.an_object())
            var = self.lines[-1].split(" ")[0]
            self.emit("print name(%s()), rc(%s())" % (var, var))
        elif kind == "loop" and known:
            self.emit("for it in (%s, %s): print name(it), rc(it)," % (choose(known), self.make()))
            self.emit("print")
            if pick() < 0.5:
                self.emit("it = None")
        elif kind == "comp":
            self.emit("print [name(c) for c in [%s, %s]]" % (self.an_object(), self.make()))
            if pick() < 0.5:
                self.emit("c = None")
        elif kind == "method" and known:
            self.emit("m = %s.__init__; print rc(m.im_self)" % choose(known))
            if pick() < 0.7:
                self.emit("m = None")
        elif kind == "temp":
            self.emit("print name(%s), %s" % (self.make(), choose(["take(%s)" % self.make(), "1"])))
        elif kind == "nested":
            self.emit("def g%d(a, b=%s):" % (self.serial, self.an_object()))
            self.emit("    c = [a, b]; d = (c, a)")
            self.emit("    print 'inside', rc(a), rc(b)")
            self.emit("    return %s" % choose(["a", "b", "c", "None"]))
            self.emit("%s = g%d(%s)" % (choose(VARS), self.serial, self.an_object()))
            self.kinds.pop(self.lines[-1].split(" ")[0], None)
            self.kinds[self.lines[-1].split(" ")[0]] = "any"
        elif kind == "debug" and pick() < 0.3:
            self.emit("gc.set_debug(gc.DEBUG_SAVEALL); print 'saveall', gc.collect(), sorted(name(g) for g in gc.garbage)")
            self.emit("gc.set_debug(0); del gc.garbage[:]")

    def text(self):
        for _ in range(self.random.randint(8, 22)):
            self.serial += 1
            self.statement()
        if self.random.random() < 0.5:
            self.emit("print 'end', gc.collect(), sorted(name(g) for g in gc.garbage)")
        return HEAD + "\n".join(self.lines) + "\n"


HARNESS = '''import sys, gc
gc.disable()
for number, text in PROGRAMS:
    print "####", number
    space = {"__name__": "program"}
    try:
        exec text in space
    except Exception, error:
        print "raised", error.__class__.__name__, error
    error = None
    sys.exc_clear()
    space.clear()
    gc.set_debug(0)
    gc.collect()
    for item in gc.garbage:
        if hasattr(item, "__dict__"): item.__dict__.clear()
        elif hasattr(item, "close"): item.close()
    item = None
    del gc.garbage[:]
    gc.collect()
    del gc.garbage[:]
'''


def run(command, path):
    done = subprocess.run(command + [path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=300, check=False)
    text = re.sub(r"0x[0-9a-f]+", "0xADDR", done.stdout.decode("utf-8", "replace"))
    parts = re.split(r"^#### (\d+)\n", text, flags=re.M)
    return dict(zip((int(n) for n in parts[1::2]), parts[2::2]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ouro")
    parser.add_argument("reference")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--keep")
    parser.add_argument("--show", type=int, default=5)
    given = parser.parse_args()
    if not os.path.exists(given.reference):
        print("no reference at", given.reference)
        return
    agreed, different = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for first in range(given.first, given.first + given.count, given.batch):
            seeds = range(first, min(first + given.batch, given.first + given.count))
            programs = [(seed, Program(seed).text()) for seed in seeds]
            path = os.path.join(folder, "batch.py")
            with open(path, "w", encoding="ascii") as file:
                file.write("PROGRAMS = %r\n%s" % (programs, HARNESS))
            theirs = run([given.reference], path)
            ours = run([given.ouro, "--era", "2.7"], path)
            for seed, text in programs:
                if theirs.get(seed) == ours.get(seed):
                    agreed += 1
                else:
                    different.append(seed)
                    if len(different) <= given.show:
                        print("==== seed", seed, "\n" + text[len(HEAD):] + "---- reference\n%s---- ouro\n%s" % (theirs.get(seed), ours.get(seed)))
                    if given.keep:
                        os.makedirs(given.keep, exist_ok=True)
                        with open(os.path.join(given.keep, "seed_%d.py" % seed), "w", encoding="ascii") as file:
                            file.write(text)
    print(agreed, "agreed,", len(different), "differed", different[:40])


if __name__ == "__main__":
    main()
