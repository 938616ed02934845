//! Method resolution order: C3 linearization.

use crate::memory::{Layout, Object, Ref};
use crate::objects::{ListObject, PyResult, TupleObject, TypeFlags, TypeObject, names, types};
use crate::vm::Ctx;

/// Computes and stores the MRO of a type whose bases are set; asks a metaclass's `mro()`.
pub fn set_mro(cx: Ctx, ty: &TypeObject) -> PyResult<()> {
    let metatype = ty.as_object().ty();
    let order = if metatype.is_type(types().type_) {
        match linearize(cx, ty)? {
            Order::Extended(tuple) => tuple,
            Order::Merged(list) => cx.tuple_from_slice(list.peek_slice()),
        }
    } else {
        custom_mro(cx, ty)?
    };
    ty.mro.set(Some(order));
    Ok(())
}

/// Asks `mro()` of the metaclass and checks the answer.
fn custom_mro(cx: Ctx, ty: &TypeObject) -> PyResult<Ref<TupleObject>> {
    let method = cx.type_lookup(ty.as_object().ty(), &names().mro);
    let builtin = cx.type_lookup(types().type_, &names().mro);
    if let (Some(method), Some(builtin)) = (&method, &builtin)
        && method.is(builtin)
    {
        return Ok(cx.tuple_from_slice(list(cx, ty)?.peek_slice()));
    }
    let Some(found) = cx.call_special_unbound(ty.as_object(), &names().mro)? else {
        return Ok(cx.tuple_from_slice(list(cx, ty)?.peek_slice()));
    };
    let items = cx.collect(&found)?;
    for item in &items {
        let Some(class) = item.downcast::<TypeObject>() else {
            return Err(cx.type_error(format!("mro() returned a non-class ('{}')", item.ty().tp_name())));
        };
        if !solid_base(ty).is_subtype(solid_base(class)) {
            return Err(
                cx.type_error(format!("mro() returned base with unsuitable layout ('{}')", class.tp_name()))
            );
        }
    }
    // A custom order may name classes that are no bases, whose changes nobody would announce.
    ty.flags.set(ty.flags.get().with(TypeFlags::NO_VERSION));
    Ok(cx.new_tuple(items))
}

/// The C3 order in the object that it is put together in, which goes through the free lists.
enum Order {
    /// One base: its order with the type before it.
    Extended(Ref<TupleObject>),
    Merged(Ref<ListObject>),
}

/// The C3 order of a type over its bases as a new list (`type.mro`).
pub fn list(cx: Ctx, ty: &TypeObject) -> PyResult<Ref<ListObject>> {
    match linearize(cx, ty)? {
        Order::Extended(tuple) => cx.new_list(tuple.as_slice().to_vec()),
        Order::Merged(list) => cx.new_list(list.peek_slice().to_vec()),
    }
}

/// The C3 order of a type over its bases (`mro_implementation`).
fn linearize(cx: Ctx, ty: &TypeObject) -> PyResult<Order> {
    let bases = ty.bases.get().unwrap_or_else(|| cx.new_tuple(Vec::new()));
    let mut sequences: Vec<Vec<Ref>> = Vec::with_capacity(bases.len() + 1);
    for base in bases.as_slice() {
        let Some(class) = base.downcast::<TypeObject>() else {
            return Err(cx.type_error("bases must be types"));
        };
        match class.mro.peek() {
            Some(mro) => sequences.push(mro.as_slice().to_vec()),
            None => {
                return Err(cx.type_error(format!("Cannot extend an incomplete type '{}'", class.tp_name())));
            }
        }
    }
    if let [only] = sequences.as_slice() {
        let mut order = Vec::with_capacity(only.len() + 1);
        order.push(ty.to_object());
        order.extend(only.iter().cloned());
        return Ok(Order::Extended(cx.new_tuple(order)));
    }
    check_duplicates(cx, bases.as_slice())?;
    sequences.push(bases.as_slice().to_vec());
    let mut order = vec![ty.to_object()];
    merge(cx, &sequences, &mut order)?;
    Ok(Order::Merged(cx.new_list(order)?))
}

fn check_duplicates(cx: Ctx, bases: &[Ref]) -> PyResult<()> {
    for (index, base) in bases.iter().enumerate() {
        if bases[index + 1..].iter().any(|other| other.is(base)) {
            let name = cx.get_attr_opt(base, &names().name)?;
            let text = match name {
                Some(name) => format!("duplicate base class {}", cx.str(&name)?.to_string_lossy()),
                None => "duplicate base class".to_string(),
            };
            return Err(cx.type_error(text));
        }
    }
    Ok(())
}

/// Takes, again and again, the first head that stands in no other sequence's tail.
fn merge(cx: Ctx, sequences: &[Vec<Ref>], order: &mut Vec<Ref>) -> PyResult<()> {
    let mut positions = vec![0usize; sequences.len()];
    loop {
        let mut left = false;
        let mut chosen: Option<Ref> = None;
        for (sequence, &at) in sequences.iter().zip(&positions) {
            let Some(head) = sequence.get(at) else { continue };
            left = true;
            let blocked = sequences
                .iter()
                .zip(&positions)
                .any(|(other, &from)| other.iter().skip(from + 1).any(|class| class.is(head)));
            if !blocked {
                chosen = Some(head.clone());
                break;
            }
        }
        let Some(next) = chosen else {
            return if left { Err(inconsistent(cx, sequences, &positions)) } else { Ok(()) };
        };
        for (sequence, at) in sequences.iter().zip(&mut positions) {
            if sequence.get(*at).is_some_and(|head| head.is(&next)) {
                *at += 1;
            }
        }
        order.push(next);
    }
}

#[cold]
fn inconsistent(cx: Ctx, sequences: &[Vec<Ref>], positions: &[usize]) -> crate::objects::Raised {
    // The heads that are left, each once.
    let mut heads: Vec<&Object> = Vec::new();
    for (sequence, &at) in sequences.iter().zip(positions) {
        if let Some(head) = sequence.get(at)
            && !heads.iter().any(|seen| seen.is(head))
        {
            heads.push(head);
        }
    }
    let shown: Vec<String> = heads
        .iter()
        .map(|class| class.downcast::<TypeObject>().map_or("?".to_string(), TypeObject::name_text))
        .collect();
    cx.type_error(format!(
        "Cannot create a consistent method resolution\norder (MRO) for bases {}",
        shown.join(", ")
    ))
}

/// The nearest type up the chain of bases that adds something to the layout of its base
/// (`solid_base`); dict and weak reference list do not count.
pub fn solid_base(ty: &TypeObject) -> &TypeObject {
    let base = match ty.base.peek() {
        Some(base) => solid_base(base),
        None => return ty,
    };
    if extra_fields(ty, base) { ty } else { base }
}

/// Whether instances of `ty` have fields that those of `base` do not (`extra_ivars`).
fn extra_fields(ty: &TypeObject, base: &TypeObject) -> bool {
    let mut size = ty.basicsize.get();
    if ty.itemsize.get() != 0 || base.itemsize.get() != 0 {
        // Where the number of items varies, only equal layouts are compatible; the dict that a
        // class adds stands behind the items.
        let own_dict = ty.has_flag(TypeFlags::HEAPTYPE)
            && ty.shown_dictoffset.get() != 0
            && base.shown_dictoffset.get() == 0;
        if own_dict {
            size -= 8;
        }
        return size != base.basicsize.get() || ty.itemsize.get() != base.itemsize.get();
    }
    if ty.has_flag(TypeFlags::HEAPTYPE) {
        if ty.shown_weakrefoffset.get() != 0
            && base.shown_weakrefoffset.get() == 0
            && ty.shown_weakrefoffset.get() as usize + 8 == size
        {
            size -= 8;
        }
        if ty.shown_dictoffset.get() > 0
            && base.shown_dictoffset.get() == 0
            && ty.shown_dictoffset.get() as usize + 8 == size
        {
            size -= 8;
        }
    }
    size != base.basicsize.get()
}
