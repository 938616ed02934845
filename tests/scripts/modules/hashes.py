# Digests of every algorithm, hash objects and their attributes.
import hashlib, hmac
for name in sorted(["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s"]):
    h = getattr(hashlib, name)(b"abc")
    print(name, h.name, h.digest_size, h.block_size, h.hexdigest())
    copy = h.copy()
    copy.update(bytearray(b"def"))
    print(h.hexdigest() != copy.hexdigest(), copy.hexdigest() == getattr(hashlib, name)(b"abcdef").hexdigest())
for name in ["shake_128", "shake_256"]:
    print(name, getattr(hashlib, name)(b"abc").hexdigest(10), len(getattr(hashlib, name)().digest(100)))
print(hashlib.blake2b(b"x", digest_size=16, key=b"key", salt=b"salt", person=b"me").hexdigest())
print(hashlib.blake2s(b"x", fanout=2, depth=2, leaf_size=64, node_offset=1, node_depth=1, inner_size=32, last_node=True).hexdigest())
print(hmac.new(b"key", b"message", "sha256").hexdigest())
print(hashlib.sha256(memoryview(b"abc")).hexdigest()[:8], hashlib.new("md5", b"").hexdigest())
for wrong in ["text", 5, None]:
    try:
        hashlib.sha256(wrong)
    except TypeError as error:
        print(type(error).__name__)
try:
    hashlib.new("nothing")
except ValueError as error:
    print(error)
