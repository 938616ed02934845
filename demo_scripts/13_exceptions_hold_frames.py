"""Lesson 13: an exception you keep keeps everything it saw.

exception -> traceback -> frame -> local variables.  As long as somebody holds
the first, all of them stay.
"""
import gc

gc.disable()


class Luggage:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(f"  {self.name} is freed")


def travel(name):
    luggage = Luggage(name)
    raise RuntimeError(f"{name} got stuck")


print("handled and forgotten")
try:
    travel("suitcase")
except RuntimeError as error:
    # The traceback knows the frame, the frame knows 'luggage'.
    frame = error.__traceback__.tb_next.tb_frame
    print("  locals of", frame.f_code.co_name + ":", sorted(frame.f_locals))
    del frame
# The except clause deletes its name at the end, so the chain falls apart here.
print("after the except clause")

print("kept")
kept = None
try:
    travel("trunk")
except RuntimeError as error:
    kept = error
print("  the trunk is still there:", kept)

print("cut the chain, keep the exception")
kept.__traceback__ = None
print("  still there:", repr(kept))

print("clear the frames instead")
try:
    travel("backpack")
except RuntimeError as error:
    kept = error
kept.__traceback__.tb_next.tb_frame.clear()
print("  the traceback stays:", kept.__traceback__ is not None)

print("a frame that knows its own exception is a cycle")


def trap():
    bag = Luggage("bag")
    try:
        raise ValueError("trapped")
    except ValueError as error:
        keep = error             # frame -> keep -> traceback -> frame


trap()
print("  the call is over, the bag is not freed")
# The exception, its traceback, the frame, the bag.
print("  unreachable:", gc.collect())
