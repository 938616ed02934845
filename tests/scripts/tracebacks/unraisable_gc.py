import gc
def cb(phase, info):
    if phase == "stop": raise ValueError("gc callback")
gc.callbacks.append(cb)
gc.collect()
gc.callbacks.clear()
