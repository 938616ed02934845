exec("x = 1\ny = x + ''\n")
