//! The methods that `bytes` and `bytearray` share, written once over their bytes.
//!
//! A `bytearray` can change while its arguments' code runs, so arguments are made into plain bytes
//! first and the receiver is looked at last.

use super::BytesObject;
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::slots::Args;
use crate::objects::spec::Signature;
use crate::objects::str::methods::{bounds, named_text};
use crate::objects::str::{codec, search};
use crate::objects::{PyResult, StrObject, TupleObject, types};
use crate::vm::Ctx;

/// `bytes` or `bytearray`: how to see the bytes of an instance and how to make a new one.
pub trait Family {
    const NAME: &'static str;
    fn slice(object: &Object) -> &[u8];
    fn make(cx: Ctx, bytes: &[u8]) -> Ref;
    /// The receiver where nothing changed: itself if immutable and exact, else a copy.
    fn unchanged(cx: Ctx, object: &Object) -> Ref;
}

/// `bytes`.
pub struct Bytes;

impl Family for Bytes {
    const NAME: &'static str = "bytes";
    fn slice(object: &Object) -> &[u8] {
        // SAFETY: the call layer checks that methods of `bytes` get an instance of it.
        unsafe { object.cast::<BytesObject>() }.as_slice()
    }
    fn make(cx: Ctx, bytes: &[u8]) -> Ref {
        cx.new_bytes(bytes).into_object()
    }
    fn unchanged(cx: Ctx, object: &Object) -> Ref {
        if object.is_exact(types().bytes) {
            object.to_ref()
        } else {
            cx.new_bytes(Self::slice(object)).into_object()
        }
    }
}

/// A bytes-like argument as bytes of its own.
pub(crate) fn buffer(cx: Ctx, object: &Object) -> PyResult<Vec<u8>> {
    cx.with_bytes(object, <[u8]>::to_vec)
}

/// What `find` and `in` look for: bytes, or one byte as an integer.
pub(crate) fn needle(cx: Ctx, object: &Object) -> PyResult<Vec<u8>> {
    if object.ty().slots().as_bytes.is_some() {
        return buffer(cx, object);
    }
    if object.ty().slots().nb_index.is_none() {
        return Err(cx.type_error(format_args!(
            "argument should be integer or bytes-like object, not '{}'",
            object.ty().tp_name()
        )));
    }
    Ok(vec![byte(cx, object)?])
}

/// An integer argument that is a byte.
pub(crate) fn byte(cx: Ctx, object: &Object) -> PyResult<u8> {
    let value = cx.index(object)?.as_i64().and_then(|value| u8::try_from(value).ok());
    value.ok_or_else(|| cx.value_error("byte must be in range(0, 256)"))
}

/// The receiver's bytes from `start` to `end` and the needle; `None` where nothing can be found.
fn find_arguments<F: Family>(
    cx: Ctx,
    name: &str,
    this: &Object,
    args: &[Ref],
) -> PyResult<Option<(Vec<u8>, usize, usize)>> {
    if args.is_empty() || args.len() > 3 {
        let (bound, count) =
            if args.is_empty() { ("at least", "1 argument") } else { ("at most", "3 arguments") };
        return Err(cx.type_error(format_args!("{name}() takes {bound} {count} ({} given)", args.len())));
    }
    let (start, end) = bounds(cx, F::slice(this).len(), &args[1..])?;
    let needle = needle(cx, &args[0])?;
    let end = end.min(F::slice(this).len());
    Ok((start <= end).then_some((needle, start, end)))
}

fn find_in<F: Family>(
    cx: Ctx,
    name: &str,
    this: &Object,
    args: &[Ref],
    backwards: bool,
) -> PyResult<Option<usize>> {
    let Some((needle, start, end)) = find_arguments::<F>(cx, name, this, args)? else { return Ok(None) };
    let part = &F::slice(this)[start..end];
    let found =
        if backwards { search::rfind_bytes(part, &needle) } else { search::find_bytes(part, &needle) };
    Ok(found.map(|at| at + start))
}

pub(crate) fn find<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    Ok(cx.new_int(find_in::<F>(cx, "find", this, args, false)?.map_or(-1, |at| at as i64)))
}

pub(crate) fn rfind<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    Ok(cx.new_int(find_in::<F>(cx, "rfind", this, args, true)?.map_or(-1, |at| at as i64)))
}

pub(crate) fn index<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    match find_in::<F>(cx, "index", this, args, false)? {
        Some(at) => Ok(cx.new_uint(at)),
        None => Err(cx.value_error("subsection not found")),
    }
}

pub(crate) fn rindex<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    match find_in::<F>(cx, "rindex", this, args, true)? {
        Some(at) => Ok(cx.new_uint(at)),
        None => Err(cx.value_error("subsection not found")),
    }
}

pub(crate) fn count<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    let Some((needle, start, end)) = find_arguments::<F>(cx, "count", this, args)? else {
        return Ok(cx.new_int(0));
    };
    if needle.is_empty() {
        return Ok(cx.new_uint(end - start + 1));
    }
    let (mut at, mut found) = (start, 0);
    while let Some(offset) = search::find_bytes(&F::slice(this)[at..end], &needle) {
        at += offset + needle.len();
        found += 1;
    }
    Ok(cx.new_uint(found))
}

fn tail_match<F: Family>(cx: Ctx, name: &str, this: &Object, args: &[Ref], at_end: bool) -> PyResult {
    if args.is_empty() || args.len() > 3 {
        let (bound, count) =
            if args.is_empty() { ("at least", "1 argument") } else { ("at most", "3 arguments") };
        return Err(cx.type_error(format_args!("{name}() takes {bound} {count} ({} given)", args.len())));
    }
    let (start, end) = bounds(cx, F::slice(this).len(), &args[1..])?;
    let matches = |affix: &[u8]| {
        let bytes = F::slice(this);
        let end = end.min(bytes.len());
        start <= end
            && if at_end { bytes[start..end].ends_with(affix) } else { bytes[start..end].starts_with(affix) }
    };
    if let Some(affixes) = args[0].downcast::<TupleObject>() {
        for affix in affixes.as_slice() {
            if matches(&buffer(cx, affix)?) {
                return Ok(cx.bool(true));
            }
        }
        return Ok(cx.bool(false));
    }
    if args[0].ty().slots().as_bytes.is_none() {
        return Err(cx.type_error(format_args!(
            "{name} first arg must be bytes or a tuple of bytes, not {}",
            args[0].ty().tp_name()
        )));
    }
    Ok(cx.bool(matches(&buffer(cx, &args[0])?)))
}

pub(crate) fn startswith<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    tail_match::<F>(cx, "startswith", this, args, false)
}

pub(crate) fn endswith<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    tail_match::<F>(cx, "endswith", this, args, true)
}

pub(crate) fn removeprefix<F: Family>(cx: Ctx, this: &Object, prefix: &Ref) -> PyResult {
    let prefix = buffer(cx, prefix)?;
    Ok(match F::slice(this).strip_prefix(prefix.as_slice()) {
        Some(rest) if !prefix.is_empty() => F::make(cx, rest),
        _ => F::unchanged(cx, this),
    })
}

pub(crate) fn removesuffix<F: Family>(cx: Ctx, this: &Object, suffix: &Ref) -> PyResult {
    let suffix = buffer(cx, suffix)?;
    Ok(match F::slice(this).strip_suffix(suffix.as_slice()) {
        Some(rest) if !suffix.is_empty() => F::make(cx, rest),
        _ => F::unchanged(cx, this),
    })
}

/// A copy with every byte mapped.
macro_rules! mapped {
    ($($name:ident = |$bytes:ident| $body:expr;)*) => {$(
        pub(crate) fn $name<F: Family>(cx: Ctx, this: &Object) -> PyResult {
            let $bytes = F::slice(this);
            let result: Vec<u8> = $body;
            Ok(F::make(cx, &result))
        }
    )*};
}

mapped! {
    lower = |bytes| bytes.to_ascii_lowercase();
    upper = |bytes| bytes.to_ascii_uppercase();
    swapcase = |bytes| bytes
        .iter()
        .map(|b| if b.is_ascii_uppercase() { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() })
        .collect();
    capitalize = |bytes| {
        let mut out = bytes.to_ascii_lowercase();
        if let Some(first) = out.first_mut() {
            first.make_ascii_uppercase();
        }
        out
    };
    title = |bytes| {
        let mut inside = false;
        bytes
            .iter()
            .map(|b| {
                let mapped = if inside { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() };
                inside = b.is_ascii_alphabetic();
                mapped
            })
            .collect()
    };
}

/// ASCII whitespace as `bytes` sees it.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

/// Whether there are bytes and all pass the test.
macro_rules! all {
    ($($name:ident = $test:expr;)*) => {$(
        pub(crate) fn $name<F: Family>(cx: Ctx, this: &Object) -> PyResult {
            let bytes = F::slice(this);
            let test: fn(&u8) -> bool = $test;
            Ok(cx.bool(!bytes.is_empty() && bytes.iter().all(test)))
        }
    )*};
}

all! {
    isalnum = u8::is_ascii_alphanumeric;
    isalpha = u8::is_ascii_alphabetic;
    isdigit = u8::is_ascii_digit;
    isspace = |byte| is_space(*byte);
}

pub(crate) fn isascii<F: Family>(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.bool(F::slice(this).is_ascii()))
}

pub(crate) fn islower<F: Family>(cx: Ctx, this: &Object) -> PyResult {
    let bytes = F::slice(this);
    Ok(cx.bool(bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)))
}

pub(crate) fn isupper<F: Family>(cx: Ctx, this: &Object) -> PyResult {
    let bytes = F::slice(this);
    Ok(cx.bool(bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)))
}

pub(crate) fn istitle<F: Family>(cx: Ctx, this: &Object) -> PyResult {
    let (mut any, mut inside) = (false, false);
    for byte in F::slice(this) {
        if byte.is_ascii_uppercase() == inside && byte.is_ascii_alphabetic() {
            return Ok(cx.bool(false));
        }
        inside = byte.is_ascii_alphabetic();
        any |= inside;
    }
    Ok(cx.bool(any))
}

/// Separator and limit of `split`.
fn split_arguments(cx: Ctx, name: &'static str, args: Args<'_>) -> PyResult<(Option<Vec<u8>>, usize)> {
    let signature = Signature { name, params: &["sep", "maxsplit"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &signature, args, &mut bound)?;
    let [separator, most] = bound;
    let most = match most {
        Some(most) => cx.to_size(&most)?,
        None => -1,
    };
    let separator = match separator {
        Some(separator) if !cx.is_none(&separator) => {
            let separator = buffer(cx, &separator)?;
            if separator.is_empty() {
                return Err(cx.value_error("empty separator"));
            }
            Some(separator)
        }
        _ => None,
    };
    Ok((separator, usize::try_from(most).unwrap_or(usize::MAX)))
}

pub(crate) fn split<F: Family>(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    let (separator, most) = split_arguments(cx, "split", args)?;
    let bytes = F::slice(this);
    let mut parts: Vec<Ref> = Vec::new();
    match separator {
        Some(separator) => {
            let mut start = 0;
            while parts.len() < most {
                let Some(at) = search::find_bytes(&bytes[start..], &separator) else { break };
                parts.push(F::make(cx, &bytes[start..start + at]));
                start += at + separator.len();
            }
            parts.push(if start == 0 { F::unchanged(cx, this) } else { F::make(cx, &bytes[start..]) });
        }
        None => {
            let mut rest = bytes.trim_ascii_start_full();
            while !rest.is_empty() {
                if parts.len() == most {
                    parts.push(F::make(cx, rest));
                    break;
                }
                let end = rest.iter().position(|&b| is_space(b)).unwrap_or(rest.len());
                parts.push(if end == bytes.len() {
                    F::unchanged(cx, this)
                } else {
                    F::make(cx, &rest[..end])
                });
                rest = rest[end..].trim_ascii_start_full();
            }
        }
    }
    crate::objects::str::split::split_list(cx, parts, most)
}

/// Leading whitespace off, vertical tabs included.
trait TrimStart {
    fn trim_ascii_start_full(&self) -> &[u8];
}

impl TrimStart for [u8] {
    fn trim_ascii_start_full(&self) -> &[u8] {
        let start = self.iter().position(|&b| !is_space(b)).unwrap_or(self.len());
        &self[start..]
    }
}

pub(crate) fn rsplit<F: Family>(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    let (separator, most) = split_arguments(cx, "rsplit", args)?;
    let bytes = F::slice(this);
    let mut parts: Vec<Ref> = Vec::new();
    let mut end = bytes.len();
    match separator {
        Some(separator) => {
            while parts.len() < most {
                let Some(at) = search::rfind_bytes(&bytes[..end], &separator) else { break };
                parts.push(F::make(cx, &bytes[at + separator.len()..end]));
                end = at;
            }
            parts.push(if end == bytes.len() { F::unchanged(cx, this) } else { F::make(cx, &bytes[..end]) });
        }
        None => loop {
            end = bytes[..end].iter().rposition(|&b| !is_space(b)).map_or(0, |at| at + 1);
            if end == 0 {
                break;
            }
            if parts.len() == most {
                parts.push(F::make(cx, &bytes[..end]));
                break;
            }
            let start = bytes[..end].iter().rposition(|&b| is_space(b)).map_or(0, |at| at + 1);
            let whole = start == 0 && end == bytes.len();
            parts.push(if whole { F::unchanged(cx, this) } else { F::make(cx, &bytes[start..end]) });
            end = start;
        },
    }
    parts.reverse();
    crate::objects::str::split::split_list(cx, parts, most)
}

pub(crate) fn splitlines<F: Family>(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "splitlines", params: &["keepends"], required: 0, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let keep = match &bound[0] {
        Some(keep) => cx.to_i32(keep)? != 0,
        None => false,
    };
    let lines = cx.new_list(Vec::new())?;
    let bytes = F::slice(this);
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte != b'\n' && byte != b'\r' {
            continue;
        }
        let end = at - 1;
        if byte == b'\r' && bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
        lines.push(cx, F::make(cx, &bytes[start..if keep { at } else { end }]))?;
        start = at;
    }
    if start < bytes.len() {
        lines.push(cx, F::make(cx, &bytes[start..]))?;
    }
    Ok(lines.into_object())
}

fn partition_at<F: Family>(cx: Ctx, this: &Object, arg: &Ref, backwards: bool) -> PyResult {
    let separator = buffer(cx, arg)?;
    if separator.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    let bytes = F::slice(this);
    let found = if backwards {
        search::rfind_bytes(bytes, &separator)
    } else {
        search::find_bytes(bytes, &separator)
    };
    let items = match found {
        Some(at) => {
            // `bytes` gives its argument back, `bytearray` a copy.
            let middle = if F::NAME == "bytes" { arg.clone() } else { F::make(cx, &separator) };
            vec![F::make(cx, &bytes[..at]), middle, F::make(cx, &bytes[at + separator.len()..])]
        }
        None if backwards => vec![F::make(cx, b""), F::make(cx, b""), F::unchanged(cx, this)],
        None => vec![F::unchanged(cx, this), F::make(cx, b""), F::make(cx, b"")],
    };
    Ok(cx.new_tuple(items).into_object())
}

pub(crate) fn partition<F: Family>(cx: Ctx, this: &Object, separator: &Ref) -> PyResult {
    partition_at::<F>(cx, this, separator, false)
}

pub(crate) fn rpartition<F: Family>(cx: Ctx, this: &Object, separator: &Ref) -> PyResult {
    partition_at::<F>(cx, this, separator, true)
}

fn stripped<F: Family>(
    cx: Ctx,
    name: &str,
    this: &Object,
    args: &[Ref],
    left: bool,
    right: bool,
) -> PyResult {
    check_count(cx, name, args, 0, 1)?;
    let chars = match args.first() {
        Some(chars) if !cx.is_none(chars) => Some(buffer(cx, chars)?),
        _ => None,
    };
    let drop = |byte: u8| chars.as_ref().map_or(is_space(byte), |chars| chars.contains(&byte));
    let bytes = F::slice(this);
    let (mut start, mut end) = (0, bytes.len());
    while left && start < end && drop(bytes[start]) {
        start += 1;
    }
    while right && end > start && drop(bytes[end - 1]) {
        end -= 1;
    }
    if start == 0 && end == bytes.len() {
        return Ok(F::unchanged(cx, this));
    }
    Ok(F::make(cx, &bytes[start..end]))
}

pub(crate) fn strip<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    stripped::<F>(cx, "strip", this, args, true, true)
}

pub(crate) fn lstrip<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    stripped::<F>(cx, "lstrip", this, args, true, false)
}

pub(crate) fn rstrip<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    stripped::<F>(cx, "rstrip", this, args, false, true)
}

pub(crate) fn join<F: Family>(cx: Ctx, this: &Object, iterable: &Ref) -> PyResult {
    let items = cx.sequence_fast(iterable, "can only join an iterable")?;
    if let ([only], "bytes") = (items.as_slice(), F::NAME) {
        if only.is_exact(types().bytes) {
            return Ok(only.clone());
        }
    }
    let mut out = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(F::slice(this));
        }
        if item.ty().slots().as_bytes.is_none() {
            return Err(cx.type_error(format_args!(
                "sequence item {index}: expected a bytes-like object, {} found",
                item.ty().tp_name()
            )));
        }
        cx.with_bytes(item, |bytes| out.extend_from_slice(bytes))?;
    }
    Ok(F::make(cx, &out))
}

pub(crate) fn replace<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "replace", args, 2, 3)?;
    let (old, new) = (buffer(cx, &args[0])?, buffer(cx, &args[1])?);
    let most = match args.get(2) {
        Some(count) => cx.to_size(count)?,
        None => -1,
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let bytes = F::slice(this);
    let mut out = Vec::with_capacity(bytes.len());
    if old.is_empty() {
        if new.is_empty() || most == 0 {
            return Ok(F::unchanged(cx, this));
        }
        for index in 0..=bytes.len() {
            if index < most {
                out.extend_from_slice(&new);
            }
            out.extend(bytes.get(index));
        }
        return Ok(F::make(cx, &out));
    }
    let (mut start, mut done) = (0, 0);
    while done < most {
        let Some(at) = search::find_bytes(&bytes[start..], &old) else { break };
        out.extend_from_slice(&bytes[start..start + at]);
        out.extend_from_slice(&new);
        start += at + old.len();
        done += 1;
    }
    if done == 0 {
        return Ok(F::unchanged(cx, this));
    }
    out.extend_from_slice(&bytes[start..]);
    Ok(F::make(cx, &out))
}

fn padded<F: Family>(
    cx: Ctx,
    name: &str,
    this: &Object,
    args: &[Ref],
    left: fn(usize, usize) -> usize,
) -> PyResult {
    check_count(cx, name, args, 1, 2)?;
    let width = usize::try_from(cx.to_size(&args[0])?).unwrap_or(0);
    let fill = match args.get(1) {
        None => b' ',
        Some(fill) => {
            let family = fill.is_instance(types().bytes) || fill.is_instance(types().bytearray);
            match if family { buffer(cx, fill)? } else { Vec::new() }.as_slice() {
                [byte] => *byte,
                _ => {
                    return Err(cx.type_error(format_args!(
                        "{name}() argument 2 must be a byte string of length 1, not {}",
                        fill.ty().tp_name()
                    )));
                }
            }
        }
    };
    let bytes = F::slice(this);
    let missing = width.saturating_sub(bytes.len());
    if missing == 0 {
        return Ok(F::unchanged(cx, this));
    }
    super::check_size(cx, width)?;
    let before = left(missing, width);
    let mut out = vec![fill; before];
    out.extend_from_slice(bytes);
    out.resize(width, fill);
    Ok(F::make(cx, &out))
}

pub(crate) fn center<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    padded::<F>(cx, "center", this, args, |missing, width| missing / 2 + (missing & width & 1))
}

pub(crate) fn ljust<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    padded::<F>(cx, "ljust", this, args, |_, _| 0)
}

pub(crate) fn rjust<F: Family>(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    padded::<F>(cx, "rjust", this, args, |missing, _| missing)
}

pub(crate) fn zfill<F: Family>(cx: Ctx, this: &Object, width: &Ref) -> PyResult {
    let width = usize::try_from(cx.to_size(width)?).unwrap_or(0);
    let bytes = F::slice(this);
    let missing = width.saturating_sub(bytes.len());
    if missing == 0 {
        return Ok(F::unchanged(cx, this));
    }
    super::check_size(cx, width)?;
    let signs = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut out = bytes[..signs].to_vec();
    out.resize(signs + missing, b'0');
    out.extend_from_slice(&bytes[signs..]);
    Ok(F::make(cx, &out))
}

pub(crate) fn expandtabs<F: Family>(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "expandtabs", params: &["tabsize"], required: 0, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let size = match &bound[0] {
        Some(size) => usize::try_from(cx.to_i32(size)?).unwrap_or(0),
        None => 8,
    };
    let mut out = Vec::new();
    let mut column = 0;
    for &byte in F::slice(this) {
        if byte == b'\t' {
            if size > 0 {
                let step = size - column % size;
                super::check_size(cx, step)?;
                out.resize(out.len() + step, b' ');
                column += step;
            }
        } else {
            out.push(byte);
            column = if matches!(byte, b'\n' | b'\r') { 0 } else { column + 1 };
        }
    }
    Ok(F::make(cx, &out))
}

pub(crate) fn translate<F: Family>(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "translate", params: &["", "delete"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let [table, delete] = bound;
    let table = match table {
        Some(table) if !cx.is_none(&table) => {
            let table = buffer(cx, &table)?;
            if table.len() != 256 {
                return Err(cx.value_error("translation table must be 256 characters long"));
            }
            Some(table)
        }
        _ => None,
    };
    let delete = match delete {
        Some(delete) => buffer(cx, &delete)?,
        None => Vec::new(),
    };
    let kept = F::slice(this).iter().filter(|byte| !delete.contains(byte));
    let out: Vec<u8> = kept.map(|&byte| table.as_ref().map_or(byte, |table| table[byte as usize])).collect();
    if out == F::slice(this) {
        return Ok(F::unchanged(cx, this));
    }
    Ok(F::make(cx, &out))
}

pub(crate) fn maketrans(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "maketrans", args, 2, 2)?;
    let (from, to) = (buffer(cx, &args[0])?, buffer(cx, &args[1])?);
    if from.len() != to.len() {
        return Err(cx.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (from, to) in from.iter().zip(to) {
        table[*from as usize] = to;
    }
    Ok(cx.new_bytes(&table).into_object())
}

pub(crate) fn decode<F: Family>(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "decode", params: &["encoding", "errors"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let encoding = named_text(cx, "decode", "encoding", &bound[0], "utf-8")?;
    let errors = named_text(cx, "decode", "errors", &bound[1], "strict")?;
    Ok(codec::decode(cx, F::slice(this), &encoding, &errors)?.into_object())
}

/// `hex` of any bytes: separator and group size from the arguments.
pub(crate) fn hex_of(cx: Ctx, bytes: &[u8], args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "hex", params: &["sep", "bytes_per_sep"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let [separator, group] = bound;
    let group = match group {
        Some(group) => cx.to_i32(&group)?,
        None => 1,
    };
    let separator = match separator {
        None => None,
        Some(separator) => {
            if cx.len(&separator)? != 1 {
                return Err(cx.value_error("sep must be length 1."));
            }
            if let Some(text) = separator.downcast::<StrObject>() {
                match text.as_ascii() {
                    Some(text) => Some(text.as_bytes()[0]),
                    None => return Err(cx.value_error("sep must be ASCII.")),
                }
            } else if separator.is_instance(types().bytes) {
                Some(Bytes::slice(&separator)[0]).filter(u8::is_ascii)
            } else {
                return Err(cx.type_error("sep must be str or bytes."));
            }
        }
    };
    let size = group.unsigned_abs() as usize;
    let mut out = Vec::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if let (Some(separator), true) = (separator, size > 0 && index > 0) {
            // Groups are counted from the right, or from the left for a negative size.
            let at = if group > 0 { bytes.len() - index } else { index };
            if at % size == 0 {
                out.push(separator);
            }
        }
        out.extend([b"0123456789abcdef"[(byte >> 4) as usize], b"0123456789abcdef"[(byte & 15) as usize]]);
    }
    Ok(crate::objects::str::raw::from_latin1(&out).into_object())
}

pub(crate) fn hex<F: Family>(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    hex_of(cx, F::slice(this), args)
}

/// The bytes that hexadecimal text stands for.
pub(crate) fn parse_hex(cx: Ctx, text: &Object) -> PyResult<Vec<u8>> {
    let Some(text) = text.downcast::<StrObject>() else {
        return Err(
            cx.type_error(format_args!("fromhex() argument must be str, not {}", text.ty().tp_name()))
        );
    };
    let points: Vec<u32> = text.code_points().collect();
    let digit = |at: usize| points.get(at).copied().and_then(char::from_u32).and_then(|c| c.to_digit(16));
    let refuse = |at: usize| {
        cx.value_error(format_args!("non-hexadecimal number found in fromhex() arg at position {at}"))
    };
    let mut out = Vec::with_capacity(points.len() / 2);
    let mut at = 0;
    while at < points.len() {
        if u8::try_from(points[at]).is_ok_and(is_space) {
            at += 1;
            continue;
        }
        let high = digit(at).ok_or_else(|| refuse(at))?;
        let low = digit(at + 1).ok_or_else(|| refuse(at + 1))?;
        out.push((high << 4 | low) as u8);
        at += 2;
    }
    Ok(out)
}

/// The literal: `b'...'`.
pub(crate) fn literal(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            _ if char::from(byte) == quote => out.extend(['\\', quote]),
            32..127 => out.push(byte.into()),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

/// `needle in bytes`.
pub(crate) fn contains<F: Family>(cx: Ctx, this: &Object, item: &Object) -> PyResult<bool> {
    if item.ty().slots().nb_index.is_some() && item.ty().slots().as_bytes.is_none() {
        let byte = byte(cx, item)?;
        return Ok(F::slice(this).contains(&byte));
    }
    let needle = buffer(cx, item)?;
    Ok(search::find_bytes(F::slice(this), &needle).is_some())
}

/// The rows of the method table that both types have, and further ones.
macro_rules! family_methods {
    ($family:ty; $($more:expr),* $(,)?) => {{
        use $crate::objects::bytes::methods as m;
        use $crate::objects::spec::MethodDef;
        &[
            $($more,)*
            MethodDef::no_args("capitalize", m::capitalize::<$family>, "B.capitalize() -> copy of B\n\nA copy whose first byte is upper case and the rest lower."),
            MethodDef::fast("center", m::center::<$family>, "center($self, width, fillchar=b' ', /)\n--\n\nThe bytes in the middle of width bytes."),
            MethodDef::varargs("count", m::count::<$family>, "B.count(sub[, start[, end]]) -> int\n\nHow often sub occurs in B[start:end] without overlap."),
            MethodDef::keywords("decode", m::decode::<$family>, "decode($self, /, encoding='utf-8', errors='strict')\n--\n\nThe bytes as text of an encoding."),
            MethodDef::varargs("endswith", m::endswith::<$family>, "B.endswith(suffix[, start[, end]]) -> bool\n\nWhether B[start:end] ends with the suffix, or one of a tuple of them."),
            MethodDef::keywords("expandtabs", m::expandtabs::<$family>, "expandtabs($self, /, tabsize=8)\n--\n\nA copy with spaces for tabs."),
            MethodDef::varargs("find", m::find::<$family>, "B.find(sub[, start[, end]]) -> int\n\nThe lowest index at which sub lies within B[start:end], or -1."),
            MethodDef::one("fromhex", fromhex, "fromhex($type, string, /)\n--\n\nMakes bytes of hexadecimal text; spaces between numbers are skipped.").class(),
            MethodDef::keywords("hex", m::hex::<$family>, "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nThe bytes as hexadecimal text, with a separator between groups where given."),
            MethodDef::varargs("index", m::index::<$family>, "B.index(sub[, start[, end]]) -> int\n\nThe lowest index at which sub lies within B[start:end]; ValueError if nowhere."),
            MethodDef::no_args("isalnum", m::isalnum::<$family>, "B.isalnum() -> bool\n\nWhether there are bytes and all are ASCII letters or digits."),
            MethodDef::no_args("isalpha", m::isalpha::<$family>, "B.isalpha() -> bool\n\nWhether there are bytes and all are ASCII letters."),
            MethodDef::no_args("isascii", m::isascii::<$family>, "B.isascii() -> bool\n\nWhether all bytes are ASCII."),
            MethodDef::no_args("isdigit", m::isdigit::<$family>, "B.isdigit() -> bool\n\nWhether there are bytes and all are ASCII digits."),
            MethodDef::no_args("islower", m::islower::<$family>, "B.islower() -> bool\n\nWhether there are cased bytes and all are lower case."),
            MethodDef::no_args("isspace", m::isspace::<$family>, "B.isspace() -> bool\n\nWhether there are bytes and all are ASCII whitespace."),
            MethodDef::no_args("istitle", m::istitle::<$family>, "B.istitle() -> bool\n\nWhether each word begins in upper case and goes on in lower case."),
            MethodDef::no_args("isupper", m::isupper::<$family>, "B.isupper() -> bool\n\nWhether there are cased bytes and all are upper case."),
            MethodDef::one("join", m::join::<$family>, "join($self, iterable_of_bytes, /)\n--\n\nThe bytes objects of the iterable one after another, this one between them."),
            MethodDef::fast("ljust", m::ljust::<$family>, "ljust($self, width, fillchar=b' ', /)\n--\n\nThe bytes at the left of width bytes."),
            MethodDef::no_args("lower", m::lower::<$family>, "B.lower() -> copy of B\n\nA copy in ASCII lower case."),
            MethodDef::fast("lstrip", m::lstrip::<$family>, "lstrip($self, bytes=None, /)\n--\n\nA copy without whitespace, or the bytes given, at its beginning."),
            MethodDef::fast("maketrans", m::maketrans, "maketrans(frm, to, /)\n--\n\nA table for translate that maps each byte of frm to the one of to.").static_(),
            MethodDef::one("partition", m::partition::<$family>, "partition($self, sep, /)\n--\n\nThe part before the first separator, the separator, and the part after it."),
            MethodDef::fast("replace", m::replace::<$family>, "replace($self, old, new, count=-1, /)\n--\n\nA copy with each old replaced by new; with count, only the first ones."),
            MethodDef::one("removeprefix", m::removeprefix::<$family>, "removeprefix($self, prefix, /)\n--\n\nA copy without the prefix, if it is there."),
            MethodDef::one("removesuffix", m::removesuffix::<$family>, "removesuffix($self, suffix, /)\n--\n\nA copy without the suffix, if it is there."),
            MethodDef::varargs("rfind", m::rfind::<$family>, "B.rfind(sub[, start[, end]]) -> int\n\nThe highest index at which sub lies within B[start:end], or -1."),
            MethodDef::varargs("rindex", m::rindex::<$family>, "B.rindex(sub[, start[, end]]) -> int\n\nThe highest index at which sub lies within B[start:end]; ValueError if nowhere."),
            MethodDef::fast("rjust", m::rjust::<$family>, "rjust($self, width, fillchar=b' ', /)\n--\n\nThe bytes at the right of width bytes."),
            MethodDef::one("rpartition", m::rpartition::<$family>, "rpartition($self, sep, /)\n--\n\nThe part before the last separator, the separator, and the part after it."),
            MethodDef::keywords("rsplit", m::rsplit::<$family>, "rsplit($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, split from the right."),
            MethodDef::fast("rstrip", m::rstrip::<$family>, "rstrip($self, bytes=None, /)\n--\n\nA copy without whitespace, or the bytes given, at its end."),
            MethodDef::keywords("split", m::split::<$family>, "split($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, from the left."),
            MethodDef::keywords("splitlines", m::splitlines::<$family>, "splitlines($self, /, keepends=False)\n--\n\nA list of the lines; with keepends, their ends are kept."),
            MethodDef::varargs("startswith", m::startswith::<$family>, "B.startswith(prefix[, start[, end]]) -> bool\n\nWhether B[start:end] begins with the prefix, or one of a tuple of them."),
            MethodDef::fast("strip", m::strip::<$family>, "strip($self, bytes=None, /)\n--\n\nA copy without whitespace, or the bytes given, at both ends."),
            MethodDef::no_args("swapcase", m::swapcase::<$family>, "B.swapcase() -> copy of B\n\nA copy with ASCII upper and lower case exchanged."),
            MethodDef::no_args("title", m::title::<$family>, "B.title() -> copy of B\n\nA copy in which each word begins in ASCII upper case."),
            MethodDef::keywords("translate", m::translate::<$family>, "translate($self, table, /, delete=b'')\n--\n\nA copy without the bytes in delete and the others mapped by the table of 256."),
            MethodDef::no_args("upper", m::upper::<$family>, "B.upper() -> copy of B\n\nA copy in ASCII upper case."),
            MethodDef::one("zfill", m::zfill::<$family>, "zfill($self, width, /)\n--\n\nThe bytes filled with zeros at the left, after a sign, to width bytes."),
        ]
    }};
}
pub(crate) use family_methods;
