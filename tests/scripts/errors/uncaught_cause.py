def convert(text):
    try:
        return int(text)
    except ValueError as error:
        raise RuntimeError("not a number") from error


convert("abc")
