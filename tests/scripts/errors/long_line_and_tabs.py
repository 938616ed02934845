if True:
	value = [1, 2, 3]; 	 index = 7; 	 print(value[0], value[1], value[2], value[index], "a rather long line indeed so that it runs on")
