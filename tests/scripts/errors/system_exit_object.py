class O:
    def __str__(self):
        return "from __str__"


raise SystemExit(O())
