async def g(): return 1 / 0
async def f():
    x = 1 + await g()
asyncio_run = f()
try:
    asyncio_run.send(None)
except StopIteration:
    pass
