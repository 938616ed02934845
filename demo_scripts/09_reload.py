"""Lesson 9: reloading a module, and what old results keep alive.

importlib.reload() runs the module's source again in the same namespace.  Old
values are freed then, unless somebody still holds them.
"""
import gc
import importlib
import os
import sys
import tempfile

LEAKY = '''
class Table(dict):
    pass

TABLE = Table((n, str(n) * 3) for n in range(1000))

class Result:
    def __init__(self, key):
        self.key = key
        self.table = TABLE          # every result holds the whole table

    def value(self):
        return self.table[self.key]
'''

# First cure: a result takes what it needs and nothing else.
COPYING = LEAKY.replace("self.table = TABLE          # every result holds the whole table",
                        "self.kept = TABLE[key]")
COPYING = COPYING.replace("return self.table[self.key]", "return self.kept")

# Second cure: the table survives a reload, so there is only ever one.
REUSING = LEAKY.replace("class Table(dict):\n    pass\n\nTABLE = Table(",
                        "try:\n    TABLE\nexcept NameError:\n"
                        "    class Table(dict):\n        pass\n\n"
                        "    TABLE = Table(")

folder = tempfile.mkdtemp()
sys.path.insert(0, folder)
sys.dont_write_bytecode = True       # lesson 10 is about .pyc files


def tables():
    """How many tables there are in the whole program."""
    gc.collect()
    return sum(type(thing).__name__ == "Table" for thing in gc.get_objects())


def lesson(name, source):
    path = os.path.join(folder, name + ".py")
    with open(path, "w") as file:
        file.write(source)
    print(name)
    module = importlib.import_module(name)
    results = [module.Result(7)]
    for turn in range(1, 4):
        module = importlib.reload(module)
        results.append(module.Result(7))
        print(f"  after reload {turn}: {tables()} tables for {len(results)} results")
    print("  values:", [result.value() for result in results])
    results.clear()
    print("  results gone:", tables())
    del sys.modules[name], module
    print("  module gone: ", tables())
    os.remove(path)


lesson("leaky", LEAKY)
lesson("copying", COPYING)
lesson("reusing", REUSING)

sys.path.remove(folder)
os.rmdir(folder)
