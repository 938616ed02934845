raise ImportError("m", name="n", path="p")
