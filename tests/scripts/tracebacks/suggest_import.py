import sys
sys.getrefcont
