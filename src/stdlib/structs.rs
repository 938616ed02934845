//! `_struct`: numbers and strings packed as C structures are.

use std::ptr::NonNull;

use num_bigint::BigInt;

use crate::memory::{self, Layout as _, Object, Ref, Slot};
use crate::objects::args::{bind, check_count};
use crate::objects::bytes::BytesObject;
use crate::objects::module::ModuleObject;
use crate::objects::native_type::NativeType;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{
    Args, ModuleSpec, PyResult, Raised, Slots, StrObject, TypeObject, exceptions, names, types,
};
use crate::vm::Ctx;

static TYPE: NativeType = NativeType::new(&STRUCT);

/// One item of a format: where it lies, how large it is.
#[derive(Clone, Copy)]
struct Field {
    code: u8,
    offset: usize,
    /// Bytes of the value; of the whole string for `s` and `p`.
    size: usize,
}

/// A format understood.
struct Plan {
    fields: Vec<Field>,
    size: usize,
    big: bool,
    /// Native sizes and alignment (`@`).
    native: bool,
}

/// `struct.error`, which the module holds.
fn error(cx: Ctx, message: impl std::fmt::Display) -> Raised {
    let class = crate::vm::import::import_module(cx, "_struct")
        .and_then(|module| cx.get_attr(&module, &cx.intern("error")));
    match class.as_ref().map(|class| class.downcast::<TypeObject>()) {
        Ok(Some(class)) => cx.raise(class, message),
        _ => cx.value_error(message),
    }
}

/// Size and native alignment of a format character.
fn kind(code: u8, native: bool) -> Option<usize> {
    Some(match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' => {
            if native {
                8
            } else {
                4
            }
        }
        b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' | b'P' if native => 8,
        _ => return None,
    })
}

fn parse(cx: Ctx, format: &[u8]) -> PyResult<Plan> {
    let (mut native, mut aligned, mut big) = (true, true, false);
    let mut rest = format;
    if let Some((first, others)) = format.split_first() {
        let known = match first {
            b'@' => Some((true, true, false)),
            b'=' | b'<' => Some((false, false, false)),
            b'>' | b'!' => Some((false, false, true)),
            _ => None,
        };
        if let Some(order) = known {
            (native, aligned, big) = order;
            rest = others;
        }
    }
    let (mut fields, mut size) = (Vec::new(), 0usize);
    let too_large = || error(cx, "total struct size too long");
    let mut at = 0;
    while at < rest.len() {
        if rest[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let mut count: Option<usize> = None;
        while let Some(digit) = rest.get(at).filter(|c| c.is_ascii_digit()) {
            let value = count.unwrap_or(0).checked_mul(10);
            let value = value.and_then(|v| v.checked_add(usize::from(digit - b'0')));
            count = Some(value.filter(|v| *v <= isize::MAX as usize).ok_or_else(too_large)?);
            at += 1;
        }
        let Some(&code) = rest.get(at) else {
            return Err(error(cx, "repeat count given without format specifier"));
        };
        at += 1;
        let Some(width) = kind(code, native) else { return Err(error(cx, "bad char in struct format")) };
        if aligned {
            size = size.next_multiple_of(width);
        }
        let count = count.unwrap_or(1);
        let total = count
            .checked_mul(width)
            .and_then(|bytes| size.checked_add(bytes))
            .filter(|total| *total <= isize::MAX as usize)
            .ok_or_else(too_large)?;
        match code {
            b'x' => {}
            b's' | b'p' => fields.push(Field { code, offset: size, size: count }),
            _ => {
                for index in 0..count {
                    fields.push(Field { code, offset: size + index * width, size: width });
                }
            }
        }
        size = total;
    }
    Ok(Plan { fields, size, big, native })
}

fn integer(cx: Ctx, value: &Object) -> PyResult<BigInt> {
    if value.ty().slots().nb_index.is_none() {
        return Err(error(cx, "required argument is not an integer"));
    }
    Ok(cx.index(value)?.to_bigint())
}

fn range_error(cx: Ctx, field: Field, native: bool, value: &BigInt) -> Raised {
    let code = field.code;
    let name = match code {
        b'b' => "byte",
        b'B' => "ubyte",
        b'h' => "short",
        b'H' => "ushort",
        _ => "",
    };
    let signed = code.is_ascii_lowercase();
    let bits = field.size as u32 * 8;
    let (low, high) =
        if signed { (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1) } else { (0, (1i128 << bits) - 1) };
    if !name.is_empty() && i64::try_from(value).is_ok() {
        return error(cx, format_args!("{name} format requires {low} <= number <= {high}"));
    }
    let fits_word = if signed { i64::try_from(value).is_ok() } else { u64::try_from(value).is_ok() };
    let _ = native;
    if field.size < 8 && fits_word {
        return error(cx, format_args!("'{}' format requires {low} <= number <= {high}", char::from(code)));
    }
    error(cx, "argument out of range")
}

/// A half-precision float, rounded to even.
fn to_half(cx: Ctx, value: f64) -> PyResult<u16> {
    let sign = if value.is_sign_negative() { 0x8000u16 } else { 0 };
    if value.is_nan() {
        return Ok(sign | 0x7e00);
    }
    if value.is_infinite() {
        return Ok(sign | 0x7c00);
    }
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return Ok(sign);
    }
    let exponent = (magnitude.log2().floor() as i32).clamp(-14, 16);
    // The mantissa in units of the last place of that exponent.
    let mut exponent = exponent;
    if magnitude < 2f64.powi(exponent) && exponent > -14 {
        exponent -= 1;
    } else if magnitude >= 2f64.powi(exponent + 1) {
        exponent += 1;
    }
    let scaled = (magnitude / 2f64.powi(exponent - 10)).round_ties_even();
    let (mut mantissa, mut biased) = (scaled as u32, exponent + 15);
    if mantissa >= 2048 {
        mantissa /= 2;
        biased += 1;
    }
    if biased >= 31 {
        return Err(cx.overflow_error("float too large to pack with e format"));
    }
    if mantissa < 1024 {
        return Ok(sign | mantissa as u16);
    }
    Ok(sign | (biased as u16) << 10 | (mantissa - 1024) as u16)
}

fn from_half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, mantissa) = (i32::from(bits >> 10 & 31), f64::from(bits & 0x3ff));
    match exponent {
        31 if mantissa == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN.copysign(sign),
        0 => sign * mantissa * 2f64.powi(-24),
        _ => sign * (1.0 + mantissa / 1024.0) * 2f64.powi(exponent - 15),
    }
}

fn put(plan: &Plan, out: &mut [u8], little: &[u8]) {
    out.copy_from_slice(little);
    if plan.big {
        out.reverse();
    }
}

/// The values as bytes; `args` are as many as the plan has fields.
fn pack_values(cx: Ctx, plan: &Plan, args: &[Ref]) -> PyResult<Vec<u8>> {
    let mut out = vec![0; plan.size];
    for (field, value) in plan.fields.iter().zip(args) {
        let place = &mut out[field.offset..field.offset + field.size];
        match field.code {
            b's' | b'p' => {
                let is_bytes = value.is_instance(types().bytes) || value.is_instance(types().bytearray);
                if !is_bytes {
                    let code = char::from(field.code);
                    return Err(error(cx, format_args!("argument for '{code}' must be a bytes object")));
                }
                cx.with_bytes(value, |bytes| {
                    if field.code == b's' {
                        let count = bytes.len().min(place.len());
                        place[..count].copy_from_slice(&bytes[..count]);
                    } else if let Some((head, body)) = place.split_first_mut() {
                        let count = bytes.len().min(body.len()).min(255);
                        *head = count as u8;
                        body[..count].copy_from_slice(&bytes[..count]);
                    }
                })?;
            }
            b'c' => match value.downcast::<BytesObject>().map(BytesObject::as_slice) {
                Some([byte]) => place[0] = *byte,
                _ => return Err(error(cx, "char format requires a bytes object of length 1")),
            },
            b'?' => place[0] = u8::from(cx.is_true(value)?),
            b'e' | b'f' | b'd' => {
                let number = match cx.to_f64(value) {
                    Ok(number) => number,
                    Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
                        cx.clear_exception(raised);
                        return Err(error(cx, "required argument is not a float"));
                    }
                    Err(raised) => return Err(raised),
                };
                match field.code {
                    b'e' => put(plan, place, &to_half(cx, number)?.to_le_bytes()),
                    b'f' => {
                        let single = number as f32;
                        if single.is_infinite() && number.is_finite() && !plan.native {
                            return Err(cx.overflow_error("float too large to pack with f format"));
                        }
                        put(plan, place, &single.to_le_bytes());
                    }
                    _ => put(plan, place, &number.to_le_bytes()),
                }
            }
            _ => {
                let number = integer(cx, value)?;
                let signed = field.code.is_ascii_lowercase();
                let wrapped = field.code == b'P';
                let as_wide = i128::try_from(&number).ok();
                let bits = field.size as u32 * 8;
                let fits = as_wide.is_some_and(|wide| {
                    if wrapped {
                        (-(1i128 << 63)..1i128 << 64).contains(&wide)
                    } else if signed {
                        (-(1i128 << (bits - 1))..1i128 << (bits - 1)).contains(&wide)
                    } else {
                        (0..1i128 << bits).contains(&wide)
                    }
                });
                let Some(wide) = as_wide.filter(|_| fits) else {
                    return Err(range_error(cx, *field, plan.native, &number));
                };
                let bytes = wide.to_le_bytes();
                put(plan, place, &bytes[..field.size]);
            }
        }
    }
    Ok(out)
}

/// The values in `bytes`, which are as many as the plan's size.
fn unpack_values(cx: Ctx, plan: &Plan, bytes: &[u8]) -> Ref {
    let mut values = Vec::with_capacity(plan.fields.len());
    for field in &plan.fields {
        let place = &bytes[field.offset..field.offset + field.size];
        let mut little = [0u8; 8];
        if !matches!(field.code, b's' | b'p') {
            little[..field.size].copy_from_slice(place);
            if plan.big {
                little[..field.size].reverse();
            }
        }
        let word = u64::from_le_bytes(little);
        values.push(match field.code {
            b's' => cx.new_bytes(place).into_object(),
            b'p' => {
                let count =
                    place.first().map_or(0, |head| usize::from(*head)).min(place.len().saturating_sub(1));
                cx.new_bytes(place.get(1..1 + count).unwrap_or_default()).into_object()
            }
            b'c' => cx.new_bytes(place).into_object(),
            b'?' => cx.bool(word != 0),
            b'e' => cx.new_float(from_half(word as u16)),
            b'f' => cx.new_float(f64::from(f32::from_bits(word as u32))),
            b'd' => cx.new_float(f64::from_bits(word)),
            code if code.is_ascii_lowercase() => {
                let unused = 64 - field.size as u32 * 8;
                cx.new_int(((word << unused) as i64) >> unused)
            }
            _ => cx.new_uint(word as usize),
        });
    }
    cx.new_tuple(values).into_object()
}

#[repr(C)]
struct StructObject {
    object: Object,
    format: Slot<StrObject>,
    plan: std::cell::RefCell<Option<std::rc::Rc<Plan>>>,
    weaklist: std::cell::Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for StructObject {}

/// # Safety
/// As [`memory::object::TraverseFn`].
unsafe fn owned(object: std::ptr::NonNull<Object>, visitor: &mut memory::Visitor<'_>) {
    // SAFETY: promised by the caller.
    memory::Trace::trace(&this(unsafe { object.as_ref() }).format, visitor);
}

fn this(object: &Object) -> &StructObject {
    // SAFETY: only slots, methods and attributes of this type call this; subclasses begin with it.
    unsafe { object.cast() }
}

fn plan_of(cx: Ctx, object: &Object) -> PyResult<std::rc::Rc<Plan>> {
    let plan = this(object).plan.borrow().clone();
    plan.ok_or_else(|| cx.runtime_error("Struct object is not initialized"))
}

fn format_of(cx: Ctx, value: &Object) -> PyResult<Vec<u8>> {
    if let Some(text) = value.downcast::<StrObject>() {
        let ascii = text.as_ascii().map(|text| text.as_bytes().to_vec());
        return ascii.ok_or_else(|| error(cx, "bad char in struct format"));
    }
    match value.downcast::<BytesObject>() {
        Some(bytes) => Ok(bytes.as_slice().to_vec()),
        None => Err(cx.type_error(format_args!(
            "Struct() argument 1 must be a str or bytes object, not {}",
            value.ty().tp_name()
        ))),
    }
}

fn parse_object(cx: Ctx, format: &Object) -> PyResult<Plan> {
    parse(cx, &format_of(cx, format)?)
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are an empty slot, an unborrowed `None` and no weak references.
    unsafe { crate::objects::iterators::common::alloc_instance(cx, ty, 0) }
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let signature = Signature { name: "Struct", params: &["format"], required: 1, max_positional: 1 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(format)] = out else { return Err(cx.system_error("bad internal call")) };
    let bytes = format_of(cx, &format)?;
    let plan = parse(cx, &bytes)?;
    this(object).format.set(Some(cx.new_str(&String::from_utf8_lossy(&bytes))));
    *this(object).plan.borrow_mut() = Some(std::rc::Rc::new(plan));
    Ok(())
}

fn check_values(cx: Ctx, plan: &Plan, args: &[Ref], name: &str) -> PyResult<()> {
    if args.len() == plan.fields.len() {
        return Ok(());
    }
    Err(error(
        cx,
        format_args!("{name} expected {} items for packing (got {})", plan.fields.len(), args.len()),
    ))
}

fn do_pack(cx: Ctx, plan: &Plan, args: &[Ref]) -> PyResult {
    check_values(cx, plan, args, "pack")?;
    Ok(cx.new_bytes(&pack_values(cx, plan, args)?).into_object())
}

fn do_pack_into(cx: Ctx, plan: &Plan, args: &[Ref]) -> PyResult {
    let [target, offset, values @ ..] = args else {
        let missing = if args.is_empty() { "buffer" } else { "offset" };
        return Err(error(cx, format_args!("pack_into expected {missing} argument")));
    };
    check_values(cx, plan, values, "pack_into")?;
    let length = super::io::buffer_len(cx, target)? as isize;
    let given = cx.to_size(offset)?;
    let size = plan.size as isize;
    let mut offset = given;
    if offset < 0 {
        if offset + size > 0 {
            return Err(error(cx, format_args!("no space to pack {size} bytes at offset {given}")));
        }
        if offset + length < 0 {
            return Err(error(cx, format_args!("offset {given} out of range for {length}-byte buffer")));
        }
        offset += length;
    }
    if length - offset < size {
        return Err(error(
            cx,
            format_args!(
                "pack_into requires a buffer of at least {} bytes for packing {size} bytes at offset {offset} (actual buffer size is {length})",
                size as i128 + offset as i128
            ),
        ));
    }
    let packed = pack_values(cx, plan, values)?;
    let mut all = cx.with_bytes(target, <[u8]>::to_vec)?;
    let start = offset as usize;
    if let Some(place) = all.get_mut(start..start + packed.len()) {
        place.copy_from_slice(&packed);
    }
    super::io::fill_buffer(cx, target, &all)?;
    Ok(cx.none())
}

fn do_unpack(cx: Ctx, plan: &Plan, data: &Object) -> PyResult {
    let bytes = cx.with_bytes(data, <[u8]>::to_vec)?;
    if bytes.len() != plan.size {
        return Err(error(cx, format_args!("unpack requires a buffer of {} bytes", plan.size)));
    }
    Ok(unpack_values(cx, plan, &bytes))
}

fn do_unpack_from(cx: Ctx, plan: &Plan, data: &Object, offset: isize) -> PyResult {
    let bytes = cx.with_bytes(data, <[u8]>::to_vec)?;
    let (length, size, given) = (bytes.len() as isize, plan.size as isize, offset);
    let mut offset = offset;
    if offset < 0 {
        if offset + size > 0 {
            return Err(error(cx, format_args!("not enough data to unpack {size} bytes at offset {given}")));
        }
        if offset + length < 0 {
            return Err(error(cx, format_args!("offset {given} out of range for {length}-byte buffer")));
        }
        offset += length;
    }
    if length - offset < size {
        return Err(error(
            cx,
            format_args!(
                "unpack_from requires a buffer of at least {} bytes for unpacking {size} bytes at offset {offset} (actual buffer size is {length})",
                size as i128 + offset as i128
            ),
        ));
    }
    let start = offset as usize;
    Ok(unpack_values(cx, plan, &bytes[start..start + plan.size]))
}

fn do_iter_unpack(cx: Ctx, plan: &Plan, data: &Object) -> PyResult {
    let bytes = cx.with_bytes(data, <[u8]>::to_vec)?;
    if plan.size == 0 {
        return Err(error(cx, "cannot iteratively unpack with a struct of length 0"));
    }
    if bytes.len() % plan.size != 0 {
        return Err(error(
            cx,
            format_args!("iterative unpacking requires a buffer of a multiple of {} bytes", plan.size),
        ));
    }
    let items = bytes.chunks_exact(plan.size).map(|chunk| unpack_values(cx, plan, chunk)).collect();
    cx.iter(cx.new_list(items)?.as_object())
}

fn m_pack(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    do_pack(cx, &*plan_of(cx, object)?, args)
}
fn m_pack_into(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    do_pack_into(cx, &*plan_of(cx, object)?, args)
}
fn m_unpack(cx: Ctx, object: &Object, data: &Ref) -> PyResult {
    do_unpack(cx, &*plan_of(cx, object)?, data)
}
fn m_iter_unpack(cx: Ctx, object: &Object, data: &Ref) -> PyResult {
    do_iter_unpack(cx, &*plan_of(cx, object)?, data)
}
fn m_unpack_from(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let signature =
        Signature { name: "unpack_from", params: &["buffer", "offset"], required: 1, max_positional: 2 };
    let mut out = [None, None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(data), offset] = out else { return Err(cx.system_error("bad internal call")) };
    let offset = offset.map_or(Ok(0), |offset| cx.to_size(&offset))?;
    do_unpack_from(cx, &*plan_of(cx, object)?, &data, offset)
}

fn f_calcsize(cx: Ctx, _: &Object, format: &Ref) -> PyResult {
    Ok(cx.new_uint(parse_object(cx, format)?.size))
}
fn f_pack(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let Some((format, values)) = args.split_first() else {
        return Err(cx.type_error("missing format argument"));
    };
    do_pack(cx, &parse_object(cx, format)?, values)
}
fn f_pack_into(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let Some((format, values)) = args.split_first() else {
        return Err(cx.type_error("missing format argument"));
    };
    do_pack_into(cx, &parse_object(cx, format)?, values)
}
fn f_unpack(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "unpack", args, 2, 2)?;
    do_unpack(cx, &parse_object(cx, &args[0])?, &args[1])
}
fn f_iter_unpack(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "iter_unpack", args, 2, 2)?;
    do_iter_unpack(cx, &parse_object(cx, &args[0])?, &args[1])
}
fn f_unpack_from(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature =
        Signature { name: "unpack_from", params: &["", "buffer", "offset"], required: 2, max_positional: 3 };
    let mut out = [None, None, None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(format), Some(data), offset] = out else { return Err(cx.system_error("bad internal call")) };
    let offset = offset.map_or(Ok(0), |offset| cx.to_size(&offset))?;
    do_unpack_from(cx, &parse_object(cx, &format)?, &data, offset)
}
fn clearcache(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.none())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    unsafe { memory::dealloc_as::<StructObject>(object) }
}

static STRUCT: TypeSpec = TypeSpec {
    name: "_struct.Struct",
    doc: Some("Struct(fmt) --> compiled struct object"),
    layout: Layout::plain::<StructObject>().weaklist(std::mem::offset_of!(StructObject, weaklist)),
    basicsize: 56,
    flags: TypeFlags::BASETYPE,
    slots: Slots { new: Some(new), init: Some(init), ..Slots::EMPTY },
    methods: &[
        MethodDef::one(
            "iter_unpack",
            m_iter_unpack,
            "iter_unpack($self, buffer, /)\n--\n\nIterates over the values of one structure after another.",
        ),
        MethodDef::fast("pack", m_pack, "S.pack(v1, v2, ...) -> bytes"),
        MethodDef::fast("pack_into", m_pack_into, "S.pack_into(buffer, offset, v1, v2, ...)"),
        MethodDef::one("unpack", m_unpack, "unpack($self, buffer, /)\n--\n\nThe values of a structure."),
        MethodDef::keywords(
            "unpack_from",
            m_unpack_from,
            "unpack_from($self, /, buffer, offset=0)\n--\n\nThe values of a structure within a buffer.",
        ),
    ],
    getset: &[
        GetSetDef {
            name: "format",
            get: Some(|cx, object| Ok(this(object).format.get().map_or_else(|| cx.none(), Ref::into_object))),
            set: None,
            doc: "struct format string",
        },
        GetSetDef {
            name: "size",
            get: Some(|cx, object| Ok(cx.new_uint(plan_of(cx, object)?.size))),
            set: None,
            doc: "struct size in bytes",
        },
    ],
    dealloc: Some(dealloc),
    owned: Some(owned),
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "Struct", TYPE.make(cx)?.to_object())?;
    let bases = cx.new_tuple(vec![exceptions().exception.to_object()]);
    let namespace = cx.new_dict();
    namespace.set_str(cx, &names().module, cx.intern("struct").into_object())?;
    let class = cx.call(
        types().type_.as_object(),
        &[cx.intern("error").into_object(), bases.into_object(), namespace.into_object()],
    )?;
    module.add(cx, "error", class)
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_struct",
    doc: Some(
        "Values packed into bytes as C structures are, and back.\n\nThe first character of a format may say byte order, size and alignment: @ native, = native order, < little,\n> or ! big endian.",
    ),
    functions: &[
        MethodDef::no_args(
            "_clearcache",
            clearcache,
            "_clearcache($module, /)\n--\n\nClear the internal cache.",
        ),
        MethodDef::one(
            "calcsize",
            f_calcsize,
            "calcsize($module, format, /)\n--\n\nReturn size in bytes of the struct described by the format string.",
        ),
        MethodDef::fast(
            "iter_unpack",
            f_iter_unpack,
            "iter_unpack($module, format, buffer, /)\n--\n\nIterates over the values of one structure after another.",
        ),
        MethodDef::fast("pack", f_pack, "pack(format, v1, v2, ...) -> bytes"),
        MethodDef::fast("pack_into", f_pack_into, "pack_into(format, buffer, offset, v1, v2, ...)"),
        MethodDef::fast(
            "unpack",
            f_unpack,
            "unpack($module, format, buffer, /)\n--\n\nThe values of a structure.",
        ),
        MethodDef::keywords(
            "unpack_from",
            f_unpack_from,
            "unpack_from($module, format, /, buffer, offset=0)\n--\n\nThe values of a structure within a buffer.",
        ),
    ],
    exec: Some(exec),
};
