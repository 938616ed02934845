//! `BaseExceptionGroup`: splitting by condition, deriving, and what `except*` needs.
//! Fields: message, exceptions (a tuple).

use super::base::{self, exception, field};
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::spec::{MemberDef, MethodDef};
use crate::objects::{
    Args, ListObject, PyResult, TupleObject, TypeFlags, TypeObject, exceptions, names, types,
};
use crate::vm::Ctx;

const MESSAGE: usize = 0;
const EXCEPTIONS: usize = 1;

fn inner(cx: Ctx, group: &Object) -> Vec<Ref> {
    let _ = cx;
    field(group, EXCEPTIONS)
        .get()
        .and_then(|e| e.downcast::<TupleObject>().map(|t| t.as_slice().to_vec()))
        .unwrap_or_default()
}

fn is_group(object: &Object) -> bool {
    object.is_instance(exceptions().base_exception_group)
}

/// `BaseExceptionGroup.__new__(message, exceptions)`.
pub fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let pos = args.pos();
    if pos.len() != 2 {
        return Err(cx.type_error(format_args!(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
            pos.len()
        )));
    }
    if !pos[0].is_instance(types().str) {
        return Err(cx.type_error(format_args!("argument 1 must be str, not {}", pos[0].ty().tp_name())));
    }
    if pos[1].ty().slots().sq_item.is_none() || pos[1].is_instance(types().dict) {
        return Err(cx.type_error("second argument (exceptions) must be a sequence"));
    }
    let items = cx.collect(&pos[1])?;
    if items.is_empty() {
        return Err(cx.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let mut only_exceptions = true;
    for (index, item) in items.iter().enumerate() {
        if !item.is_instance(exceptions().base_exception) {
            return Err(cx.value_error(format_args!(
                "Item {index} of second argument (exceptions) is not an exception"
            )));
        }
        if !item.is_instance(exceptions().exception) {
            only_exceptions = false;
        }
    }
    let group_type = exception_group_type(cx)?;
    let mut actual = ty.to_ref();
    if ty.is_type(exceptions().base_exception_group) {
        if only_exceptions {
            actual = group_type;
        }
    } else if !only_exceptions {
        if ty.is_type(&group_type) {
            return Err(cx.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
        }
        if ty.is_subtype(exceptions().exception) {
            return Err(cx.type_error(format_args!("Cannot nest BaseExceptions in '{}'", ty.name_text())));
        }
    }
    let made = base::new(cx, &actual, args)?;
    field(&made, MESSAGE).set(Some(pos[0].clone()));
    field(&made, EXCEPTIONS).set(Some(cx.new_tuple(items).into_object()));
    Ok(made)
}

/// `ExceptionGroup`, which derives from both `BaseExceptionGroup` and `Exception` and is therefore
/// made as a class at start-up; it lives in `builtins`.
fn exception_group_type(cx: Ctx) -> PyResult<Ref<TypeObject>> {
    let found = cx.vm().exception_group.get();
    match found.and_then(|t| t.downcast_ref::<TypeObject>().ok()) {
        Some(ty) => Ok(ty),
        None => Err(cx.system_error("ExceptionGroup has not been made yet")),
    }
}

/// `str(group)`: "message (N sub-exceptions)".
pub fn str(cx: Ctx, object: &Object) -> PyResult {
    let message = field(object, MESSAGE).get().unwrap_or_else(|| cx.none());
    let count = inner(cx, object).len();
    let text = format!(
        "{} ({count} sub-exception{})",
        cx.str(&message)?.to_string_lossy(),
        if count == 1 { "" } else { "s" }
    );
    Ok(cx.new_str(&text).into_object())
}

/// How `split` and `subgroup` choose.
enum Matcher<'a> {
    /// By type or tuple of types.
    Types(&'a Object),
    Predicate(&'a Object),
    /// These very exceptions (by identity).
    Among(&'a [usize]),
}

fn matcher<'a>(cx: Ctx, condition: &'a Object) -> PyResult<Matcher<'a>> {
    let is_class =
        |o: &Object| o.downcast::<TypeObject>().is_some_and(|t| t.has_flag(TypeFlags::BASE_EXC_SUBCLASS));
    if is_class(condition)
        || condition.downcast::<TupleObject>().is_some_and(|t| t.as_slice().iter().all(|o| is_class(o)))
    {
        return Ok(Matcher::Types(condition));
    }
    if condition.is_exact(types().function) {
        return Ok(Matcher::Predicate(condition));
    }
    Err(cx.type_error("expected a function, exception type or tuple of exception types"))
}

fn matches(cx: Ctx, one: &Object, matcher: &Matcher<'_>) -> PyResult<bool> {
    match matcher {
        Matcher::Types(wanted) => Ok(crate::vm::exception_matches(one, wanted)),
        Matcher::Predicate(function) => {
            let result = cx.call1(function, one)?;
            cx.is_true(&result)
        }
        Matcher::Among(addresses) => Ok(!is_group(one) && addresses.contains(&one.address())),
    }
}

/// Splits recursively into what matches and the rest.
fn split(cx: Ctx, one: &Object, by: &Matcher<'_>, want_rest: bool) -> PyResult<(Option<Ref>, Option<Ref>)> {
    let _guard = cx.enter_recursion(" in exceptiongroup_split_recursive")?;
    if matches(cx, one, by)? {
        return Ok((Some(one.to_ref()), None));
    }
    if !is_group(one) {
        return Ok((None, want_rest.then(|| one.to_ref())));
    }
    let matched = cx.new_list(Vec::new())?;
    let rest = if want_rest { Some(cx.new_list(Vec::new())?) } else { None };
    for item in inner(cx, one) {
        let (yes, no) = split(cx, &item, by, want_rest)?;
        if let Some(yes) = yes {
            matched.push(cx, yes)?;
        }
        if let (Some(rest), Some(no)) = (&rest, no) {
            rest.push(cx, no)?;
        }
    }
    let found = derive(cx, one, &matched)?;
    let left = match &rest {
        Some(rest) => derive(cx, one, rest)?,
        None => None,
    };
    Ok((found, left))
}

/// A group like `original` over other exceptions: `original.derive(...)`, with its metadata.
fn derive(cx: Ctx, original: &Object, list: &ListObject) -> PyResult<Option<Ref>> {
    if list.is_empty() {
        return Ok(None);
    }
    let derive = cx.get_attr(original, &cx.intern("derive"))?;
    // `PyObject_CallMethod` makes a tuple of its arguments, and the call another one.
    let spread = cx.new_tuple(vec![list.to_object()]);
    let made = cx.call(&derive, spread.as_slice())?;
    drop(spread);
    drop(derive);
    if !is_group(&made) {
        return Err(cx.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    let (from, to) = (exception(original), exception(&made));
    to.traceback.set(from.traceback.get());
    to.context.set(from.context.get());
    to.cause.set(from.cause.get());
    to.suppress_context.set(from.suppress_context.get());
    if let Some(notes) = cx.get_attr_opt(original, &names().notes)?
        && notes.ty().slots().sq_item.is_some()
    {
        let copy = cx.collect(&notes)?;
        let copy = cx.new_list(copy)?;
        cx.set_attr(&made, &names().notes, Some(copy.as_object()))?;
    }
    Ok(Some(made))
}

fn derive_method(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    let [list] = args else {
        let given = args.len();
        return Err(cx.type_error(format_args!("function takes exactly 1 argument ({given} given)")));
    };
    let message = field(object, MESSAGE).get().unwrap_or_else(|| cx.none());
    let args = cx.new_tuple(vec![message, list.clone()]);
    cx.call_tuple_dict(exceptions().base_exception_group.as_object(), &args, None)
}

fn split_method(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "split", args, 1, 1)?;
    let condition = &args[0];
    let by = matcher(cx, condition)?;
    let (matched, rest) = split(cx, object, &by, true)?;
    let pair = vec![matched.unwrap_or_else(|| cx.none()), rest.unwrap_or_else(|| cx.none())];
    Ok(cx.new_tuple(pair).into_object())
}

fn subgroup_method(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "subgroup", args, 1, 1)?;
    let condition = &args[0];
    let by = matcher(cx, condition)?;
    let (matched, _) = split(cx, object, &by, false)?;
    Ok(matched.unwrap_or_else(|| cx.none()))
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    crate::objects::generic_alias::new_alias(cx, class, item)
}

pub static METHODS: &[MethodDef] = &[
    MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class(),
    MethodDef::varargs("derive", derive_method, ""),
    MethodDef::varargs("split", split_method, ""),
    MethodDef::varargs("subgroup", subgroup_method, ""),
];

pub static MEMBERS: &[MemberDef] = &[
    MemberDef {
        name: "message",
        get: |cx, e| Ok(field(e, MESSAGE).get().unwrap_or_else(|| cx.none())),
        set: None,
        doc: "exception message",
    },
    MemberDef {
        name: "exceptions",
        get: |cx, e| Ok(field(e, EXCEPTIONS).get().unwrap_or_else(|| cx.none())),
        set: None,
        doc: "nested exceptions",
    },
];

/// `except* wanted:` on an exception: (matched as a group, rest). A plain exception that matches
/// is wrapped.
pub fn split_for_handler(cx: Ctx, raised: &Object, wanted: &Object) -> PyResult<(Option<Ref>, Option<Ref>)> {
    if cx.is_none(raised) {
        return Ok((None, None));
    }
    if crate::vm::exception_matches(raised, wanted) {
        if is_group(raised) {
            return Ok((Some(raised.to_ref()), None));
        }
        let list = cx.new_tuple(vec![raised.to_ref()]).into_object();
        let empty = cx.new_str("").into_object();
        let wrapped = cx.call(exceptions().base_exception_group.as_object(), &[empty, list])?;
        return Ok((Some(wrapped), None));
    }
    if is_group(raised) {
        return split(cx, raised, &Matcher::Types(wanted), true);
    }
    Ok((None, Some(raised.to_ref())))
}

/// Collects the addresses of all leaf exceptions.
fn leaves(cx: Ctx, one: &Object, into: &mut Vec<usize>) {
    if is_group(one) {
        for item in inner(cx, one) {
            leaves(cx, &item, into);
        }
    } else {
        into.push(one.address());
    }
}

fn same_metadata(a: &Object, b: &Object) -> bool {
    let (a, b) = (exception(a), exception(b));
    let address = |slot: &crate::memory::Slot| slot.as_raw().map(|p| p.as_ptr() as usize);
    address(&a.traceback) == address(&b.traceback)
        && address(&a.cause) == address(&b.cause)
        && address(&a.context) == address(&b.context)
}

/// The end of `try`/`except*` (`_PyExc_PrepReraiseStar`): `raised` lists what handlers raised or
/// left unhandled (`None` entries are ignored). Gives the exception to raise, or `None`.
pub fn prepare_reraise_star(cx: Ctx, original: &Object, raised: &Object) -> PyResult {
    let Some(list) = raised.downcast::<ListObject>() else { return Ok(cx.none()) };
    let items: Vec<Ref> = list.to_vec().into_iter().filter(|item| !cx.is_none(item)).collect();
    if items.is_empty() {
        return Ok(cx.none());
    }
    if !is_group(original) {
        // A plain exception was wrapped by the handler: there is one entry at most.
        return Ok(items[0].clone());
    }
    let mut newly_raised = Vec::new();
    let mut reraised = Vec::new();
    for item in items {
        if same_metadata(&item, original) {
            leaves(cx, &item, &mut reraised);
        } else {
            newly_raised.push(item);
        }
    }
    let again =
        if reraised.is_empty() { None } else { split(cx, original, &Matcher::Among(&reraised), false)?.0 };
    if newly_raised.is_empty() {
        return Ok(again.unwrap_or_else(|| cx.none()));
    }
    newly_raised.extend(again);
    if newly_raised.len() == 1 {
        return Ok(newly_raised.remove(0));
    }
    let list = cx.new_tuple(newly_raised).into_object();
    let empty = cx.new_str("").into_object();
    cx.call(exceptions().base_exception_group.as_object(), &[empty, list])
}
