print("bom is fine")
