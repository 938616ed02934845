# Threads that are started and joined, what is local to them, and what they leave.
import queue, threading
from concurrent.futures import Future
results = []
def work(n, *, factor=1):
    results.append((n * factor, threading.current_thread().name))
threads = [threading.Thread(target=work, args=(n,), kwargs={"factor": 2}, name=f"worker {n}") for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results), [thread.is_alive() for thread in threads], threading.active_count(), threading.current_thread() is threading.main_thread())
lock = threading.Lock()
counter = 0
def count():
    global counter
    for _ in range(100):
        with lock:
            counter += 1
threads = [threading.Thread(target=count) for _ in range(3)]
[t.start() for t in threads]
[t.join() for t in threads]
print(counter, lock.locked())
local = threading.local()
local.x = "main"
def see():
    results.append(hasattr(local, "x"))
    local.x = "other"
t = threading.Thread(target=see)
t.start()
t.join()
print(results[-1], local.x)
q = queue.Queue()
def produce():
    for n in range(3):
        q.put(n)
t = threading.Thread(target=produce, daemon=True)
t.start()
t.join()
print([q.get() for _ in range(3)], q.empty(), t.daemon)
event, done = threading.Event(), []
t = threading.Thread(target=lambda: (done.append(1), event.set()))
t.start()
print(event.wait(5), done, t.ident is not None)
t.join()
rlock = threading.RLock()
with rlock, rlock:
    print("twice")
class Sub(threading.Thread):
    def run(self):
        self.answer = 42
sub = Sub()
sub.start()
sub.join()
print(sub.answer)
future = Future()
future.set_result(7)
print(future.result(), future.done())
for call in [lambda: sub.start(), lambda: rlock.release(), lambda: lock.release(), lambda: threading.current_thread().join()]:
    try:
        call()
    except RuntimeError as error:
        print(error)
