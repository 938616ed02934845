//! `zlib`: compression over the published implementation.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::binascii::crc32;
use super::support;
use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::declare::TypeCell;
use crate::objects::module::ModuleObject;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{Args, ModuleSpec, PyResult, Raised, exceptions};
use crate::vm::Ctx;

/// Bytes put out in one step.
const STEP: usize = 16 * 1024;
const MAX_WBITS: i32 = 15;

fn error(cx: Ctx, message: impl std::fmt::Display) -> Raised {
    support::raise_of(cx, "zlib", "error", exceptions().exception, message)
}

/// How a stream is wrapped: zlib's `wbits`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrap {
    Zlib,
    Raw,
    Gzip,
    /// Zlib or gzip, told by the first bytes.
    Either,
}

fn wrap(wbits: i32) -> Option<Wrap> {
    Some(match wbits {
        0 | 8..=15 => Wrap::Zlib,
        -15..=-8 => Wrap::Raw,
        16 | 24..=31 => Wrap::Gzip,
        32 | 40..=47 => Wrap::Either,
        _ => return None,
    })
}

/// The head of a gzip stream: how long it is, once all of it is there.
fn gzip_head(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    const WRONG: &str = "incorrect header check";
    for (at, wanted) in [0x1f, 0x8b].into_iter().enumerate() {
        match bytes.get(at) {
            Some(byte) if *byte == wanted => {}
            Some(_) => return Err(WRONG),
            None => return Ok(None),
        }
    }
    if bytes.len() < 10 {
        return Ok(None);
    }
    if bytes[2] != 8 {
        return Err("unknown compression method");
    }
    let flags = bytes[3];
    let mut at = 10;
    if flags & 4 != 0 {
        let Some(size) = bytes.get(at..at + 2) else { return Ok(None) };
        at += 2 + usize::from(u16::from_le_bytes([size[0], size[1]]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let Some(end) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0)) else {
                return Ok(None);
            };
            at += end + 1;
        }
    }
    at += if flags & 2 != 0 { 2 } else { 0 };
    Ok((bytes.len() >= at).then_some(at))
}

/// Compresses; writes gzip's head and tail itself.
pub struct Packer {
    stream: Compress,
    gzip: bool,
    begun: bool,
    crc: u32,
    size: u32,
}

impl Packer {
    fn new(level: u32, wbits: i32, dictionary: Option<&[u8]>) -> Option<Packer> {
        let wrap = wrap(wbits).filter(|wrap| *wrap != Wrap::Either && wbits != 0 && wbits != 16)?;
        let level = Compression::new(level);
        let bits = (wbits.unsigned_abs() & 15).clamp(9, 15) as u8;
        let mut stream = Compress::new_with_window_bits(level, wrap == Wrap::Zlib, bits);
        if let Some(dictionary) = dictionary {
            stream.set_dictionary(dictionary).ok()?;
        }
        Some(Packer { stream, gzip: wrap == Wrap::Gzip, begun: false, crc: 0, size: 0 })
    }

    fn run(&mut self, mut input: &[u8], flush: FlushCompress, out: &mut Vec<u8>) -> Result<(), String> {
        if self.gzip {
            if !self.begun {
                out.extend([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
                self.begun = true;
            }
            self.crc = super::binascii::crc32_of(input, self.crc);
            self.size = self.size.wrapping_add(input.len() as u32);
        }
        loop {
            let (read, written) = (self.stream.total_in(), self.stream.total_out());
            let start = out.len();
            out.resize(start + STEP, 0);
            let status =
                self.stream.compress(input, &mut out[start..], flush).map_err(|error| error.to_string())?;
            let made = (self.stream.total_out() - written) as usize;
            out.truncate(start + made);
            input = &input[(self.stream.total_in() - read) as usize..];
            let full = made == STEP;
            match status {
                Status::StreamEnd => break,
                _ if input.is_empty() && !full => break,
                _ => {}
            }
        }
        if self.gzip && matches!(flush, FlushCompress::Finish) {
            out.extend(self.crc.to_le_bytes());
            out.extend(self.size.to_le_bytes());
        }
        Ok(())
    }
}

/// Decompresses; reads gzip's head and tail itself.
pub struct Unpacker {
    stream: Option<Decompress>,
    wrap: Wrap,
    bits: u8,
    dictionary: Option<Vec<u8>>,
    /// The beginning of a head that is not complete.
    head: Vec<u8>,
    /// What remains to be read of gzip's tail, and its bytes so far.
    tail: Option<Vec<u8>>,
    crc: u32,
    size: u32,
    eof: bool,
}

/// What stops a decompression.
enum Trouble {
    Data(String),
    Dictionary,
}

impl Unpacker {
    fn new(wbits: i32, dictionary: Option<Vec<u8>>) -> Option<Unpacker> {
        let bits = match wbits.unsigned_abs() & 15 {
            0 => 15,
            bits => bits.max(9) as u8,
        };
        Some(Unpacker {
            stream: None,
            wrap: wrap(wbits)?,
            bits,
            dictionary,
            head: Vec::new(),
            tail: None,
            crc: 0,
            size: 0,
            eof: false,
        })
    }

    /// Makes the stream once the kind is known; false while the head is incomplete.
    fn begin(&mut self, input: &mut &[u8]) -> Result<bool, Trouble> {
        if self.stream.is_some() {
            return Ok(true);
        }
        if self.wrap == Wrap::Either {
            match self.head.first().or(input.first()) {
                None => return Ok(false),
                Some(0x1f) => self.wrap = Wrap::Gzip,
                Some(_) => self.wrap = Wrap::Zlib,
            }
        }
        if self.wrap == Wrap::Gzip {
            let before = self.head.len();
            self.head.extend_from_slice(input);
            match gzip_head(&self.head) {
                Err(message) => {
                    return Err(Trouble::Data(format!("Error -3 while decompressing data: {message}")));
                }
                Ok(None) => {
                    *input = &[];
                    return Ok(false);
                }
                Ok(Some(length)) => *input = &input[length - before..],
            }
        }
        let mut stream = Decompress::new_with_window_bits(self.wrap == Wrap::Zlib, self.bits);
        if self.wrap == Wrap::Raw
            && let Some(dictionary) = &self.dictionary
        {
            stream.set_dictionary(dictionary).map_err(|_| Trouble::Dictionary)?;
        }
        self.stream = Some(stream);
        Ok(true)
    }

    /// Decompresses up to `most` bytes; leaves in `input` what was not consumed.
    fn run(&mut self, input: &mut &[u8], most: usize, out: &mut Vec<u8>) -> Result<(), Trouble> {
        if self.eof || !self.begin(input)? {
            return Ok(());
        }
        while !self.eof && self.tail.is_none() {
            let Some(stream) = self.stream.as_mut() else { return Ok(()) };
            let (read, written) = (stream.total_in(), stream.total_out());
            let start = out.len();
            let room = STEP.min(most - start);
            out.resize(start + room, 0);
            let result = stream.decompress(input, &mut out[start..], FlushDecompress::None);
            let made = (stream.total_out() - written) as usize;
            let taken = (stream.total_in() - read) as usize;
            out.truncate(start + made);
            *input = &input[taken..];
            if self.wrap == Wrap::Gzip {
                self.crc = super::binascii::crc32_of(&out[start..], self.crc);
                self.size = self.size.wrapping_add(made as u32);
            }
            match result {
                Ok(Status::StreamEnd) if self.wrap == Wrap::Gzip => self.tail = Some(Vec::new()),
                Ok(Status::StreamEnd) => self.eof = true,
                Ok(_) if made == 0 && taken == 0 => return Ok(()),
                Ok(_) if out.len() >= most => return Ok(()),
                Ok(_) => {}
                Err(error) if error.needs_dictionary().is_some() => {
                    let Some(dictionary) = &self.dictionary else { return Err(Trouble::Dictionary) };
                    if stream.set_dictionary(dictionary).is_err() {
                        return Err(Trouble::Data("Error -3 while setting zdict".to_string()));
                    }
                }
                Err(error) => {
                    let reason = error.message().unwrap_or("invalid input data");
                    return Err(Trouble::Data(format!("Error -3 while decompressing data: {reason}")));
                }
            }
        }
        if let Some(tail) = self.tail.as_mut() {
            let count = (8 - tail.len()).min(input.len());
            tail.extend_from_slice(&input[..count]);
            *input = &input[count..];
            if tail.len() == 8 {
                let wanted: Vec<u8> =
                    self.crc.to_le_bytes().into_iter().chain(self.size.to_le_bytes()).collect();
                if tail[..4] != wanted[..4] {
                    return Err(Trouble::Data(
                        "Error -3 while decompressing data: incorrect data check".to_string(),
                    ));
                }
                if *tail != wanted {
                    return Err(Trouble::Data(
                        "Error -3 while decompressing data: incorrect length check".to_string(),
                    ));
                }
                self.tail = None;
                self.eof = true;
            }
        }
        Ok(())
    }
}

fn raise(cx: Ctx, trouble: Trouble) -> Raised {
    match trouble {
        Trouble::Data(message) => error(cx, message),
        Trouble::Dictionary => error(cx, "Error 2 while decompressing data"),
    }
}

fn level_of(cx: Ctx, value: Option<&Ref>) -> PyResult<u32> {
    match value.map_or(Ok(-1), |value| cx.to_i32(value))? {
        -1 => Ok(6),
        level @ 0..=9 => Ok(level as u32),
        _ => Err(error(cx, "Bad compression level")),
    }
}

fn wbits_of(cx: Ctx, value: Option<&Ref>) -> PyResult<i32> {
    value.map_or(Ok(MAX_WBITS), |value| cx.to_i32(value))
}

fn compress(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "compress", params: &["", "level", "wbits"], required: 1, max_positional: 3 };
    let mut given = [None, None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), level, wbits] = given else { return Err(cx.system_error("bad internal call")) };
    let data = cx.with_bytes(&data, <[u8]>::to_vec)?;
    let level = level_of(cx, level.as_ref())?;
    let Some(mut packer) = Packer::new(level, wbits_of(cx, wbits.as_ref())?, None) else {
        return Err(error(cx, "Bad compression level"));
    };
    let mut out = Vec::new();
    packer.run(&data, FlushCompress::Finish, &mut out).map_err(|message| error(cx, message))?;
    Ok(cx.new_bytes(&out).into_object())
}

fn decompress(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "decompress", params: &["", "wbits", "bufsize"], required: 1, max_positional: 3 };
    let mut given = [None, None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), wbits, size] = given else { return Err(cx.system_error("bad internal call")) };
    let data = cx.with_bytes(&data, <[u8]>::to_vec)?;
    if let Some(size) = &size
        && cx.to_size(size)? <= 0
    {
        return Err(cx.value_error("bufsize must be greater than zero"));
    }
    let Some(mut unpacker) = Unpacker::new(wbits_of(cx, wbits.as_ref())?, None) else {
        return Err(error(cx, "Error -2 while preparing to decompress data: inconsistent stream state"));
    };
    let (mut out, mut input) = (Vec::new(), &data[..]);
    unpacker.run(&mut input, usize::MAX, &mut out).map_err(|trouble| raise(cx, trouble))?;
    if !unpacker.eof {
        return Err(error(cx, "Error -5 while decompressing data: incomplete or truncated stream"));
    }
    Ok(cx.new_bytes(&out).into_object())
}

crate::declare_object! {
    /// A compressor; no stream once it is flushed.
    PackObject {
        traced {}
        plain { packer: RefCell<Option<Box<Packer>>>, }
    }
}

crate::declare_object! {
    /// A decompressor.
    UnpackObject {
        traced {
            unused: memory::Slot,
            unconsumed: memory::Slot,
        }
        plain { unpacker: RefCell<Option<Box<Unpacker>>>, }
    }
}

static PACK: TypeCell = TypeCell::new();
static UNPACK: TypeCell = TypeCell::new();

fn compressobj(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "compressobj",
        params: &["level", "method", "wbits", "memLevel", "strategy", "zdict"],
        required: 0,
        max_positional: 6,
    };
    let mut given: [Option<Ref>; 6] = Default::default();
    bind(cx, &SIGNATURE, args, &mut given)?;
    let level = match level_of(cx, given[0].as_ref()) {
        Ok(level) => level,
        Err(raised) => {
            cx.clear_exception(raised);
            return Err(cx.value_error("Invalid initialization option"));
        }
    };
    let dictionary = given[5].as_ref().map(|value| cx.with_bytes(value, <[u8]>::to_vec)).transpose()?;
    let Some(packer) = Packer::new(level, wbits_of(cx, given[2].as_ref())?, dictionary.as_deref()) else {
        return Err(cx.value_error("Invalid initialization option"));
    };
    let made = crate::objects::declare::make::<PackObject>(cx, PACK.get(cx)?)?;
    *made.packer.borrow_mut() = Some(Box::new(packer));
    Ok(made.into_object())
}

fn pack(cx: Ctx, this: &Object, data: &Ref) -> PyResult {
    let data = cx.with_bytes(data, <[u8]>::to_vec)?;
    let mut out = Vec::new();
    let result = match PackObject::of(this).packer.borrow_mut().as_mut() {
        Some(packer) => packer.run(&data, FlushCompress::None, &mut out),
        None => Err("Error -2 while compressing data: inconsistent stream state".to_string()),
    };
    result.map_err(|message| error(cx, message))?;
    Ok(cx.new_bytes(&out).into_object())
}

fn pack_flush(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "flush", args, 0, 1)?;
    let mode = match args.first().map_or(Ok(4), |mode| cx.to_i32(mode))? {
        0 => return Ok(cx.new_bytes(b"").into_object()),
        1 => FlushCompress::Partial,
        2 => FlushCompress::Sync,
        3 => FlushCompress::Full,
        4 => FlushCompress::Finish,
        _ => return Err(error(cx, "Error -2 while flushing: inconsistent stream state")),
    };
    let mut out = Vec::new();
    let mut place = PackObject::of(this).packer.borrow_mut();
    let result = match place.as_mut() {
        Some(packer) => packer.run(b"", mode, &mut out),
        None => Err("Error -2 while flushing: inconsistent stream state".to_string()),
    };
    if matches!(mode, FlushCompress::Finish) {
        *place = None;
    }
    drop(place);
    result.map_err(|message| error(cx, message))?;
    Ok(cx.new_bytes(&out).into_object())
}

fn decompressobj(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "decompressobj", params: &["wbits", "zdict"], required: 0, max_positional: 2 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let dictionary = match &given[1] {
        None => None,
        Some(value) if value.ty().slots().as_bytes.is_none() => {
            return Err(cx.type_error("zdict argument must support the buffer protocol"));
        }
        Some(value) => Some(cx.with_bytes(value, <[u8]>::to_vec)?),
    };
    let Some(unpacker) = Unpacker::new(wbits_of(cx, given[0].as_ref())?, dictionary) else {
        return Err(cx.value_error("Invalid initialization option"));
    };
    let made = crate::objects::declare::make::<UnpackObject>(cx, UNPACK.get(cx)?)?;
    *made.unpacker.borrow_mut() = Some(Box::new(unpacker));
    made.unused.set(Some(cx.new_bytes(b"").into_object()));
    made.unconsumed.set(Some(cx.new_bytes(b"").into_object()));
    Ok(made.into_object())
}

/// Runs the decompressor over `data` and notes what it left.
fn unpack_some(cx: Ctx, this: &UnpackObject, data: &[u8], most: usize) -> PyResult {
    let (mut out, mut input) = (Vec::new(), data);
    let (result, eof) = match this.unpacker.borrow_mut().as_mut() {
        Some(unpacker) => (unpacker.run(&mut input, most, &mut out), unpacker.eof),
        None => (Ok(()), true),
    };
    result.map_err(|trouble| raise(cx, trouble))?;
    if eof {
        if !input.is_empty() {
            let mut all = match this.unused.get() {
                Some(before) => cx.with_bytes(&before, <[u8]>::to_vec)?,
                None => Vec::new(),
            };
            all.extend_from_slice(input);
            this.unused.set(Some(cx.new_bytes(&all).into_object()));
        }
        input = &[];
    }
    this.unconsumed.set(Some(cx.new_bytes(input).into_object()));
    Ok(cx.new_bytes(&out).into_object())
}

fn unpack(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "decompress", params: &["", "max_length"], required: 1, max_positional: 2 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(data), most] = given else { return Err(cx.system_error("bad internal call")) };
    let data = cx.with_bytes(&data, <[u8]>::to_vec)?;
    let most = most.map_or(Ok(0), |most| cx.to_size(&most))?;
    let most = match usize::try_from(most) {
        Ok(0) => usize::MAX,
        Ok(most) => most,
        Err(_) => return Err(cx.value_error("max_length must be non-negative")),
    };
    unpack_some(cx, UnpackObject::of(this), &data, most)
}

fn unpack_flush(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "flush", args, 0, 1)?;
    if let Some(length) = args.first()
        && cx.to_size(length)? <= 0
    {
        return Err(cx.value_error("length must be greater than zero"));
    }
    let this = UnpackObject::of(this);
    let rest = match this.unconsumed.get() {
        Some(rest) => cx.with_bytes(&rest, <[u8]>::to_vec)?,
        None => Vec::new(),
    };
    unpack_some(cx, this, &rest, usize::MAX)
}

fn eof(cx: Ctx, this: &Object) -> PyResult {
    let eof = UnpackObject::of(this).unpacker.borrow().as_ref().is_some_and(|unpacker| unpacker.eof);
    Ok(cx.bool(eof))
}

static PACK_SPEC: TypeSpec = TypeSpec {
    name: "zlib.Compress",
    layout: Layout::plain::<PackObject>(),
    basicsize: 168,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    methods: &[
        MethodDef::one(
            "compress",
            pack,
            "compress($self, data, /)\n--\n\nReturns a bytes object containing compressed data.",
        ),
        MethodDef::fast(
            "flush",
            pack_flush,
            "flush($self, mode=zlib.Z_FINISH, /)\n--\n\nReturn a bytes object containing any remaining compressed data.",
        ),
    ],
    dealloc: Some(memory::dealloc_as::<PackObject>),
    ..TypeSpec::EMPTY
};

static UNPACK_SPEC: TypeSpec = TypeSpec {
    name: "zlib.Decompress",
    layout: Layout::plain::<UnpackObject>(),
    basicsize: 168,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    methods: &[
        MethodDef::keywords(
            "decompress",
            unpack,
            "decompress($self, data, /, max_length=0)\n--\n\nReturn a bytes object containing the decompressed version of the data.",
        ),
        MethodDef::fast(
            "flush",
            unpack_flush,
            "flush($self, length=zlib.DEF_BUF_SIZE, /)\n--\n\nReturn a bytes object containing any remaining decompressed data.",
        ),
    ],
    getset: &[
        GetSetDef {
            name: "unused_data",
            get: Some(|cx, this| Ok(UnpackObject::of(this).unused.get().unwrap_or_else(|| cx.none()))),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "unconsumed_tail",
            get: Some(|cx, this| Ok(UnpackObject::of(this).unconsumed.get().unwrap_or_else(|| cx.none()))),
            set: None,
            doc: "",
        },
        GetSetDef { name: "eof", get: Some(eof), set: None, doc: "" },
    ],
    dealloc: Some(memory::dealloc_as::<UnpackObject>),
    traverse: Some(UnpackObject::traverse),
    ..TypeSpec::EMPTY
};

fn adler32(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "adler32", args, 1, 2)?;
    let start = args.get(1).map_or(Ok(1), |start| support::wrapped_u32(cx, start))?;
    let sum = cx.with_bytes(&args[0], |bytes| {
        let (mut low, mut high) = (start & 0xffff, start >> 16);
        // 5552 bytes is how many can be added before the sums overflow.
        for chunk in bytes.chunks(5552) {
            for byte in chunk {
                low += u32::from(*byte);
                high += low;
            }
            low %= 65521;
            high %= 65521;
        }
        high << 16 | low
    })?;
    Ok(cx.new_int(i64::from(sum)))
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    for (spec, cell) in [(&PACK_SPEC, &PACK), (&UNPACK_SPEC, &UNPACK)] {
        cell.set(crate::objects::type_::ready::new_static_type(cx, spec)?);
    }
    let class = support::new_exception(cx, "zlib", "error", exceptions().exception.to_object())?;
    module.add(cx, "error", class)?;
    module.add(cx, "ZLIB_VERSION", cx.new_str("1.3.1").into_object())?;
    module.add(cx, "ZLIB_RUNTIME_VERSION", cx.new_str("1.3.1").into_object())?;
    module.add(cx, "__version__", cx.new_str("1.0").into_object())?;
    support::add_numbers(
        cx,
        module,
        &[
            ("MAX_WBITS", 15),
            ("DEFLATED", 8),
            ("DEF_MEM_LEVEL", 8),
            ("DEF_BUF_SIZE", 16384),
            ("Z_NO_COMPRESSION", 0),
            ("Z_BEST_SPEED", 1),
            ("Z_BEST_COMPRESSION", 9),
            ("Z_DEFAULT_COMPRESSION", -1),
            ("Z_FILTERED", 1),
            ("Z_HUFFMAN_ONLY", 2),
            ("Z_RLE", 3),
            ("Z_FIXED", 4),
            ("Z_DEFAULT_STRATEGY", 0),
            ("Z_NO_FLUSH", 0),
            ("Z_PARTIAL_FLUSH", 1),
            ("Z_SYNC_FLUSH", 2),
            ("Z_FULL_FLUSH", 3),
            ("Z_FINISH", 4),
            ("Z_BLOCK", 5),
            ("Z_TREES", 6),
        ],
    )
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "zlib",
    doc: Some("Compression and decompression compatible with the zlib library."),
    functions: &[
        MethodDef::fast(
            "adler32",
            adler32,
            "adler32($module, data, value=1, /)\n--\n\nCompute an Adler-32 checksum of data.",
        ),
        MethodDef::keywords(
            "compress",
            compress,
            "compress($module, data, /, level=-1, wbits=MAX_WBITS)\n--\n\nReturns a bytes object containing compressed data.",
        ),
        MethodDef::keywords(
            "compressobj",
            compressobj,
            "compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,\n            wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,\n            strategy=Z_DEFAULT_STRATEGY, zdict=None)\n--\n\nReturn a compressor object.",
        ),
        MethodDef::fast(
            "crc32",
            crc32,
            "crc32($module, data, value=0, /)\n--\n\nCompute a CRC-32 checksum of data.",
        ),
        MethodDef::keywords(
            "decompress",
            decompress,
            "decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)\n--\n\nReturns a bytes object containing the uncompressed data.",
        ),
        MethodDef::keywords(
            "decompressobj",
            decompressobj,
            "decompressobj($module, /, wbits=MAX_WBITS, zdict=b\'\')\n--\n\nReturn a decompressor object.",
        ),
    ],
    exec: Some(exec),
};
