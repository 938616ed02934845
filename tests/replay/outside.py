# What comes from outside: time, chance, files, input, the process.
import os
import random
import tempfile
import time

started = time.time()
ticks = [time.perf_counter() for _ in range(3)]
dice = [random.random() for _ in range(5)]
noise = os.urandom(8)
name = input("name? ")
folder = tempfile.mkdtemp()
path = os.path.join(folder, "notes.txt")
with open(path, "w") as out:
    for i in range(20):
        out.write(f"{i} {name} {dice[i % 5]}\n")
    print(os.path.getsize(path))
with open(path, "a") as out:
    out.write("end\n")
lines = []
with open(path) as text:
    for line in text:
        lines.append(line.split())
print(len(lines), os.listdir(folder), os.getpid() > 0)
os.unlink(path)
os.rmdir(folder)
print(os.path.exists(path), time.time() >= started, noise.hex())
more = input()
print("more:", more, sorted(os.environ)[:0])
time.sleep(0.05)
print(time.time())
