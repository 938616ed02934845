import sys
sys.exit("a message goes to stderr")
