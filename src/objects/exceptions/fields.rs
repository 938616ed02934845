//! Exceptions with a few fields: StopIteration, SystemExit, NameError, AttributeError, ImportError,
//! SyntaxError.

use super::base::{self, args_of, field, no_keywords};
use super::kinds::ExceptionObject;
use crate::memory::{Layout, Object, Ref};
use crate::objects::spec::{MemberDef, MethodDef};
use crate::objects::{Args, PyResult, Raised, StrObject, TypeObject, exceptions, types};
use crate::vm::Ctx;

fn get(cx: Ctx, object: &Object, index: usize) -> PyResult {
    Ok(field(object, index).get().unwrap_or_else(|| cx.none()))
}

fn put(object: &Object, index: usize, value: Option<&Object>) -> PyResult<()> {
    field(object, index).set(value.map(Object::to_ref));
    Ok(())
}

macro_rules! members {
    ($($name:literal = $index:literal),*) => {
        &[$(MemberDef {
            name: $name,
            get: |cx, e| get(cx, e, $index),
            set: Some(|_, e, value| put(e, $index, value)),
            doc: "",
        },)*]
    };
}

pub static STOP_ITERATION_MEMBERS: &[MemberDef] = members!("value" = 0);
pub static SYSTEM_EXIT_MEMBERS: &[MemberDef] = members!("code" = 0);
pub static NAME_ERROR_MEMBERS: &[MemberDef] = members!("name" = 0);
pub static ATTRIBUTE_ERROR_MEMBERS: &[MemberDef] = members!("name" = 1, "obj" = 0);
pub static IMPORT_ERROR_MEMBERS: &[MemberDef] = members!("msg" = 0, "name" = 1, "path" = 2);
pub static SYNTAX_ERROR_MEMBERS: &[MemberDef] = members!(
    "msg" = 0,
    "filename" = 1,
    "lineno" = 2,
    "offset" = 3,
    "text" = 4,
    "end_lineno" = 5,
    "end_offset" = 6,
    "print_file_and_line" = 7
);

/// `StopIteration(value)`: the first argument is the value.
pub fn stop_iteration_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    base::init(cx, object, args)?;
    let value = args.pos().first().cloned().unwrap_or_else(|| cx.none());
    field(object, 0).set(Some(value));
    Ok(())
}

/// `SystemExit(code)`: no argument leaves `None`, several become a tuple.
pub fn system_exit_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    base::init(cx, object, args)?;
    match args.pos() {
        [] => {}
        [one] => field(object, 0).set(Some(one.clone())),
        _ => field(object, 0).set(Some(args_of(cx, object).into_object())),
    }
    Ok(())
}

/// The value of a `StopIteration` instance.
pub fn stop_iteration_value(exception: &ExceptionObject) -> Option<Ref> {
    let object = exception.as_object();
    object.is_instance(exceptions().stop_iteration).then(|| field(object, 0).get()).flatten()
}

/// Fills `name` and `obj` of an AttributeError that has neither.
pub fn set_attribute_context(error: &Object, object: &Object, name: &StrObject) {
    let (obj, text) = (field(error, 0), field(error, 1));
    if obj.is_empty() && text.is_empty() {
        text.set(Some(name.to_object()));
        obj.set(Some(object.to_ref()));
    }
}

/// Fills `name` of a NameError that has none.
pub fn set_name_context(error: &Object, name: &StrObject) {
    let slot = field(error, 0);
    if slot.is_empty() {
        slot.set(Some(name.to_object()));
    }
}

/// Takes the keyword arguments named `allowed` out of `args`, in order; complains about others.
fn only_keywords(cx: Ctx, function: &str, args: Args<'_>, allowed: &[&str]) -> PyResult<Vec<Option<Ref>>> {
    let mut found = vec![None; allowed.len()];
    for (name, value) in args.keywords() {
        match allowed.iter().position(|a| name.eq_str(a)) {
            Some(index) => found[index] = Some(value.clone()),
            None => {
                return Err(cx.type_error(format_args!(
                    "'{}' is an invalid keyword argument for {function}()",
                    name.to_string_lossy()
                )));
            }
        }
    }
    Ok(found)
}

fn init_args(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let positional = Args::positional(args.pos());
    base::init(cx, object, args.tuple().map_or(positional, |tuple| positional.held_by(tuple)))
}

/// `NameError(*args, name=None)`.
pub fn name_error_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    init_args(cx, object, args)?;
    let mut found = only_keywords(cx, "NameError", args, &["name"])?;
    field(object, 0).set(found[0].take());
    Ok(())
}

/// `AttributeError(*args, name=None, obj=None)`.
pub fn attribute_error_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    init_args(cx, object, args)?;
    let mut found = only_keywords(cx, "AttributeError", args, &["name", "obj"])?;
    field(object, 1).set(found[0].take());
    field(object, 0).set(found[1].take());
    Ok(())
}

/// `ImportError(*args, name=None, path=None)`: `msg` is the only positional argument.
pub fn import_error_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    init_args(cx, object, args)?;
    let mut found = only_keywords(cx, "ImportError", args, &["name", "path"])?;
    field(object, 1).set(found[0].take());
    field(object, 2).set(found[1].take());
    if let [message] = args.pos() {
        field(object, 0).set(Some(message.clone()));
    }
    Ok(())
}

/// `ImportError.__str__`: the message when it is a string.
pub fn import_error_str(cx: Ctx, object: &Object) -> PyResult {
    match field(object, 0).get() {
        Some(message) if message.is_exact(types().str) => Ok(message),
        _ => base::str(cx, object),
    }
}

/// Raises an ImportError (or a subtype) with its fields filled in.
pub fn raise_import_error(
    cx: Ctx,
    ty: &TypeObject,
    message: &str,
    name: Option<Ref>,
    path: Option<Ref>,
) -> Raised {
    let text = cx.new_str(message).into_object();
    match cx.call(ty.as_object(), &[text]) {
        Ok(error) => {
            field(&error, 1).set(name);
            field(&error, 2).set(path);
            cx.raise_with(ty, error)
        }
        Err(raised) => raised,
    }
}

/// `SyntaxError(msg, (filename, lineno, offset, text[, end_lineno, end_offset]))`.
pub fn syntax_error_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    no_keywords(cx, object, args)?;
    base::init(cx, object, args)?;
    let pos = args.pos();
    if let Some(message) = pos.first() {
        field(object, 0).set(Some(message.clone()));
    }
    if pos.len() == 2 {
        let info = cx.collect(&pos[1])?;
        if info.len() < 4 || info.len() > 6 {
            return Err(cx.type_error(format_args!(
                "function takes {} {} arguments ({} given)",
                if info.len() < 4 { "at least" } else { "at most" },
                if info.len() < 4 { 4 } else { 6 },
                info.len()
            )));
        }
        for (index, value) in info.iter().enumerate() {
            field(object, index + 1).set(Some(value.clone()));
        }
        if info.len() == 5 {
            return Err(cx.type_error("end_offset must be provided when end_lineno is provided"));
        }
    }
    Ok(())
}

/// `SyntaxError.__str__`: message, file name and line as far as known.
pub fn syntax_error_str(cx: Ctx, object: &Object) -> PyResult {
    let message = field(object, 0).get().unwrap_or_else(|| cx.none());
    let message = cx.str(&message)?;
    let file = field(object, 1).get().filter(|f| f.is_instance(types().str));
    let line = field(object, 2).get().filter(|l| l.is_exact(types().int));
    let file = match file {
        Some(file) => {
            let text = cx.str(&file)?.to_string_lossy();
            Some(text.rsplit('/').next().unwrap_or(&text).to_string())
        }
        None => None,
    };
    let line = match line {
        Some(line) => Some(cx.str(&line)?.to_string_lossy()),
        None => None,
    };
    let text = match (file, line) {
        (Some(file), Some(line)) => format!("{} ({file}, line {line})", message.to_string_lossy()),
        (Some(file), None) => format!("{} ({file})", message.to_string_lossy()),
        (None, Some(line)) => format!("{} (line {line})", message.to_string_lossy()),
        (None, None) => return Ok(message.into_object()),
    };
    Ok(cx.new_str(&text).into_object())
}

/// `ImportError.__reduce__`: fields travel in the state.
fn import_error_reduce(cx: Ctx, object: &Object) -> PyResult {
    let state = base::exception(object).dict.get();
    let state = match state {
        Some(dict) => dict.copy(cx)?,
        None => cx.new_dict(),
    };
    for (name, index) in [("name", 1), ("path", 2)] {
        if let Some(value) = field(object, index).get() {
            state.set_str(cx, &cx.intern(name), value)?;
        }
    }
    let class = object.ty().to_object();
    let args = args_of(cx, object).into_object();
    Ok(if state.is_empty() {
        cx.new_tuple(vec![class, args])
    } else {
        cx.new_tuple(vec![class, args, state.into_object()])
    }
    .into_object())
}

pub static IMPORT_ERROR_METHODS: &[MethodDef] = &[MethodDef::no_args("__reduce__", import_error_reduce, "")];

/// The location fields of a SyntaxError instance as far as they have the expected types:
/// (filename, lineno, offset, text, end_lineno, end_offset).
pub struct SyntaxPlace {
    pub filename: Option<String>,
    pub lineno: Option<i64>,
    pub offset: Option<i64>,
    pub text: Option<String>,
    pub end_lineno: Option<i64>,
    pub end_offset: Option<i64>,
    pub print_file_and_line: bool,
}

/// Reads the fields of a SyntaxError for printing.
pub fn syntax_place(cx: Ctx, object: &Object) -> SyntaxPlace {
    let text = |index: usize| {
        field(object, index).get().and_then(|v| v.downcast::<StrObject>().map(StrObject::to_string_lossy))
    };
    let number = |index: usize| {
        field(object, index).get().and_then(|v| v.downcast::<crate::objects::IntObject>()?.as_i64())
    };
    SyntaxPlace {
        filename: text(1),
        lineno: number(2),
        offset: number(3),
        text: text(4),
        end_lineno: number(5),
        end_offset: number(6),
        print_file_and_line: field(object, 7).get().is_some_and(|v| !cx.is_none(&v)),
    }
}
