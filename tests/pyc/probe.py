# probe.py FOLDER LIBRARY: imports the modules of a tree of compiled files and tells about each.
import sys

folder, library = sys.argv[1:]
sys.dont_write_bytecode = True
import os
import marshal
import types

paths = [path for path in sys.path if path.endswith("lib-dynload")]
if not paths and os.path.isdir(library + "/lib-dynload") and sys.implementation.name == "cpython":
    paths = [library + "/lib-dynload"]
loaded = set(sys.modules)
sys.path[:] = [folder] + paths + ([] if sys.implementation.name == "cpython" else ["<library>"])
SKIPPED = {"antigravity", "this", "__main__", "idlelib", "site", "sitecustomize", "pty", "tty", "crypt", "nis",
           "_sysconfigdata__linux_x86_64-linux-gnu", "webbrowser", "turtle", "wsgiref.simple_server"}


def names(folder, prefix=""):
    for entry in sorted(os.listdir(folder)):
        path = folder + "/" + entry
        if os.path.isdir(path):
            yield from names(path, prefix + entry + ".")
        elif entry == "__init__.pyc":
            if prefix:
                yield prefix[:-1]
        elif entry.endswith(".pyc") and not entry.startswith("__main__"):
            yield prefix + entry[:-4]


def value(constant):
    if isinstance(constant, types.CodeType):
        return digest(constant)
    if isinstance(constant, tuple):
        return "(" + ",".join(map(value, constant)) + ")"
    if isinstance(constant, frozenset):
        return "{" + ",".join(sorted(map(value, constant))) + "}"
    return type(constant).__name__ + repr(constant)


def digest(code):
    parts = [code.co_code.hex(), code.co_linetable.hex(), code.co_exceptiontable.hex(), code.co_name, code.co_qualname,
             code.co_filename, repr((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags,
             code.co_stacksize, code.co_firstlineno, code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars)),
             ",".join(map(value, code.co_consts))]
    total = 0
    for part in parts:
        for byte in part.encode("utf-8", "surrogatepass"):
            total = (total * 31 + byte) % (1 << 61)
    return f"{len(code.co_code)}:{total:x}"


def tell(module):
    for name, thing in sorted(vars(module).items()):
        if name.startswith("__"):
            continue
        shown = type(thing).__name__
        if isinstance(thing, types.FunctionType):
            shown += " " + digest(thing.__code__)
        elif isinstance(thing, type) and thing.__module__ == module.__name__:
            for key, member in sorted(vars(thing).items(), key=lambda item: str(item[0])):
                member = getattr(member, "__func__", getattr(member, "fget", member))
                if isinstance(member, types.FunctionType):
                    shown += f" {key}={digest(member.__code__)}"
        print(" ", name, shown)


def exercise():
    calls = """textwrap.fill('some words that are to be filled ' * 3, 20)
fnmatch.translate('*.[ch]')
shlex.split('a "b c" d')
string.Template('$x and ${y}').substitute(x=1, y=2)
heapq.nsmallest(2, [3, 1, 2])
bisect.bisect_left([1, 3, 5], 4)
base64.b64encode(b'abc')
colorsys.rgb_to_hsv(.1, .2, .3)
calendar.month(2024, 2)
fractions.Fraction(3, 4) + 1
statistics.mean([1, 2, 3, 4])
list(difflib.unified_diff(['a', 'b'], ['a', 'c'], lineterm=''))
json.loads(json.dumps({'a': [1, 2.5, None, 'x']}))
copy.deepcopy({'a': [1, (2, 3)]})
reprlib.repr(list(range(100)))
pprint.pformat({'a': list(range(30))})
posixpath.normpath('/a/../b//c')
ntpath.split('c:/x/y')
html.escape('<a&b>')
urllib.parse.urlsplit('http://a.b/c?d=e#f').query
email.utils.parseaddr('A B <a@b.c>')
ipaddress.ip_network('10.0.0.0/30').num_addresses
datetime.date(2024, 2, 29).isoformat()
dataclasses.make_dataclass('P', ['x', 'y'])(1, 2)
enum.Enum('E', 'A B').B
functools.reduce(lambda a, b: a * b, range(1, 6))
collections.Counter('abca').most_common(1)
configparser.ConfigParser().sections()
argparse.ArgumentParser(prog='p').format_usage()
textwrap.dedent('  a\\n   b')
types.SimpleNamespace(a=1)
operator.attrgetter('a')(types.SimpleNamespace(a=2))
tokenize.untokenize([(1, 'x'), (54, '='), (2, '1')])
keyword.iskeyword('for')
quopri.encodestring(b'a=b')
uuid.UUID(int=5)
decimal.Decimal('1.1') + 1
sched.scheduler().empty()
graphlib.TopologicalSorter({'b': ['a']}).prepare()
random.Random(5).random()
timeit.Timer('1').timeit(1) >= 0
contextlib.ExitStack().close()
csv.list_dialects()
optparse.OptionParser(prog='p').format_help()
gettext.NullTranslations().gettext('x')
getopt.getopt(['-a', 'b'], 'a')
pickletools.optimize(b'K\\x01.')
stat.filemode(0o100644)
inspect.cleandoc(' a\\n  b')
logging.getLevelName(10)
tomllib.loads('a = 1')
mimetypes.guess_type('a.html')
""".splitlines()
    for call in calls:
        space = {}
        parts = call.split(".")
        try:
            exec(f"import {parts[0]}", space)
            if parts[0] in ("urllib", "email"):
                exec(f"import {parts[0]}.{parts[1]}", space)
            exec("import json, types", space)
            shown = repr(eval(call, space))
        except Exception as e:
            shown = type(e).__name__ + ": " + str(e)
        print("call", call, "->", shown.replace(folder, "FOLDER"))


told = []
for name in names(folder):
    if name in SKIPPED or name.startswith(("_pyrepl", "idlelib", "turtledemo")):
        continue
    try:
        if name in loaded:
            # Already there since the start: loaded once more, under its name, from the tree.
            import importlib.util
            path = folder + "/" + name.replace(".", "/")
            path += "/__init__.pyc" if os.path.isdir(path) else ".pyc"
            spec = importlib.util.spec_from_file_location(name, path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        else:
            __import__(name)
            module = sys.modules[name]
    except BaseException as e:
        print("module", name, type(e).__name__, str(e).replace(folder, "FOLDER"))
        continue
    where = getattr(module, "__file__", None) or ""
    print("module", name, "imported" if where.startswith(folder) else f"from {where or 'elsewhere'}")
    tell(module)
exercise()
