//! `match`: mapping and class patterns.

use super::regs::Regs;
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::with_borrowed;
use crate::objects::{PyResult, StrObject, TupleObject, TypeFlags, TypeObject, exceptions, names, types};
use crate::vm::Ctx;

/// `MATCH_MAPPING` and `MATCH_SEQUENCE`: whether the subject's type says that it is one.
#[inline(always)]
pub(super) fn match_kind(r: &mut Regs, cx: Ctx, flag: TypeFlags) {
    let truth = r.peek(1).ty().has_flag(flag);
    r.push(cx.bool(truth));
}

#[inline(always)]
pub(super) fn match_keys(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let values = values_of_keys(cx, r.peek(2), r.peek(1))?;
    r.push(values);
    Ok(())
}

#[inline(always)]
pub(super) fn match_class(r: &mut Regs, cx: Ctx, positional: u32) -> PyResult<()> {
    let names = r.pop();
    // SAFETY: the compiler pushes the names as a tuple.
    let result = unsafe { attributes(cx, r.peek(2), r.peek(1), positional as usize, names.cast()) };
    drop(names);
    let found = result?;
    let class = r.pop();
    let subject = r.pop();
    r.push(found.unwrap_or_else(|| cx.none()));
    drop(subject);
    drop(class);
    Ok(())
}

/// The values of `keys` in a mapping as a tuple, or `None` when one is missing.
fn values_of_keys(cx: Ctx, subject: &Object, keys: &Object) -> PyResult {
    // SAFETY: the compiler pushes a tuple.
    let keys = unsafe { keys.cast::<TupleObject>() };
    if keys.is_empty() {
        return Ok(cx.new_tuple(Vec::new()).into_object());
    }
    let (get, is_method) = cx.get_method(subject, &names().get_plain)?;
    let dummy = cx.call0(types().object.as_object())?;
    let seen = crate::objects::set::new_set(cx);
    let mut values = Vec::with_capacity(keys.len());
    for key in keys.as_slice() {
        if cx.contains(&seen, key)? {
            let text = cx.repr_text(key)?;
            return Err(cx.value_error(format_args!("mapping pattern checks duplicate key ({text})")));
        }
        crate::objects::set::add(cx, &seen, key)?;
        let value = if is_method {
            with_borrowed([subject, key, &*dummy], |args| cx.call(&get, args))?
        } else {
            with_borrowed([&**key, &*dummy], |args| cx.call(&get, args))?
        };
        if value.is(&dummy) {
            return Ok(cx.none());
        }
        values.push(value);
    }
    Ok(cx.new_tuple(values).into_object())
}

/// The attributes that a class pattern binds, or `None` when the subject does not match.
fn attributes(
    cx: Ctx,
    subject: &Object,
    class: &Object,
    positional: usize,
    keywords: &TupleObject,
) -> PyResult<Option<Ref>> {
    let Some(ty) = class.downcast::<TypeObject>() else {
        return Err(cx.type_error("called match pattern must be a class"));
    };
    if !cx.is_instance(subject, class)? {
        return Ok(None);
    }
    let seen = crate::objects::set::new_set(cx);
    let mut attributes = Vec::with_capacity(positional + keywords.len());
    if positional > 0 {
        let mut match_self = false;
        let args = match cx.get_attr_opt(class, &names().match_args)? {
            Some(args) => {
                if !args.is_exact(types().tuple) {
                    return Err(cx.type_error(format_args!(
                        "{}.__match_args__ must be a tuple (got {})",
                        ty.name_text(),
                        args.ty().tp_name()
                    )));
                }
                args
            }
            None => {
                match_self = ty.has_flag(TypeFlags::MATCH_SELF);
                cx.new_tuple(Vec::new()).into_object()
            }
        };
        // SAFETY: checked or made above.
        let args = unsafe { args.cast_unchecked::<TupleObject>() };
        let allowed = if match_self { 1 } else { args.len() };
        if positional > allowed {
            return Err(cx.type_error(format_args!(
                "{}() accepts {allowed} positional sub-pattern{} ({positional} given)",
                ty.name_text(),
                if allowed == 1 { "" } else { "s" }
            )));
        }
        if match_self {
            attributes.push(subject.to_ref());
        } else {
            for name in args.as_slice().iter().take(positional) {
                let Some(name) = name.downcast::<StrObject>() else {
                    return Err(cx.type_error(format_args!(
                        "__match_args__ elements must be strings (got {})",
                        name.ty().tp_name()
                    )));
                };
                match match_attribute(cx, subject, ty, name, &seen)? {
                    Some(value) => attributes.push(value),
                    None => return Ok(None),
                }
            }
        }
    }
    for name in keywords.as_slice() {
        // SAFETY: the compiler makes keyword names as strings.
        let name = unsafe { name.cast::<StrObject>() };
        match match_attribute(cx, subject, ty, name, &seen)? {
            Some(value) => attributes.push(value),
            None => return Ok(None),
        }
    }
    // Gathered in a list, which becomes a tuple.
    let list = cx.new_list(attributes)?;
    Ok(Some(cx.tuple_from_slice(list.peek_slice()).into_object()))
}

fn match_attribute(
    cx: Ctx,
    subject: &Object,
    ty: &TypeObject,
    name: &StrObject,
    seen: &Object,
) -> PyResult<Option<Ref>> {
    if cx.contains(seen, name.as_object())? {
        let text = cx.repr_text(name.as_object())?;
        return Err(cx.type_error(format_args!(
            "{}() got multiple sub-patterns for attribute {text}",
            ty.name_text()
        )));
    }
    crate::objects::set::add(cx, seen, name.as_object())?;
    let found = cx.get_attr(subject, name);
    cx.catch(found, exceptions().attribute_error)
}
