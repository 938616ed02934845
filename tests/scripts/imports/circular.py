import os
import sys

sys.path.insert(0, os.getcwd())
with open("one.py", "w") as f:
    f.write("print('one starts')\nimport two\nname = 'one'\nprint('one sees', two.name)\n")
with open("two.py", "w") as f:
    f.write("print('two starts')\nimport one\nprint('two sees', hasattr(one, 'name'))\nname = 'two'\n")
import one

print(one.name, one.two.name)
with open("three.py", "w") as f:
    f.write("from four import b\na = 1\n")
with open("four.py", "w") as f:
    f.write("from three import a\nb = 2\n")
try:
    import three
except ImportError as e:
    print(str(e).replace(os.getcwd(), "."))
with open("five.py", "w") as f:
    f.write("import six\nsix.go()\nq = 1\n")
with open("six.py", "w") as f:
    f.write("import five\ndef go():\n    return five.q\n")
try:
    import five
except AttributeError as e:
    print(e)
print("three" in sys.modules, "four" in sys.modules, "five" in sys.modules, "six" in sys.modules)
os.mkdir("pk")
with open("pk/__init__.py", "w") as f:
    f.write("from . import a\n")
with open("pk/a.py", "w") as f:
    f.write("from . import b\nA = 'a'\n")
with open("pk/b.py", "w") as f:
    f.write("from . import a\nprint('partial', hasattr(a, 'A'))\nimport pk.a as direct\nprint(direct is a)\n")
import pk

print(pk.a.A, pk.b.a is pk.a)
