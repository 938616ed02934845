"""Tracebacks as text."""
import sys

def _line(filename, lineno):
    try:
        f = open(filename)
        try:
            lines = f.readlines()
        finally:
            f.close()
    except IOError:
        return None
    if 0 < lineno <= len(lines):
        return lines[lineno - 1].strip()
    return None

def extract_tb(tb, limit=None):
    entries = []
    while tb is not None and (limit is None or len(entries) < limit):
        code = tb.tb_frame.f_code
        entries.append((code.co_filename, tb.tb_lineno, code.co_name, _line(code.co_filename, tb.tb_lineno) or None))
        tb = tb.tb_next
    return entries

def extract_stack(f=None, limit=None):
    if f is None:
        f = sys._getframe(1)
    entries = []
    while f is not None and (limit is None or len(entries) < limit):
        entries.append((f.f_code.co_filename, f.f_lineno, f.f_code.co_name, _line(f.f_code.co_filename, f.f_lineno)))
        f = f.f_back
    entries.reverse()
    return entries

def format_list(entries):
    out = []
    for filename, lineno, name, line in entries:
        item = '  File "%s", line %d, in %s\n' % (filename, lineno, name)
        if line:
            item = item + '    %s\n' % line.strip()
        out.append(item)
    return out

def format_tb(tb, limit=None):
    return format_list(extract_tb(tb, limit))

def format_exception_only(etype, value):
    if etype is None:
        return ["None\n"]
    name = etype.__name__
    module = etype.__module__
    if module not in ("__main__", "exceptions", "builtins", "__builtin__"):
        name = module + "." + name
    text = ""
    if value is not None:
        text = str(value)
    if text:
        return ["%s: %s\n" % (name, text)]
    return ["%s\n" % name]

def format_exception(etype, value, tb, limit=None):
    out = []
    if tb is not None:
        out = ["Traceback (most recent call last):\n"] + format_tb(tb, limit)
    return out + format_exception_only(etype, value)

def format_exc(limit=None):
    etype, value, tb = sys.exc_info()
    try:
        return "".join(format_exception(etype, value, tb, limit))
    finally:
        etype = value = tb = None

def print_tb(tb, limit=None, file=None):
    (file or sys.stderr).write("".join(format_tb(tb, limit)))

def print_exception(etype, value, tb, limit=None, file=None):
    (file or sys.stderr).write("".join(format_exception(etype, value, tb, limit)))

def print_exc(limit=None, file=None):
    etype, value, tb = sys.exc_info()
    try:
        print_exception(etype, value, tb, limit, file)
    finally:
        etype = value = tb = None

def print_stack(f=None, limit=None, file=None):
    if f is None:
        f = sys._getframe(1)
    (file or sys.stderr).write("".join(format_list(extract_stack(f, limit))))

def format_stack(f=None, limit=None):
    if f is None:
        f = sys._getframe(1)
    return format_list(extract_stack(f, limit))
