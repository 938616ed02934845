# zlib, gzip and zipfile: what comes back, what is left over, what is refused.
import gzip, io, zipfile, zlib
text = b"to be or not to be, that is the question " * 40
for level in (0, 1, 6, 9, -1):
    print(level, zlib.decompress(zlib.compress(text, level)) == text)
for wbits in (15, -15, 31):
    packer = zlib.compressobj(wbits=wbits)
    data = packer.compress(text[:100]) + packer.compress(text[100:]) + packer.flush()
    print(wbits, zlib.decompress(data, wbits) == text)
    unpacker = zlib.decompressobj(wbits)
    got = b"".join(unpacker.decompress(data[i : i + 7]) for i in range(0, len(data), 7)) + unpacker.flush()
    print(got == text, unpacker.eof, unpacker.unused_data, unpacker.unconsumed_tail)
packed = zlib.compress(text)
unpacker = zlib.decompressobj()
first = unpacker.decompress(packed + b"more", 10)
print(first, len(unpacker.unconsumed_tail) > 0, unpacker.eof)
rest = unpacker.decompress(unpacker.unconsumed_tail)
print(first + rest == text, unpacker.unused_data)
for wrong in (b"", b"garbage", packed[:20]):
    try:
        zlib.decompress(wrong)
    except zlib.error as error:
        print(str(error).split(":")[0])
print(zlib.crc32(b"hello"), zlib.crc32(b"lo", zlib.crc32(b"hel")), zlib.adler32(b"hello"), zlib.adler32(b""), zlib.crc32(b""))
print(gzip.decompress(gzip.compress(text)) == text)
file = io.BytesIO()
with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as out:
    out.write(b"line 1\nline 2\n")
file.seek(0)
print(gzip.GzipFile(fileobj=file).readlines())
file = io.BytesIO()
with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a.txt", "first")
    archive.writestr("folder/b.txt", b"second" * 50)
with zipfile.ZipFile(file) as archive:
    print([(info.filename, info.file_size, info.CRC) for info in archive.infolist()], archive.read("a.txt"), archive.testzip())
