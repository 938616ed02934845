raise SyntaxError("only text")
