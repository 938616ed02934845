# time: struct_time, conversions and what is said about wrong values.
import time
t = time.gmtime(86400)
print(t, t.tm_zone, len(t), t[:3], t == tuple(t), t.tm_yday)
def ask(f, *a):
    try:
        print(f(*a))
    except Exception as e:
        print(type(e).__name__, e)
ST = time.struct_time
for a in [(), (1,), ((1, 2),), (range(9),), (range(11),), (range(12),), (range(9), {"tm_zone": 5}), (range(9), 5)]:
    ask(ST, *a)
print(ST.n_fields, ST.n_sequence_fields, ST.n_unnamed_fields, ST.__match_args__)
ask(time.sleep, -1)
ask(time.sleep, "x")
ask(time.sleep, 0)
ask(time.gmtime, "x")
ask(time.gmtime, 1e30)
ask(time.gmtime, -1.5)
ask(time.gmtime, 1, 2)
for a in [(5,), ("%Y", 5), ("%Y", (1,)), ("%Y", (2000, 13, 1, 1, 1, 1, 1, 1, 1)), ("%Y", (2000, 1, 1, 1, 1, "x", 1, 1, 1)),
          ("%Y-%m-%d %H:%M:%S %j %a", (2000, 1, 1, 1, 1, 1, 1, 1, 1)), ("é%%", t), ("", t),
          ("%Y", (2000, 0, 0, 0, 0, 0, 0, 0, 0)), ("%Y", (2000, 1, 32, 0, 0, 0, 0, 0, 0)),
          ("%Y", (2000, 1, 1, 24, 0, 0, 0, 0, 0)), ("%Y", (2000, 1, 1, 1, 60, 0, 0, 0, 0)),
          ("%Y", (2000, 1, 1, 1, 1, 62, 0, 0, 0)), ("%Y", (2000, 1, 1, 1, 1, 2, -2, 0, 0)),
          ("%Y", (2000, 1, 1, 1, 1, 2, 1, 367, 0)), ("%Y", (2**40, 1, 1, 1, 1, 2, 1, 36, 0))]:
    ask(time.strftime, *a)
ask(time.asctime, t)
ask(time.asctime, 5)
ask(time.mktime, 5)
ask(time.mktime, (2000, 1))
ask(time.get_clock_info, "monotonic")
ask(time.get_clock_info, "x")
a = time.monotonic(); time.sleep(0.01); print(time.monotonic() - a >= 0.01, time.time() > 1e9, type(time.time_ns()))
