import sys
print("out")
print("err", file=sys.stderr)
sys.stdout.write("no newline")
sys.stderr.write("err two\n")
