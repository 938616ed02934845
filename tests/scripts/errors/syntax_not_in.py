x not 1
