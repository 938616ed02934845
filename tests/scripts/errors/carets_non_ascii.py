größe = {"é": None}
print("日本", größe["é"].höhe + größe["x"])
