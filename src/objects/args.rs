//! Native argument lists: counts, keywords and CPython's messages for both.
//!
//! Which helper to use follows from how CPython parses the function's arguments:
//! [`check_count`] where it unpacks positional arguments, [`bind`] where it also takes keywords.

use std::mem::ManuallyDrop;

use super::slots::Args;
use super::spec::Signature;
use super::{PyResult, Raised};
use crate::memory::{Object, Ref};
use crate::vm::Ctx;

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Checks the number of positional arguments: "pop expected at most 1 argument, got 2".
#[inline]
pub fn check_count(cx: Ctx, name: &str, args: &[Ref], min: usize, max: usize) -> PyResult<()> {
    if args.len() < min || args.len() > max {
        Err(count_error(cx, name, args.len(), min, max))
    } else {
        Ok(())
    }
}

#[cold]
fn count_error(cx: Ctx, name: &str, given: usize, min: usize, max: usize) -> Raised {
    let (bound, count) = match (given < min, min == max) {
        (_, true) => ("", min),
        (true, false) => ("at least ", min),
        (false, false) => ("at most ", max),
    };
    cx.type_error(format!("{name} expected {bound}{count} argument{}, got {given}", plural(count)))
}

/// Refuses keyword arguments: "list() takes no keyword arguments".
#[inline]
pub fn no_keywords(cx: Ctx, name: &str, args: Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(cx.type_error(format!("{name}() takes no keyword arguments")));
    }
    Ok(())
}

/// Positional arguments only, between `min` and `max` of them, for a type's `new` or `init`.
pub fn positional<'a>(cx: Ctx, name: &str, args: Args<'a>, min: usize, max: usize) -> PyResult<&'a [Ref]> {
    no_keywords(cx, name, args)?;
    check_count(cx, name, args.pos(), min, max)?;
    Ok(args.pos())
}

/// Distributes positional and keyword arguments over the parameters of `signature`.
///
/// `out` has one place per parameter; what was not given stays as it was. Raises what CPython's
/// generated parsers raise.
pub fn bind(cx: Ctx, signature: &Signature, args: Args<'_>, out: &mut [Option<Ref>]) -> PyResult<()> {
    bind_as(cx, signature, args, out, Ref::clone)
}

/// As [`bind`], without taking references: for whatever may run Python code with the arguments, which
/// then sees the counts that it sees in CPython.
pub fn bind_borrowed<'a>(
    cx: Ctx,
    signature: &Signature,
    args: Args<'a>,
    out: &mut [Option<&'a Ref>],
) -> PyResult<()> {
    bind_as(cx, signature, args, out, |value| value)
}

#[inline]
fn bind_as<'a, T>(
    cx: Ctx,
    signature: &Signature,
    args: Args<'a>,
    out: &mut [Option<T>],
    take: fn(&'a Ref) -> T,
) -> PyResult<()> {
    let given = args.pos();
    if !args.has_keywords() && given.len() <= signature.max_positional && given.len() >= signature.required {
        for (place, value) in out.iter_mut().zip(given) {
            *place = Some(take(value));
        }
        return Ok(());
    }
    bind_slow(cx, signature, args, out, take)
}

#[cold]
fn bind_slow<'a, T>(
    cx: Ctx,
    signature: &Signature,
    args: Args<'a>,
    out: &mut [Option<T>],
    take: fn(&'a Ref) -> T,
) -> PyResult<()> {
    let params = signature.params;
    let name = signature.name;
    let given = args.pos();
    let named = args.all().len() - given.len();
    let max = signature.max_positional;
    let min = signature.required.min(max);
    let positional_only = params.iter().take_while(|p| p.is_empty()).count();
    if given.len() + named > params.len() {
        let kind = if given.is_empty() { "keyword " } else { "" };
        return Err(cx.type_error(format!(
            "{name}() takes at most {} {kind}argument{} ({} given)",
            params.len(),
            plural(params.len()),
            given.len() + named
        )));
    }
    if given.len() > max {
        if max == 0 {
            return Err(cx.type_error(format!("{name}() takes no positional arguments")));
        }
        let bound = if min < max { "at most" } else { "exactly" };
        return Err(cx.type_error(format!(
            "{name}() takes {bound} {max} positional argument{} ({} given)",
            plural(max),
            given.len()
        )));
    }
    let min_positional_only = positional_only.min(min);
    if given.len() < min_positional_only {
        let bound = if min_positional_only < max { "at least" } else { "exactly" };
        return Err(cx.type_error(format!(
            "{name}() takes {bound} {min_positional_only} positional argument{} ({} given)",
            plural(min_positional_only),
            given.len()
        )));
    }
    for (place, value) in out.iter_mut().zip(given) {
        *place = Some(take(value));
    }
    let find = |param: &str| args.keywords().find(|(key, _)| key.eq_str(param)).map(|(_, value)| value);
    let mut used = 0;
    for (index, param) in params.iter().enumerate().skip(given.len().max(positional_only)) {
        let found = if used < named { find(param) } else { None };
        match found {
            Some(value) => {
                used += 1;
                if let Some(place) = out.get_mut(index) {
                    *place = Some(take(value));
                }
            }
            None if index < min || (max <= index && index < signature.required) => {
                return Err(cx.type_error(format!(
                    "{name}() missing required argument '{param}' (pos {})",
                    index + 1
                )));
            }
            None => {}
        }
    }
    if used < named {
        for (index, param) in params.iter().enumerate().take(given.len()).skip(positional_only) {
            if find(param).is_some() {
                return Err(cx.type_error(format!(
                    "argument for {name}() given by name ('{param}') and position ({})",
                    index + 1
                )));
            }
        }
        for (key, _) in args.keywords() {
            if !params.iter().skip(positional_only).any(|param| key.eq_str(param)) {
                let key = key.to_string_lossy();
                return Err(cx.type_error(format!("'{key}' is an invalid keyword argument for {name}()")));
            }
        }
    }
    Ok(())
}

/// Longest argument list that is put together on the native stack.
const INLINE: usize = 8;

/// Runs `call` with `first` put before `rest`, without taking references: the array borrows what
/// its owners keep alive, so that a callee sees the counts that it sees in CPython.
#[inline]
pub fn with_first<R>(first: &Object, rest: &[Ref], call: impl FnOnce(&[Ref]) -> R) -> R {
    // SAFETY: each element is a bitwise copy of a reference (or a borrow) that outlives the call,
    // and `ManuallyDrop` keeps the copies from being released.
    unsafe {
        let head = Ref::from_owned(first.as_ptr());
        if rest.len() < INLINE {
            let mut array: [ManuallyDrop<Option<Ref>>; INLINE] = [const { ManuallyDrop::new(None) }; INLINE];
            array[0] = ManuallyDrop::new(Some(head));
            std::ptr::copy_nonoverlapping(rest.as_ptr(), array.as_mut_ptr().cast::<Ref>().add(1), rest.len());
            call(std::slice::from_raw_parts(array.as_ptr().cast::<Ref>(), rest.len() + 1))
        } else {
            let mut vector: Vec<ManuallyDrop<Ref>> = Vec::with_capacity(rest.len() + 1);
            vector.push(ManuallyDrop::new(head));
            vector.extend(rest.iter().map(|item| ManuallyDrop::new(Ref::from_owned(item.as_raw()))));
            call(std::slice::from_raw_parts(vector.as_ptr().cast::<Ref>(), vector.len()))
        }
    }
}

/// Runs `call` with borrowed objects as an argument list, without taking references.
#[inline]
pub fn with_borrowed<const N: usize, R>(objects: [&Object; N], call: impl FnOnce(&[Ref]) -> R) -> R {
    // SAFETY: the objects outlive the call and the copies are never released.
    let array: [ManuallyDrop<Ref>; N] =
        objects.map(|object| ManuallyDrop::new(unsafe { Ref::from_owned(object.as_ptr()) }));
    // SAFETY: `ManuallyDrop<Ref>` has the layout of `Ref`.
    call(unsafe { std::slice::from_raw_parts(array.as_ptr().cast::<Ref>(), N) })
}

/// As [`with_borrowed`] for any number of objects.
pub fn with_borrowed_slice<R>(objects: &[&Object], call: impl FnOnce(&[Ref]) -> R) -> R {
    // SAFETY: the objects outlive the call and the copies are never released.
    let vector: Vec<ManuallyDrop<Ref>> =
        objects.iter().map(|object| ManuallyDrop::new(unsafe { Ref::from_owned(object.as_ptr()) })).collect();
    // SAFETY: `ManuallyDrop<Ref>` has the layout of `Ref`.
    call(unsafe { std::slice::from_raw_parts(vector.as_ptr().cast::<Ref>(), vector.len()) })
}

/// Calls `method` on `this` (passed first when `unbound`) from a slot whose arguments are held by
/// a tuple and a dict. Where there are keywords CPython spreads them into an array and takes
/// references for all of it.
#[inline]
pub fn call_spread(cx: Ctx, method: &Object, this: &Object, unbound: bool, args: Args<'_>) -> PyResult {
    use crate::memory::Layout;
    let _hold = cx.hold("the call of a special method", method);
    let held = args
        .names()
        .filter(|_| args.has_keywords())
        .map(|names| (this.to_ref(), args.all().to_vec(), cx.tuple_from_slice(names.as_slice())));
    let args = match &held {
        Some((_, all, names)) => Args::new(all, Some(names)),
        None => args,
    };
    if unbound { cx.call_with_first(method, this, args) } else { cx.call_args(method, args) }
}
