//! What all exceptions share: construction, `args`, context, cause, traceback, notes.

use std::cell::Cell;
use std::ptr::NonNull;

use super::kinds::{ExceptionObject, FieldsException};
use crate::memory::{Object, Ref, Slot, Trace, Visitor, free_object, new_object, track, untrack};
use crate::objects::spec::{GetSetDef, MemberDef, MethodDef};
use crate::objects::{
    Args, DictObject, PyResult, StrObject, TupleObject, TypeObject, exceptions, names, types,
};
use crate::vm::Ctx;

/// The receiver as an exception.
pub(super) fn exception(object: &Object) -> &ExceptionObject {
    // SAFETY: slots and attributes of exception types are called with exceptions only.
    unsafe { object.cast() }
}

/// Field `index` of an exception whose layout has at least that many.
pub(super) fn field(object: &Object, index: usize) -> &Slot {
    // SAFETY: the fields follow the base in every `FieldsException`; callers know their type's count.
    unsafe { &*object.cast::<FieldsException<8>>().fields.as_ptr().add(index) }
}

/// How many fields the exception's layout has.
fn field_count(object: &Object) -> usize {
    let e = exceptions();
    let is = |ty: &TypeObject| object.is_instance(ty);
    if is(e.stop_iteration) || is(e.system_exit) || is(e.name_error) {
        1
    } else if is(e.attribute_error) || is(e.base_exception_group) {
        2
    } else if is(e.import_error) {
        3
    } else if is(e.os_error) {
        4
    } else if is(e.syntax_error) {
        8
    } else if is(e.unicode_encode_error) || is(e.unicode_decode_error) || is(e.unicode_translate_error) {
        5
    } else {
        0
    }
}

/// `BaseException.__new__`: an instance of `ty` whose `args` are the positional arguments.
pub fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let tuple = args.to_tuple(cx);
    let size = ty.core.info.size.get() as usize;
    // SAFETY: the payload is zeroed, which is an empty `Slot` and `false` everywhere; `args` is set
    // before the object is shown.
    unsafe {
        let object = new_object(&ty.core, size, true);
        let made: &ExceptionObject = object.as_ref().cast();
        made.args.set(Some(tuple));
        track(object.as_ref());
        Ok(Ref::from_owned(object))
    }
}

/// `BaseException.__init__`: no keywords; `args` again.
pub fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    no_keywords(cx, object, args)?;
    exception(object).args.set(Some(args.to_tuple(cx)));
    Ok(())
}

pub(super) fn no_keywords(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(cx.type_error(format_args!("{}() takes no keyword arguments", object.ty().tp_name())));
    }
    Ok(())
}

/// The arguments tuple.
pub(super) fn args_of(cx: Ctx, object: &Object) -> Ref<TupleObject> {
    exception(object).args.get().unwrap_or_else(|| cx.new_tuple(Vec::new()))
}

pub fn repr(cx: Ctx, object: &Object) -> PyResult {
    let args = args_of(cx, object);
    let name = object.ty().name_text();
    let text = match args.as_slice() {
        [one] if !crate::era::is_classic() => {
            let inner = cx.repr(one)?;
            let (open, close) = (cx.new_str(&format!("{name}(")), cx.new_str(")"));
            return Ok(crate::objects::str::raw::concat(cx, &[&open, &inner, &close])?.into_object());
        }
        _ => cx.repr(args.as_object())?,
    };
    Ok(crate::objects::str::raw::concat(cx, &[&cx.new_str(&name), &text])?.into_object())
}

use crate::memory::Layout as _;

pub fn str(cx: Ctx, object: &Object) -> PyResult {
    let args = args_of(cx, object);
    match args.as_slice() {
        [] => Ok(cx.new_str("").into_object()),
        [one] => Ok(cx.str(one)?.into_object()),
        _ => Ok(cx.str(args.as_object())?.into_object()),
    }
}

/// `KeyError.__str__`: the key's repr, since an empty message would say nothing.
pub fn key_error_str(cx: Ctx, object: &Object) -> PyResult {
    let args = args_of(cx, object);
    match args.as_slice() {
        [one] => Ok(cx.repr(one)?.into_object()),
        _ => str(cx, object),
    }
}

/// Releases everything in CPython's order: the type's own fields first, then dict, args, traceback,
/// cause, context.
///
/// # Safety
/// The slot of the exception types.
pub unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: called once with the count at zero; each field is emptied before it is released.
    unsafe {
        let this = object.as_ref();
        untrack(this);
        for index in 0..field_count(this) {
            drop(field(this, index).take());
        }
        let base = exception(this);
        drop(base.dict.take());
        drop(base.args.take());
        drop(base.traceback.take());
        drop(base.cause.take());
        drop(base.context.take());
        free_object(object);
    }
}

/// # Safety
/// The slot of the exception types.
pub unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the object is alive.
    let this = unsafe { object.as_ref() };
    for index in 0..field_count(this) {
        field(this, index).trace(visitor);
    }
    let base = exception(this);
    base.dict.trace(visitor);
    base.args.trace(visitor);
    base.traceback.trace(visitor);
    base.cause.trace(visitor);
    base.context.trace(visitor);
}

/// # Safety
/// The slot of the exception types.
pub unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the object is alive.
    let this = unsafe { object.as_ref() };
    for index in 0..field_count(this) {
        drop(field(this, index).take());
    }
    let base = exception(this);
    drop(base.dict.take());
    drop(base.args.take());
    drop(base.traceback.take());
    drop(base.cause.take());
    drop(base.context.take());
}

fn optional(cx: Ctx, value: Option<Ref>) -> PyResult {
    Ok(value.unwrap_or_else(|| cx.none()))
}

fn set_traceback(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(cx.type_error("__traceback__ may not be deleted"));
    };
    if cx.is_none(value) {
        exception(object).traceback.set(None);
    } else if value.is_exact(types().traceback) {
        exception(object).traceback.set(Some(value.to_ref()));
    } else {
        return Err(cx.type_error("__traceback__ must be a traceback or None"));
    }
    Ok(())
}

fn set_link(cx: Ctx, slot: &Slot, value: Option<&Object>, what: &str) -> PyResult<()> {
    let Some(value) = value else {
        return Err(cx.type_error(format_args!("__{what}__ may not be deleted")));
    };
    if cx.is_none(value) {
        slot.set(None);
    } else if value.is_instance(exceptions().base_exception) {
        slot.set(Some(value.to_ref()));
    } else {
        return Err(cx.type_error(format_args!("exception {what} must be None or derive from BaseException")));
    }
    Ok(())
}

fn with_traceback(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    set_traceback(cx, object, Some(value))?;
    Ok(object.to_ref())
}

fn add_note(cx: Ctx, object: &Object, note: &Ref) -> PyResult {
    if !note.is_instance(types().str) {
        return Err(cx.type_error(format_args!("note must be a str, not '{}'", note.ty().tp_name())));
    }
    let notes = match cx.get_attr_opt(object, &names().notes)? {
        Some(notes) => notes,
        None => {
            let made = cx.new_list(Vec::new())?.into_object();
            cx.set_attr(object, &names().notes, Some(&made))?;
            made
        }
    };
    match notes.downcast::<crate::objects::ListObject>() {
        Some(list) => list.push(cx, note.clone())?,
        None => return Err(cx.type_error("Cannot add note: __notes__ is not a list")),
    }
    Ok(cx.none())
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let base = exception(object);
    let class = object.ty().to_object();
    let args = args_of(cx, object).into_object();
    Ok(match base.dict.get() {
        Some(dict) => cx.new_tuple(vec![class, args, dict.into_object()]),
        None => cx.new_tuple(vec![class, args]),
    }
    .into_object())
}

fn set_state(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    if !cx.is_none(state) {
        let Some(dict) = state.downcast::<DictObject>() else {
            return Err(cx.type_error("state is not a dictionary"));
        };
        for (key, value) in dict.to_vec() {
            match key.downcast::<StrObject>() {
                Some(name) => cx.set_attr(object, name, Some(&value))?,
                None => return Err(cx.type_error("attribute name must be string")),
            }
        }
    }
    Ok(cx.none())
}

pub static METHODS: &[MethodDef] = &[
    MethodDef::no_args("__reduce__", reduce, ""),
    MethodDef::one("__setstate__", set_state, ""),
    MethodDef::one(
        "with_traceback",
        with_traceback,
        "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self.",
    ),
    MethodDef::one("add_note", add_note, "Exception.add_note(note) --\n    add a note to the exception"),
];

pub static MEMBERS: &[MemberDef] = &[MemberDef {
    name: "__suppress_context__",
    get: |cx, e| Ok(cx.bool(exception(e).suppress_context.get())),
    set: Some(|cx, e, value| match value {
        Some(value) if value.is_exact(types().bool) => {
            exception(e).suppress_context.set(cx.is_true(value)?);
            Ok(())
        }
        Some(_) => Err(cx.type_error("attribute value type must be bool")),
        None => Err(cx.type_error("can't delete numeric/char attribute")),
    }),
    doc: "",
}];

pub static GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "__dict__",
        get: Some(|cx, e| {
            let slot = &exception(e).dict;
            if slot.is_empty() {
                slot.set(Some(cx.new_dict()));
            }
            optional(cx, slot.get().map(Ref::into_object))
        }),
        set: Some(|cx, e, value| match value {
            None => Err(cx.type_error("cannot delete __dict__")),
            Some(value) => match value.downcast::<DictObject>() {
                Some(dict) => {
                    exception(e).dict.set(Some(dict.to_ref()));
                    Ok(())
                }
                None => Err(cx.type_error(format_args!(
                    "__dict__ must be set to a dictionary, not a '{}'",
                    value.ty().tp_name()
                ))),
            },
        }),
        doc: "",
    },
    GetSetDef {
        name: "args",
        get: Some(|cx, e| Ok(args_of(cx, e).into_object())),
        set: Some(|cx, e, value| {
            let Some(value) = value else {
                return Err(cx.type_error("args may not be deleted"));
            };
            let items = cx.collect(value)?;
            exception(e).args.set(Some(cx.new_tuple(items)));
            Ok(())
        }),
        doc: "",
    },
    GetSetDef {
        name: "__traceback__",
        get: Some(|cx, e| optional(cx, exception(e).traceback.get())),
        set: Some(set_traceback),
        doc: "",
    },
    GetSetDef {
        name: "__context__",
        get: Some(|cx, e| optional(cx, exception(e).context.get())),
        set: Some(|cx, e, value| set_link(cx, &exception(e).context, value, "context")),
        doc: "exception context",
    },
    GetSetDef {
        name: "__cause__",
        get: Some(|cx, e| optional(cx, exception(e).cause.get())),
        set: Some(|cx, e, value| {
            set_link(cx, &exception(e).cause, value, "cause")?;
            exception(e).suppress_context.set(true);
            Ok(())
        }),
        doc: "exception cause",
    },
];

/// The zeroed payload that `new` relies on: an all-zero slot is empty.
const _: () = assert!(size_of::<Slot>() == size_of::<usize>() && size_of::<Cell<bool>>() == 1);
