//! `__name__`, `__module__`, `__bases__` and the other attributes that every class has.

use super::cache::modified;
use crate::memory::{Layout, Object, Ref, Slot};
use crate::objects::spec::{GetSetDef, MemberDef, TypeFlags};
use crate::objects::{DictObject, PyResult, StrObject, TypeObject, exceptions, names, types};
use crate::vm::Ctx;

fn this(object: &Object) -> &TypeObject {
    // SAFETY: only attributes of `type` call this.
    unsafe { object.cast() }
}

/// The class's own dict (`tp_dict`).
fn own_dict(cx: Ctx, ty: &TypeObject) -> Ref<DictObject> {
    ty.dict.get().unwrap_or_else(|| cx.new_dict())
}

/// Checks that a special attribute may be set, and set it is (`check_set_special_type_attr`).
fn check_set<'a>(cx: Ctx, ty: &TypeObject, value: Option<&'a Object>, name: &str) -> PyResult<&'a Object> {
    if ty.has_flag(TypeFlags::IMMUTABLETYPE) {
        return Err(
            cx.type_error(format!("cannot set '{name}' attribute of immutable type '{}'", ty.tp_name()))
        );
    }
    value.ok_or_else(|| {
        cx.type_error(format!("cannot delete '{name}' attribute of immutable type '{}'", ty.tp_name()))
    })
}

fn text_or_none<T: Layout>(cx: Ctx, slot: &Slot<T>) -> Ref {
    slot.get().map_or_else(|| cx.none(), Ref::into_object)
}

fn set_name(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(object);
    let value = check_set(cx, ty, value, "__name__")?;
    let Some(text) = value.downcast::<StrObject>() else {
        return Err(cx.type_error(format!(
            "can only assign string to {}.__name__, not '{}'",
            ty.tp_name(),
            value.ty().tp_name()
        )));
    };
    if text.code_points().any(|point| point == 0) {
        return Err(cx.value_error("type name must not contain null characters"));
    }
    ty.name.set(Some(text.to_ref()));
    Ok(())
}

fn set_qualname(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(object);
    let value = check_set(cx, ty, value, "__qualname__")?;
    let Some(text) = value.downcast::<StrObject>() else {
        return Err(cx.type_error(format!(
            "can only assign string to {}.__qualname__, not '{}'",
            ty.tp_name(),
            value.ty().tp_name()
        )));
    };
    ty.qualname.set(Some(text.to_ref()));
    Ok(())
}

/// `__module__` of a class.
pub fn get_module(cx: Ctx, object: &Object) -> PyResult {
    let ty = this(object);
    if let (Some(spec), false) = (ty.spec.get(), ty.has_flag(TypeFlags::HEAPTYPE)) {
        let module = spec.name.rsplit_once('.').map_or("builtins", |(module, _)| module);
        return Ok(cx.intern(module).into_object());
    }
    match own_dict(cx, ty).get_str(cx, &names().module) {
        Some(module) => Ok(module),
        None => Err(cx.raise(exceptions().attribute_error, "__module__")),
    }
}

fn set_module(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(object);
    let value = check_set(cx, ty, value, "__module__")?;
    modified(ty);
    own_dict(cx, ty).set_str(cx, &names().module, value.to_object())
}

fn get_abstract(cx: Ctx, object: &Object) -> PyResult {
    let ty = this(object);
    let found =
        if ty.is_type(types().type_) { None } else { own_dict(cx, ty).get_str(cx, &names().abstractmethods) };
    found.ok_or_else(|| cx.raise(exceptions().attribute_error, "__abstractmethods__"))
}

fn set_abstract(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(object);
    let dict = own_dict(cx, ty);
    let name = &names().abstractmethods;
    let is_abstract = match value {
        Some(value) => {
            let truth = cx.is_true(value)?;
            dict.set_str(cx, name, value.to_object())?;
            truth
        }
        None => {
            if !dict.remove(cx, name.as_object())? {
                return Err(cx.raise(exceptions().attribute_error, "__abstractmethods__"));
            }
            false
        }
    };
    modified(ty);
    let flags = ty.flags.get();
    ty.flags.set(if is_abstract {
        flags.with(TypeFlags::IS_ABSTRACT)
    } else {
        flags.without(TypeFlags::IS_ABSTRACT)
    });
    Ok(())
}

fn get_doc(cx: Ctx, object: &Object) -> PyResult {
    let ty = this(object);
    if let (Some(spec), false) = (ty.spec.get(), ty.has_flag(TypeFlags::HEAPTYPE))
        && let Some(doc) = spec.doc
    {
        return Ok(crate::objects::native::doc_object(cx, spec.name, doc));
    }
    let Some(found) = own_dict(cx, ty).get_str(cx, &names().doc) else { return Ok(cx.none()) };
    match found.ty().slots().descr_get {
        Some(get) => get(cx, &found, None, Some(object)),
        None => Ok(found),
    }
}

fn set_doc(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(object);
    let value = check_set(cx, ty, value, "__doc__")?;
    modified(ty);
    own_dict(cx, ty).set_str(cx, &names().doc, value.to_object())
}

fn get_text_signature(cx: Ctx, object: &Object) -> PyResult {
    match this(object).spec.get().and_then(|spec| spec.doc.map(|doc| (spec.name, doc))) {
        Some((name, doc)) => Ok(crate::objects::native::signature_object(cx, name, doc)),
        None => Ok(cx.none()),
    }
}

fn get_annotations(cx: Ctx, object: &Object) -> PyResult {
    let ty = this(object);
    if !ty.has_flag(TypeFlags::HEAPTYPE) {
        return Err(cx.raise(
            exceptions().attribute_error,
            format!("type object '{}' has no attribute '__annotations__'", ty.tp_name()),
        ));
    }
    let dict = own_dict(cx, ty);
    if let Some(found) = dict.get_str(cx, &names().annotations) {
        return match found.ty().slots().descr_get {
            Some(get) => get(cx, &found, None, Some(object)),
            None => Ok(found),
        };
    }
    let made = cx.new_dict().into_object();
    dict.set_str(cx, &names().annotations, made.clone())?;
    modified(ty);
    Ok(made)
}

fn set_annotations(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(object);
    if ty.has_flag(TypeFlags::IMMUTABLETYPE) {
        return Err(cx.type_error(format!(
            "cannot set '__annotations__' attribute of immutable type '{}'",
            ty.tp_name()
        )));
    }
    let dict = own_dict(cx, ty);
    match value {
        Some(value) => dict.set_str(cx, &names().annotations, value.to_object())?,
        None => {
            if !dict.remove(cx, names().annotations.as_object())? {
                return Err(cx.raise(exceptions().attribute_error, "__annotations__"));
            }
        }
    }
    modified(ty);
    Ok(())
}

macro_rules! number {
    ($name:literal, $get:expr) => {
        MemberDef { name: $name, get: |cx, object| Ok(cx.new_int($get(this(object)))), set: None, doc: "" }
    };
}

pub(super) const MEMBERS: &[MemberDef] = &[
    number!("__basicsize__", |ty: &TypeObject| ty.basicsize.get() as i64),
    number!("__itemsize__", |ty: &TypeObject| ty.itemsize.get() as i64),
    number!("__flags__", |ty: &TypeObject| (ty.flags.get().0 & 0xffff_ffff) as i64),
    number!("__weakrefoffset__", |ty: &TypeObject| ty.shown_weakrefoffset.get() as i64),
    MemberDef {
        name: "__base__",
        get: |cx, object| Ok(text_or_none(cx, &this(object).base)),
        set: None,
        doc: "",
    },
    number!("__dictoffset__", |ty: &TypeObject| ty.shown_dictoffset.get() as i64),
    MemberDef {
        name: "__mro__",
        get: |cx, object| Ok(text_or_none(cx, &this(object).mro)),
        set: None,
        doc: "",
    },
];

pub(super) const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "__name__",
        get: Some(|cx, object| Ok(text_or_none(cx, &this(object).name))),
        set: Some(set_name),
        doc: "",
    },
    GetSetDef {
        name: "__qualname__",
        get: Some(|cx, object| Ok(text_or_none(cx, &this(object).qualname))),
        set: Some(set_qualname),
        doc: "",
    },
    GetSetDef {
        name: "__bases__",
        get: Some(|cx, object| Ok(text_or_none(cx, &this(object).bases))),
        set: Some(super::assign::set_bases),
        doc: "",
    },
    GetSetDef { name: "__module__", get: Some(get_module), set: Some(set_module), doc: "" },
    GetSetDef { name: "__abstractmethods__", get: Some(get_abstract), set: Some(set_abstract), doc: "" },
    GetSetDef {
        name: "__dict__",
        get: Some(|cx, object| {
            Ok(crate::objects::descr::mappingproxy::new_proxy(own_dict(cx, this(object)).into_object()))
        }),
        set: None,
        doc: "",
    },
    GetSetDef { name: "__doc__", get: Some(get_doc), set: Some(set_doc), doc: "" },
    GetSetDef { name: "__text_signature__", get: Some(get_text_signature), set: None, doc: "" },
    GetSetDef { name: "__annotations__", get: Some(get_annotations), set: Some(set_annotations), doc: "" },
];
