# compile.py LIBRARY FOLDER: compiles modules of the library into a tree without sources.
import os
import py_compile
import sys

library, folder = sys.argv[1:]
PACKAGES = """asyncio collections concurrent concurrent/futures email html http importlib importlib/metadata
importlib/resources json logging multiprocessing re ctypes dbm encodings tomllib unittest urllib wsgiref xml xml/dom xml/etree xml/parsers
xml/sax xmlrpc zoneinfo""".split()
files = [name for name in os.listdir(library) if name.endswith(".py")]
for package in PACKAGES:
    files += [package + "/" + name for name in os.listdir(os.path.join(library, package)) if name.endswith(".py")]
for name in sorted(files):
    py_compile.compile(
        os.path.join(library, name), cfile=os.path.join(folder, name + "c"), dfile="lib/" + name, doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
