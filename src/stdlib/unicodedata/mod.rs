//! `unicodedata`: the Unicode character database, version 14.0.
//!
//! `table.bin` is recorded from the reference by `tests/record/ucd.py`, which describes its layout.
//! Names and normal forms come from published crates; what 14.0 has not assigned is kept from them.

use unicode_normalization::UnicodeNormalization as _;

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::module::ModuleObject;
use crate::objects::spec::MethodDef;
use crate::objects::str::{raw, unicode};
use crate::objects::{ModuleSpec, PyResult, StrObject};
use crate::vm::Ctx;

static TABLE: &[u8] = include_bytes!("table.bin");

#[rustfmt::skip]
const CATEGORIES: [&str; 30] = [
    "Cn", "Lu", "Ll", "Lt", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Lm",
    "Lo", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
];
#[rustfmt::skip]
const BIDIRECTIONAL: [&str; 24] = [
    "", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S",
    "WS", "ON", "LRI", "RLI", "FSI", "PDI",
];
const WIDTHS: [&str; 6] = ["F", "H", "W", "Na", "A", "N"];

const BITS: usize = 7;
const RECORDS: usize = 16;

const fn word(at: usize) -> usize {
    u32::from_le_bytes([TABLE[at], TABLE[at + 1], TABLE[at + 2], TABLE[at + 3]]) as usize
}

fn half(at: usize) -> usize {
    usize::from(u16::from_le_bytes([TABLE[at], TABLE[at + 1]]))
}

const INDEX: usize = RECORDS + word(0) * 4;
const BLOCKS: usize = INDEX + (0x110000 >> BITS) * 2;
const DECOMPOSITIONS: usize = BLOCKS + (word(4) << BITS) * 2;
const NUMBERS: usize = DECOMPOSITIONS + word(8) * 12;
const TEXT: usize = NUMBERS + word(12) * 12;

/// Category, bidirectional class, combining class, width and mirroring of a code point.
fn record(point: u32) -> [u8; 4] {
    let point = point as usize;
    let block = half(INDEX + (point >> BITS) * 2);
    let at = BLOCKS + ((block << BITS) + (point & ((1 << BITS) - 1))) * 2;
    let at = RECORDS + half(at) * 4;
    [TABLE[at], TABLE[at + 1], TABLE[at + 2], TABLE[at + 3]]
}

/// Where the row of 12 bytes for a code point begins, in a sorted part of the table.
fn row(start: usize, count: usize, point: u32) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = (low + high) / 2;
        match (word(start + middle * 12) as u32).cmp(&point) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Some(start + middle * 12),
        }
    }
    None
}

fn decomposition_of(point: u32) -> &'static str {
    let Some(at) = row(DECOMPOSITIONS, word(8), point) else { return "" };
    let start = TEXT + word(at + 4);
    std::str::from_utf8(&TABLE[start..start + word(at + 8)]).unwrap_or("")
}

fn number_of(point: u32) -> Option<f64> {
    let at = row(NUMBERS, word(12), point)? + 4;
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&TABLE[at..at + 8]);
    Some(f64::from_le_bytes(bytes))
}

/// The character that an argument is; `argument` names it in messages.
fn character(cx: Ctx, function: &str, argument: &str, value: &Object) -> PyResult<u32> {
    let ty = match value.downcast::<StrObject>() {
        Some(text) if text.len() == 1 => return Ok(text.code_point(0)),
        _ => value.ty().tp_name(),
    };
    Err(cx.type_error(format_args!("{function}() {argument} must be a unicode character, not {ty}")))
}

macro_rules! properties {
    ($($name:ident = |$cx:ident, $point:ident| $answer:expr;)*) => {$(
        fn $name($cx: Ctx, _: &Object, c: &Ref) -> PyResult {
            let $point = character($cx, stringify!($name), "argument", c)?;
            Ok($answer)
        }
    )*};
}

properties! {
    category = |cx, point| cx.intern(CATEGORIES[usize::from(record(point)[0])]).into_object();
    bidirectional = |cx, point| cx.intern(BIDIRECTIONAL[usize::from(record(point)[1])]).into_object();
    combining = |cx, point| cx.new_int(record(point)[2].into());
    east_asian_width = |cx, point| cx.intern(WIDTHS[usize::from(record(point)[3] & 7)]).into_object();
    mirrored = |cx, point| cx.new_int((record(point)[3] >> 3).into());
    decomposition = |cx, point| cx.new_str(decomposition_of(point)).into_object();
}

/// What a function with a default answers for a character.
fn or_default(
    cx: Ctx,
    args: &[Ref],
    name: &str,
    what: &str,
    find: impl FnOnce(u32) -> Option<Ref>,
) -> PyResult {
    check_count(cx, name, args, 1, 2)?;
    let point = character(cx, name, "argument 1", &args[0])?;
    find(point).or_else(|| args.get(1).cloned()).ok_or_else(|| cx.value_error(what))
}

fn decimal(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    or_default(cx, args, "decimal", "not a decimal", |point| {
        unicode::decimal(point).map(|value| cx.new_int(value.into()))
    })
}

fn digit(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    or_default(cx, args, "digit", "not a digit", |point| {
        number_of(point).filter(|_| unicode::is_digit(point)).map(|value| cx.new_int(value as i64))
    })
}

fn numeric(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    or_default(cx, args, "numeric", "not a numeric character", |point| {
        number_of(point).map(|value| cx.new_float(value))
    })
}

fn name(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    or_default(cx, args, "name", "no such name", |point| {
        let assigned = !matches!(CATEGORIES[usize::from(record(point)[0])], "Cn" | "Cc" | "Cs" | "Co");
        let name = char::from_u32(point).filter(|_| assigned).and_then(unicode_names2::name)?;
        Some(cx.new_str(&name.to_string()).into_object())
    })
}

fn lookup(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    let Some(text) = name.downcast::<StrObject>() else {
        let ty = name.ty().tp_name();
        return Err(cx.type_error(format_args!("lookup() argument must be str, not {ty}")));
    };
    let text = text.to_string_lossy();
    match unicode_names2::character(&text).filter(|c| record(u32::from(*c))[0] != 0) {
        Some(c) => Ok(raw::from_point(c.into()).into_object()),
        None => {
            let message = format!("undefined character name '{text}'");
            Err(cx.key_error(cx.new_str(&message).into_object()))
        }
    }
}

/// A normal form of text; `None` for an unknown form.
fn normal(form: &str, points: &[u32]) -> Option<Vec<u32>> {
    let mut out = Vec::with_capacity(points.len());
    let flush = |run: &mut String, out: &mut Vec<u32>| -> Option<()> {
        match form {
            "NFC" => out.extend(run.nfc().map(u32::from)),
            "NFD" => out.extend(run.nfd().map(u32::from)),
            "NFKC" => out.extend(run.nfkc().map(u32::from)),
            "NFKD" => out.extend(run.nfkd().map(u32::from)),
            _ => return None,
        }
        run.clear();
        Some(())
    };
    let mut run = String::new();
    for point in points {
        // Lone surrogates, and what 14.0 has not assigned, stay as they are.
        match char::from_u32(*point).filter(|_| record(*point)[0] != 0) {
            Some(c) => run.push(c),
            None => {
                flush(&mut run, &mut out)?;
                out.push(*point);
            }
        }
    }
    flush(&mut run, &mut out)?;
    Some(out)
}

/// The text's code points and those of its normal form, from the arguments `form, text`.
fn normalized(cx: Ctx, name: &str, args: &[Ref]) -> PyResult<(Vec<u32>, Vec<u32>)> {
    check_count(cx, name, args, 2, 2)?;
    let part = |index: usize| {
        args[index].downcast::<StrObject>().ok_or_else(|| {
            let ty = args[index].ty().tp_name();
            cx.type_error(format_args!("{name}() argument {} must be str, not {ty}", index + 1))
        })
    };
    let (form, text) = (part(0)?.to_string_lossy(), part(1)?);
    let points: Vec<u32> = text.code_points().collect();
    let normal = normal(&form, &points).ok_or_else(|| cx.value_error("invalid normalization form"))?;
    Ok((points, normal))
}

fn normalize(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (points, normal) = normalized(cx, "normalize", args)?;
    if points == normal {
        return Ok(args[1].clone());
    }
    Ok(cx.new_str_from_code_points(&normal).into_object())
}

fn is_normalized(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (points, normal) = normalized(cx, "is_normalized", args)?;
    Ok(cx.bool(points == normal))
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    add_functions(cx, module)?;
    module.add(cx, "unidata_version", cx.new_str("14.0.0").into_object())?;
    // DIFFERENCE: the database of 3.2 that the reference keeps for old protocols answers with what
    // 14.0 has.
    let old = crate::objects::module::new_module(cx, &cx.intern("unicodedata.ucd_3_2_0"))?;
    add_functions(cx, &old)?;
    old.add(cx, "unidata_version", cx.new_str("3.2.0").into_object())?;
    module.add(cx, "ucd_3_2_0", old.into_object())
}

fn add_functions(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    for def in PROPERTIES.iter().chain(OTHERS) {
        let name = cx.intern("unicodedata").into_object();
        let function = crate::objects::native::new_native(cx, def, Some(module.to_object()), Some(name));
        module.add(cx, def.name, function.into_object())?;
    }
    Ok(())
}

macro_rules! one {
    ($($name:ident: $doc:literal,)*) => {
        [$(MethodDef::one(stringify!($name), $name, concat!(stringify!($name), "($self, chr, /)\n--\n\n", $doc)),)*]
    };
}

static PROPERTIES: &[MethodDef] = &one! {
    category: "Returns the general category assigned to the character chr as string.",
    bidirectional: "Returns the bidirectional class assigned to the character chr as string.",
    combining: "Returns the canonical combining class assigned to the character chr as integer.",
    mirrored: "Returns the mirrored property assigned to the character chr as integer.",
    east_asian_width: "Returns the east asian width assigned to the character chr as string.",
    decomposition: "Returns the character decomposition mapping assigned to the character chr as string.",
};

static OTHERS: &[MethodDef] = &[
    MethodDef::fast(
        "decimal",
        decimal,
        "decimal($self, chr, default=<unrepresentable>, /)\n--\n\nConverts a Unicode character into its equivalent decimal value.",
    ),
    MethodDef::fast(
        "digit",
        digit,
        "digit($self, chr, default=<unrepresentable>, /)\n--\n\nConverts a Unicode character into its equivalent digit value.",
    ),
    MethodDef::fast(
        "numeric",
        numeric,
        "numeric($self, chr, default=<unrepresentable>, /)\n--\n\nConverts a Unicode character into its equivalent numeric value.",
    ),
    MethodDef::fast(
        "name",
        name,
        "name($self, chr, default=<unrepresentable>, /)\n--\n\nReturns the name assigned to the character chr as a string.",
    ),
    MethodDef::one("lookup", lookup, "lookup($self, name, /)\n--\n\nLook up character by name."),
    MethodDef::fast(
        "normalize",
        normalize,
        "normalize($self, form, unistr, /)\n--\n\nReturn the normal form 'form' for the Unicode string unistr.",
    ),
    MethodDef::fast(
        "is_normalized",
        is_normalized,
        "is_normalized($self, form, unistr, /)\n--\n\nReturn whether the Unicode string unistr is in the normal form 'form'.",
    ),
];

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "unicodedata",
    doc: Some("This module provides access to the Unicode Character Database."),
    functions: &[],
    exec: Some(exec),
};
