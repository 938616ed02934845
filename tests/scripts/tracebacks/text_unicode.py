raise ValueError("é 你好 😀 \udc80")
