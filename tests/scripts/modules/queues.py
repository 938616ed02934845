# heapq and bisect, with keys, with comparisons that fail, with lists that change.
import bisect, heapq, random
random.seed(5)
items = [random.randrange(100) for _ in range(30)]
heap = items[:]
heapq.heapify(heap)
print(all(heap[i] <= heap[2 * i + k] for i in range(30) for k in (1, 2) if 2 * i + k < 30))
print([heapq.heappop(heap) for _ in range(5)], heapq.heappushpop(heap, -1), heapq.heapreplace(heap, 50), len(heap))
print(heapq.nlargest(3, items), heapq.nsmallest(3, items, key=lambda x: -x), list(heapq.merge([1, 4], [2, 3])))
for value in items:
    heapq.heappush(heap, value)
print(heap[0], sorted(heap)[:5])
data = [1, 3, 3, 5]
print([(bisect.bisect_left(data, x), bisect.bisect_right(data, x)) for x in range(7)], bisect.bisect(data, 3, 2, 3))
bisect.insort(data, 3.5)
bisect.insort_left(data, 3)
print(data, bisect.bisect_left([(1, "a"), (2, "b")], 2, key=lambda pair: pair[0]))
words = ["bb", "dddd"]
bisect.insort(words, "ccc", key=len)
print(words)
for call in [lambda: heapq.heappop([]), lambda: heapq.heappush(5, 1), lambda: bisect.bisect([1], 1, -1), lambda: heapq.heapify([1, "a"]), lambda: heapq.heapreplace([], 1)]:
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
class Changing:
    def __lt__(self, other):
        victim.clear()
        return True
victim = [Changing(), Changing(), Changing()]
try:
    heapq.heappush(victim, Changing())
except RuntimeError as error:
    print(error)
