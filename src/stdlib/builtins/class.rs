//! `__build_class__`: what a `class` statement does.

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::with_borrowed;
use crate::objects::{Args, CellObject, PyResult, StrObject, TupleObject, TypeObject, names, types};
use crate::vm::function::FunctionObject;
use crate::vm::{Ctx, call_with_locals};

pub fn build_class(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [function, name, bases @ ..] = args.pos() else {
        return Err(cx.type_error("__build_class__: not enough arguments"));
    };
    let Some(function) = function.downcast_exact::<FunctionObject>() else {
        return Err(cx.type_error("__build_class__: func must be a function"));
    };
    if !name.is_instance(types().str) {
        return Err(cx.type_error("__build_class__: name is not a string"));
    }
    let original = cx.tuple_from_slice(bases);
    let resolved = resolve_bases(cx, &original)?;
    let bases = resolved.as_ref().unwrap_or(&original);
    let mut metaclass = None;
    let mut keywords = None;
    if args.has_keywords() {
        let dict = cx.new_dict();
        for (keyword, value) in args.keywords() {
            dict.set(cx, StrObject::as_object(keyword), value.clone())?;
        }
        metaclass = dict.get_str(cx, &names().metaclass);
        if metaclass.is_some() {
            dict.remove(cx, names().metaclass.as_object())?;
        }
        keywords = Some(dict);
    }
    let keywords = keywords.as_deref();
    let meta = match metaclass {
        Some(meta) => meta,
        None => match bases.as_slice().first() {
            Some(base) => base.ty().to_object(),
            None => types().type_.to_object(),
        },
    };
    let winner = match meta.downcast::<TypeObject>() {
        Some(ty) => Some(crate::objects::type_::class::calculate_metaclass(cx, ty, bases)?),
        None => None,
    };
    let meta = winner.map_or(meta, Ref::into_object);
    let namespace = match cx.get_attr_opt(&meta, &names().prepare)? {
        None => cx.new_dict().into_object(),
        Some(prepare) => {
            with_borrowed([name, bases.as_object()], |args| cx.call_with_dict(&prepare, args, keywords))?
        }
    };
    if namespace.ty().slots().mp_subscript.is_none() {
        let meta_name =
            meta.downcast::<TypeObject>().map_or_else(|| "<metaclass>".to_string(), TypeObject::name_text);
        return Err(cx.type_error(format_args!(
            "{meta_name}.__prepare__() must return a mapping, not {}",
            namespace.ty().tp_name()
        )));
    }
    let cell = {
        let name = "the class statement";
        let keywords = keywords.map_or(original.as_object(), |keywords| keywords.as_object());
        let _holds = [original.as_object(), bases.as_object(), keywords, &*meta, &*namespace]
            .map(|held| cx.hold(name, held));
        call_with_locals(cx, function, Args::EMPTY, Some(namespace.clone()))?
    };
    if resolved.is_some() {
        cx.set_item(&namespace, names().orig_bases.as_object(), Some(original.as_object()))?;
    }
    let class = with_borrowed([name, bases.as_object(), &*namespace], |args| {
        cx.call_with_dict(&meta, args, keywords)
    })?;
    if class.downcast::<TypeObject>().is_some()
        && let Some(cell) = cell.downcast_exact::<CellObject>()
    {
        match cell.contents.get() {
            None => {
                return Err(cx.runtime_error(format_args!(
                    "__class__ not set defining {} as {}. Was __classcell__ propagated to type.__new__?",
                    cx.repr_text(name)?,
                    cx.repr_text(&class)?
                )));
            }
            Some(held) if !held.is(&class) => {
                return Err(cx.type_error(format_args!(
                    "__class__ set to {} defining {} as {}",
                    cx.repr_text(&held)?,
                    cx.repr_text(name)?,
                    cx.repr_text(&class)?
                )));
            }
            Some(_) => {}
        }
    }
    Ok(class)
}

/// Replaces bases that are not classes by what their `__mro_entries__` gives; `None` when
/// nothing changes.
fn resolve_bases(cx: Ctx, bases: &Ref<TupleObject>) -> PyResult<Option<Ref<TupleObject>>> {
    let mut resolved = Vec::with_capacity(bases.len());
    let mut changed = false;
    for base in bases.as_slice() {
        if base.downcast::<TypeObject>().is_some() {
            resolved.push(base.clone());
            continue;
        }
        match cx.get_attr_opt(base, &names().mro_entries)? {
            None => resolved.push(base.clone()),
            Some(method) => {
                let entries = cx.call(&method, &[bases.to_object()])?;
                let Some(entries) = entries.downcast::<TupleObject>() else {
                    return Err(cx.type_error("__mro_entries__ must return a tuple"));
                };
                resolved.extend(entries.as_slice().iter().cloned());
                changed = true;
            }
        }
    }
    Ok(changed.then(|| cx.new_tuple(resolved)))
}
