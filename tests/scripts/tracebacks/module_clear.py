import traceback, sys
def f():
    x = 1
    1 / 0
try: f()
except ZeroDivisionError as e:
    traceback.clear_frames(e.__traceback__)
    print(e.__traceback__.tb_next.tb_frame.f_locals)
