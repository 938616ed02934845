"""Records the table of `unicodedata` from the reference: python3.11 tests/record/ucd.py

Writes src/stdlib/unicodedata/table.bin, all little-endian: counts of records, of blocks, of
decompositions and of numbers (u32 each); records of 4 bytes (category, bidirectional class,
combining class, width and mirroring); a two-level index of u16 from code point to record;
decompositions as (code point u32, offset u32, length u32); numbers as (code point u32, f64);
and the text of the decompositions.
"""

import struct
import unicodedata as u
from pathlib import Path

CATEGORIES = ("Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So").split()
BIDIRECTIONAL = " L LRE LRO R AL RLE RLO PDF EN ES ET AN CS NSM BN B S WS ON LRI RLI FSI PDI".split(" ")
WIDTHS = "F H W Na A N".split()
BITS = 7

records, index, numbers, decompositions, text = {}, [], [], [], ""
for point in range(0x110000):
    c = chr(point)
    record = (
        CATEGORIES.index(u.category(c)),
        BIDIRECTIONAL.index(u.bidirectional(c)),
        u.combining(c),
        WIDTHS.index(u.east_asian_width(c)) | u.mirrored(c) << 3,
    )
    index.append(records.setdefault(record, len(records)))
    number = u.numeric(c, None)
    if number is not None:
        numbers.append((point, number))
    decomposition = u.decomposition(c)
    if decomposition:
        decompositions.append((point, len(text), len(decomposition)))
        text += decomposition
blocks, first = {}, []
for at in range(0, len(index), 1 << BITS):
    block = tuple(index[at : at + (1 << BITS)])
    first.append(blocks.setdefault(block, len(blocks)))
out = struct.pack("<4I", len(records), len(blocks), len(decompositions), len(numbers))
out += b"".join(bytes(record) for record in records)
out += struct.pack(f"<{len(first)}H", *first)
out += b"".join(struct.pack(f"<{1 << BITS}H", *block) for block in blocks)
out += b"".join(struct.pack("<3I", *row) for row in decompositions)
out += b"".join(struct.pack("<Id", *row) for row in numbers)
out += text.encode()
target = Path(__file__).parents[2] / "src/stdlib/unicodedata/table.bin"
target.parent.mkdir(exist_ok=True)
target.write_bytes(out)
