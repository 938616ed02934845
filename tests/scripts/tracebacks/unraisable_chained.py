class A:
    def __del__(self):
        try: 1 / 0
        except ZeroDivisionError as e: raise ValueError("second") from e
A()
