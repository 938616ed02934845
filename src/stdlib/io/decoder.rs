//! Decoding piece by piece: what is incomplete at the end of a piece waits for the next one, and
//! line ends are translated when wanted. Also the type `IncrementalNewlineDecoder`.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use crate::memory::{self, Object, Ref, Slot, Trace, Visitor};
use crate::objects::args::bind;
use crate::objects::iterators::common::alloc_instance;
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::str::codec::{self, Encoding, Order};
use crate::objects::str::{StrBuilder, Units, raw};
use crate::objects::{Args, PyResult, StrObject, TypeObject};
use crate::vm::Ctx;

/// Which line ends were met: bits of `newlines`.
const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

/// Universal newlines: a `\r` at the end of a piece waits for what follows.
#[derive(Clone, Default)]
pub struct Newlines {
    pub translate: bool,
    pub pending_cr: bool,
    seen: u8,
}

impl Newlines {
    pub fn new(translate: bool) -> Newlines {
        Newlines { translate, pending_cr: false, seen: 0 }
    }

    /// Takes a piece of text and gives what is certain of it.
    pub fn feed(&mut self, text: Ref<StrObject>, last: bool) -> Ref<StrObject> {
        let text = if self.pending_cr && (last || !text.is_empty()) {
            self.pending_cr = false;
            let mut joined = StrBuilder::with_capacity(text.len() + 1);
            joined.push(u32::from('\r'));
            joined.push_units(text.units());
            joined.finish()
        } else {
            text
        };
        let (mut has_cr, mut has_lf) = (false, false);
        match text.units() {
            Units::One(units) => {
                has_cr = memchr::memchr(b'\r', units).is_some();
                has_lf = memchr::memchr(b'\n', units).is_some();
            }
            units => units.points().for_each(|point| {
                has_cr |= point == 13;
                has_lf |= point == 10;
            }),
        }
        if !has_cr {
            self.seen |= if has_lf { SEEN_LF } else { 0 };
            return text;
        }
        let units = text.units();
        let mut end = units.len();
        if !last && units.at(end - 1) == 13 {
            end -= 1;
            self.pending_cr = true;
        }
        let mut out = StrBuilder::with_capacity(end);
        let mut at = 0;
        while at < end {
            let point = units.at(at);
            at += 1;
            match point {
                13 if at < end && units.at(at) == 10 => {
                    at += 1;
                    self.seen |= SEEN_CRLF;
                    if !self.translate {
                        out.push(13);
                    }
                    out.push(10);
                }
                13 => {
                    self.seen |= SEEN_CR;
                    out.push(if self.translate { 10 } else { 13 });
                }
                point => {
                    self.seen |= if point == 10 { SEEN_LF } else { 0 };
                    out.push(point);
                }
            }
        }
        out.finish()
    }

    /// The `newlines` attribute: `None`, a string, or a tuple of strings.
    pub fn shown(&self, cx: Ctx) -> Ref {
        let mut kinds = Vec::new();
        for (bit, text) in [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")] {
            if self.seen & bit != 0 {
                kinds.push(cx.new_str(text).into_object());
            }
        }
        match kinds.len() {
            0 => cx.none(),
            1 => kinds.remove(0),
            _ => cx.new_tuple(kinds).into_object(),
        }
    }
}

/// An encoding that streams can have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Codec {
    pub encoding: Encoding,
    /// `utf-8-sig`: a mark at the start is skipped, and written.
    pub signature: bool,
    /// The name of an encoding that is found through the registry; `encoding` then means nothing.
    /// DIFFERENCE: it is asked piece by piece without state, as encodings of single bytes allow.
    pub registered: Option<&'static str>,
}

/// A name that lives as long as the process; each is made once.
fn lasting(name: &str) -> &'static str {
    static NAMES: std::sync::Mutex<Vec<&'static str>> = std::sync::Mutex::new(Vec::new());
    let mut names = NAMES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = names.iter().find(|known| **known == name) {
        return known;
    }
    let made: &'static str = Box::leak(name.to_string().into_boxed_str());
    names.push(made);
    made
}

impl Codec {
    pub fn lookup(cx: Ctx, name: &str) -> PyResult<Codec> {
        let plain = name.to_ascii_lowercase().replace('_', "-");
        if plain == "utf-8-sig" || plain == "utf8-sig" {
            return Ok(Codec { encoding: Encoding::Utf8, signature: true, registered: None });
        }
        if let Some(encoding) = Encoding::by_name(name) {
            return Ok(Codec { encoding, signature: false, registered: None });
        }
        // Converting nothing tells whether the registry has it.
        codec::decode(cx, b"", name, "strict")?;
        let encoding = Encoding::Wide { unit: 2, order: Some(Order::Little) };
        Ok(Codec { encoding, signature: false, registered: Some(lasting(name)) })
    }
}

/// Bytes to text, piece by piece.
#[derive(Clone)]
pub struct Decoder {
    pub codec: Codec,
    errors: String,
    /// Bytes of an incomplete character.
    held: Vec<u8>,
    /// Byte order found in a mark at the start.
    order: Option<Order>,
    /// Nothing has been decoded yet.
    at_start: bool,
    pub newlines: Option<Newlines>,
}

impl Decoder {
    pub fn new(codec: Codec, errors: &str, newlines: Option<Newlines>) -> Decoder {
        Decoder { codec, errors: errors.to_string(), held: Vec::new(), order: None, at_start: true, newlines }
    }

    /// Back to the beginning of the stream (`at_start`), or to somewhere within it.
    pub fn reset(&mut self, at_start: bool) {
        self.held.clear();
        self.at_start = at_start;
        if at_start {
            self.order = None;
        }
        if let Some(newlines) = &mut self.newlines {
            newlines.pending_cr = false;
        }
    }

    /// Whether the text so far stands for all the bytes so far.
    pub fn is_clean(&self) -> bool {
        self.held.is_empty() && !self.newlines.as_ref().is_some_and(|n| n.pending_cr)
    }

    pub fn held(&self) -> &[u8] {
        &self.held
    }

    /// Decodes the next bytes; `last` when none follow.
    pub fn decode(&mut self, cx: Ctx, bytes: &[u8], last: bool) -> PyResult<Ref<StrObject>> {
        let joined;
        let mut bytes = if self.held.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.held), bytes.to_vec()].concat();
            &joined
        };
        if self.at_start && self.codec.signature && !bytes.is_empty() {
            const MARK: &[u8] = b"\xef\xbb\xbf";
            if bytes.starts_with(MARK) {
                bytes = &bytes[3..];
                self.at_start = false;
            } else if !last && MARK.starts_with(bytes) {
                self.held = bytes.to_vec();
                return Ok(raw::empty());
            } else {
                self.at_start = false;
            }
        }
        let mut encoding = self.codec.encoding;
        if let Encoding::Wide { unit, order: None } = encoding {
            if self.at_start {
                if bytes.len() < unit && !last {
                    self.held = bytes.to_vec();
                    return Ok(raw::empty());
                }
                let little: &[u8] = if unit == 2 { b"\xff\xfe" } else { b"\xff\xfe\0\0" };
                let big: &[u8] = if unit == 2 { b"\xfe\xff" } else { b"\0\0\xfe\xff" };
                if bytes.starts_with(little) {
                    (self.order, bytes) = (Some(Order::Little), &bytes[unit..]);
                } else if bytes.starts_with(big) {
                    (self.order, bytes) = (Some(Order::Big), &bytes[unit..]);
                } else {
                    self.order = Some(Order::Little);
                }
                self.at_start = false;
            }
            encoding = Encoding::Wide { unit, order: self.order.or(Some(Order::Little)) };
        }
        if let Some(name) = self.codec.registered {
            let text = codec::decode(cx, bytes, name, &self.errors)?;
            return Ok(match &mut self.newlines {
                Some(newlines) => newlines.feed(text, last),
                None => text,
            });
        }
        let hold = if last { 0 } else { incomplete_tail(encoding, bytes) };
        let (whole, tail) = bytes.split_at(bytes.len() - hold);
        let tail = tail.to_vec();
        let text = codec::decode_as(cx, whole, encoding, &self.errors)?;
        self.held = tail;
        Ok(match &mut self.newlines {
            Some(newlines) => newlines.feed(text, last),
            None => text,
        })
    }
}

/// How many bytes at the end are the beginning of a character.
fn incomplete_tail(encoding: Encoding, bytes: &[u8]) -> usize {
    match encoding {
        Encoding::Utf8 => {
            for back in 1..=bytes.len().min(3) {
                let byte = bytes[bytes.len() - back];
                if byte >= 0xc0 {
                    let tail = &bytes[bytes.len() - back..];
                    let open = std::str::from_utf8(tail).is_err_and(|e| e.error_len().is_none());
                    return if open { back } else { 0 };
                }
                if byte < 0x80 {
                    return 0;
                }
            }
            0
        }
        Encoding::Wide { unit: 2, order } => {
            let odd = bytes.len() % 2;
            let whole = &bytes[..bytes.len() - odd];
            let high = match (whole, order) {
                ([.., high, _], Some(Order::Big)) | ([.., _, high], _) => *high,
                _ => 0,
            };
            if (0xd8..=0xdb).contains(&high) { odd + 2 } else { odd }
        }
        Encoding::Wide { unit, .. } => bytes.len() % unit,
        _ => 0,
    }
}

/// `IncrementalNewlineDecoder`: newlines behind any decoder object, or none.
#[repr(C)]
struct NewlineDecoder {
    object: Object,
    /// `None` when text comes in.
    decoder: Slot,
    state: RefCell<Option<Box<Newlines>>>,
    ready: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for NewlineDecoder {}

fn this(object: &Object) -> &NewlineDecoder {
    // SAFETY: only slots, methods and attributes of this type call this.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are an empty slot, an unborrowed `None` and a falsehood.
    unsafe { alloc_instance(cx, ty, 0) }
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let signature = Signature {
        name: "IncrementalNewlineDecoder",
        params: &["decoder", "translate", "errors"],
        required: 2,
        max_positional: 3,
    };
    let mut out = [None, None, None];
    bind(cx, &signature, args, &mut out)?;
    let [decoder, translate, _] = out;
    let translate = match &translate {
        Some(flag) => cx.is_true(flag)?,
        None => false,
    };
    this(object).decoder.set(decoder);
    *this(object).state.borrow_mut() = Some(Box::new(Newlines::new(translate)));
    this(object).ready.set(true);
    Ok(())
}

fn with<R>(object: &Object, change: impl FnOnce(&mut Newlines) -> R) -> R {
    change(this(object).state.borrow_mut().get_or_insert_default())
}

fn check(cx: Ctx, object: &Object) -> PyResult {
    if !this(object).ready.get() {
        return Err(cx.value_error("IncrementalNewlineDecoder.__init__() not called"));
    }
    Ok(this(object).decoder.get().unwrap_or_else(|| cx.none()))
}

fn decode(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature { name: "decode", params: &["input", "final"], required: 1, max_positional: 2 };
    let mut out = [None, None];
    bind(cx, &signature, args, &mut out)?;
    let [input, last] = out;
    let Some(input) = input else { return Err(cx.system_error("bad internal call")) };
    let last = match &last {
        Some(flag) => cx.is_true(flag)?,
        None => false,
    };
    let decoder = check(cx, object)?;
    let text = if cx.is_none(&decoder) {
        input
    } else {
        super::base::call(cx, &decoder, "decode", &[input, cx.bool(last)])?
    };
    let Ok(text) = text.clone().downcast_ref::<StrObject>() else {
        return Err(cx.type_error(format_args!(
            "decoder should return a string result, not '{}'",
            text.ty().tp_name()
        )));
    };
    Ok(with(object, |newlines| newlines.feed(text, last)).into_object())
}

fn getstate(cx: Ctx, object: &Object) -> PyResult {
    let decoder = check(cx, object)?;
    let (held, flag) = if cx.is_none(&decoder) {
        (cx.new_bytes(b"").into_object(), 0)
    } else {
        let state = super::base::call(cx, &decoder, "getstate", &[])?;
        let items = cx.collect(&state)?;
        let [held, flag] = items.as_slice() else {
            return Err(cx.type_error("illegal decoder state"));
        };
        (held.clone(), cx.to_i64(flag)?)
    };
    let pending = with(object, |newlines| newlines.pending_cr);
    let flag = flag << 1 | i64::from(pending);
    Ok(cx.new_tuple(vec![held, cx.new_int(flag)]).into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let decoder = check(cx, object)?;
    if !state.is_instance(crate::objects::types().tuple) {
        return Err(cx.type_error("state argument must be a tuple"));
    }
    let items = cx.collect(state)?;
    let [held, flag] = items.as_slice() else {
        return Err(cx.type_error("setstate(): illegal state argument"));
    };
    let flag = cx.to_i64(flag)?;
    with(object, |newlines| newlines.pending_cr = flag & 1 != 0);
    if cx.is_none(&decoder) {
        return Ok(cx.none());
    }
    let inner = cx.new_tuple(vec![held.clone(), cx.new_int(flag >> 1)]).into_object();
    super::base::call(cx, &decoder, "setstate", &[inner])
}

fn reset(cx: Ctx, object: &Object) -> PyResult {
    let decoder = check(cx, object)?;
    with(object, |newlines| *newlines = Newlines::new(newlines.translate));
    if cx.is_none(&decoder) { Ok(cx.none()) } else { super::base::call(cx, &decoder, "reset", &[]) }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    unsafe { object.cast::<NewlineDecoder>().as_ref() }.decoder.trace(visitor);
}

pub static NEWLINE_DECODER: TypeSpec = TypeSpec {
    name: "_io.IncrementalNewlineDecoder",
    doc: Some(
        "IncrementalNewlineDecoder(decoder, translate, errors='strict')\n--\n\nFinds, and if wanted translates, line ends in what a decoder gives piece by piece.",
    ),
    layout: Layout::gc::<NewlineDecoder>(),
    basicsize: 40,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots { new: Some(new), init: Some(init), ..Slots::EMPTY },
    methods: &[
        MethodDef::keywords("decode", decode, "decode($self, /, input, final=False)\n--\n\n"),
        MethodDef::no_args("getstate", getstate, "getstate($self, /)\n--\n\n"),
        MethodDef::one("setstate", setstate, "setstate($self, state, /)\n--\n\n"),
        MethodDef::no_args("reset", reset, "reset($self, /)\n--\n\n"),
    ],
    getset: &[GetSetDef {
        name: "newlines",
        get: Some(|cx, object| Ok(with(object, |newlines| newlines.clone()).shown(cx))),
        set: None,
        doc: "",
    }],
    dealloc: Some(memory::dealloc_as::<NewlineDecoder>),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
