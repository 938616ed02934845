# Reading and writing of delimited text, dialects, and what is refused.
import csv, io
out = io.StringIO()
writer = csv.writer(out)
writer.writerow(["plain", "with,comma", 'with "quotes"', "two\nlines", None, 1.5, ""])
writer.writerows([[1, 2], [""], []])
print(repr(out.getvalue()))
print(list(csv.reader(io.StringIO(out.getvalue()))))
for options in [dict(delimiter=";"), dict(quoting=csv.QUOTE_ALL), dict(quoting=csv.QUOTE_NONNUMERIC), dict(quoting=csv.QUOTE_NONE, escapechar="\\"), dict(quotechar="'", doublequote=False, escapechar="!"), dict(lineterminator="|")]:
    out = io.StringIO()
    csv.writer(out, **options).writerow(["a;b", "it's", 3, 'say "x"', "c,d"])
    print(options, repr(out.getvalue()))
print(list(csv.reader(["a, b", 'x,"y"'], skipinitialspace=True)), list(csv.reader(["1,'2'"], quotechar="'", quoting=csv.QUOTE_NONNUMERIC)))
reader = csv.reader(['a,"b', 'c",d', "", "e"])
for row in reader:
    print(reader.line_num, row)
print(list(csv.DictReader(["x,y", "1,2", "3", "4,5,6"])))
out = io.StringIO()
writer = csv.DictWriter(out, ["b", "a"], extrasaction="ignore")
writer.writeheader()
writer.writerow({"a": 1, "b": 2, "c": 3})
print(repr(out.getvalue()))
csv.register_dialect("mine", delimiter=":", quoting=csv.QUOTE_MINIMAL)
print(csv.get_dialect("mine").delimiter, "mine" in csv.list_dialects(), next(csv.reader(["a:b"], "mine")))
csv.unregister_dialect("mine")
for call in [lambda: csv.get_dialect("mine"), lambda: csv.writer(io.StringIO(), delimiter="ab"), lambda: csv.reader(["x"], quoting=9), lambda: list(csv.reader(["a", 5])), lambda: csv.writer(5), lambda: csv.writer(io.StringIO(), quoting=csv.QUOTE_NONE).writerow(["a,b"]), lambda: csv.writer(io.StringIO()).writerow(5), lambda: list(csv.reader(['"a"b'], strict=True)), lambda: csv.reader(["x"], delimiter=None)]:
    try:
        print(call())
    except (csv.Error, TypeError) as error:
        print(type(error).__name__, error)
print(csv.field_size_limit(), csv.Sniffer().sniff("a;b;c\n1;2;3\n").delimiter)
