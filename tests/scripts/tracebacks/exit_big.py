raise SystemExit(10 ** 20)
