exec("if 1:\nx")
