//! `types.GenericAlias` (`list[int]`) and `types.UnionType` (`int | None`).

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::attr::generic_get_attr;
use super::slots::{Args, CompareOp, Slots};
use super::spec::{GetSetDef, Layout, MemberDef, MethodDef, TypeFlags, TypeSpec};
use super::type_object::TypedLayout;
use super::{PyResult, StrObject, TupleObject, TypeObject, Types, names, types};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::objects::protocol::number::BinaryOp;
use crate::vm::Ctx;

#[repr(C)]
pub struct GenericAliasObject {
    pub object: Object,
    pub origin: Slot,
    pub args: Slot<TupleObject>,
    /// `__parameters__`, once asked for.
    pub parameters: Slot<TupleObject>,
    pub weaklist: Cell<usize>,
    /// `*tuple[int]`.
    pub starred: Cell<bool>,
}

#[repr(C)]
pub struct UnionObject {
    pub object: Object,
    pub args: Slot<TupleObject>,
    pub parameters: Slot<TupleObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for GenericAliasObject {}
// SAFETY: every alias begins with this layout.
unsafe impl TypedLayout for GenericAliasObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.generic_alias
    }
}
// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for UnionObject {}
// SAFETY: every union has this layout; the type cannot be derived from.
unsafe impl TypedLayout for UnionObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.union_type
    }
}

fn alias(object: &Object) -> &GenericAliasObject {
    // SAFETY: only slots and attributes of the alias type call this.
    unsafe { object.cast() }
}

/// `origin[args]` (`Py_GenericAlias`): `__class_getitem__` of most containers.
pub fn new_alias(cx: Ctx, origin: &Object, args: &Object) -> PyResult {
    make_alias(cx, types().generic_alias, origin, args, false)
}

/// `__class_getitem__` of built-in containers, for their method tables.
pub fn new_alias_method(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    new_alias(cx, class, item)
}

fn make_alias(cx: Ctx, ty: &TypeObject, origin: &Object, args: &Object, starred: bool) -> PyResult {
    let args = match args.downcast::<TupleObject>() {
        Some(tuple) => tuple.to_ref(),
        None => cx.new_tuple(vec![args.to_object()]),
    };
    let made = memory::new_ref(&ty.core, |object| GenericAliasObject {
        object,
        origin: Slot::new(origin.to_object()),
        args: Slot::new(args),
        parameters: Slot::empty(),
        weaklist: Cell::new(0),
        starred: Cell::new(starred),
    });
    memory::track(&made.object);
    Ok(made.into_object())
}

impl GenericAliasObject {
    fn parts(&self, cx: Ctx) -> (Ref, Ref<TupleObject>) {
        (
            self.origin.get().unwrap_or_else(|| cx.none()),
            self.args.get().unwrap_or_else(|| cx.new_tuple(Vec::new())),
        )
    }
}

fn alias_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let args = super::args::positional(cx, "GenericAlias", args, 2, 2)?;
    make_alias(cx, ty, &args[0], &args[1], false)
}

/// One argument as an annotation shows it.
fn show_item(cx: Ctx, item: &Object) -> PyResult<String> {
    if item.is(super::singletons::ellipsis()) {
        return Ok("...".to_string());
    }
    if cx.is_none(item) {
        return Ok("None".to_string());
    }
    if item.is_exact(types().none_type) {
        return cx.repr_text(item);
    }
    let origin = cx.get_attr_opt(item, &names().origin)?;
    let args = cx.get_attr_opt(item, &names().args)?;
    if origin.is_some() && args.is_some() {
        return cx.repr_text(item);
    }
    let qualname = cx.get_attr_opt(item, &names().qualname)?;
    let module = cx.get_attr_opt(item, &names().module)?;
    match (qualname, module) {
        (Some(qualname), Some(module)) if !cx.is_none(&module) => {
            let qualname = cx.str(&qualname)?.to_string_lossy();
            let module = cx.str(&module)?.to_string_lossy();
            Ok(if module == "builtins" { qualname } else { format!("{module}.{qualname}") })
        }
        _ => cx.repr_text(item),
    }
}

fn alias_repr(cx: Ctx, object: &Object) -> PyResult {
    let (origin, args) = alias(object).parts(cx);
    let star = if alias(object).starred.get() { "*" } else { "" };
    let mut shown = Vec::new();
    for item in args.as_slice() {
        // `Callable[[int], str]` has a list inside.
        shown.push(match item.downcast::<super::ListObject>() {
            Some(list) => {
                let mut inner = Vec::new();
                for item in list.to_vec() {
                    inner.push(show_item(cx, &item)?);
                }
                format!("[{}]", inner.join(", "))
            }
            None => show_item(cx, item)?,
        });
    }
    let inside = if shown.is_empty() { "()".to_string() } else { shown.join(", ") };
    let text = format!("{star}{}[{inside}]", show_item(cx, &origin)?);
    Ok(cx.new_str(&text).into_object())
}

fn alias_hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let (origin, args) = alias(object).parts(cx);
    let hash = cx.hash(&origin)? ^ cx.hash(args.as_object())?;
    Ok(if hash == -1 { -2 } else { hash })
}

fn alias_compare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(other)) = (op, b.downcast::<GenericAliasObject>()) else {
        return Ok(cx.not_implemented());
    };
    if a.downcast::<GenericAliasObject>().is_none() {
        return Ok(cx.not_implemented());
    }
    let (origin, args) = alias(a).parts(cx);
    let (other_origin, other_args) = other.parts(cx);
    let equal = alias(a).starred.get() == other.starred.get()
        && cx.equal(&origin, &other_origin)?
        && cx.equal(args.as_object(), other_args.as_object())?;
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn alias_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let (origin, _) = alias(object).parts(cx);
    let made = cx.call_args(&origin, args)?;
    // An instance remembers what it was made through, if it can.
    if let Err(raised) = cx.set_attr(&made, &names().orig_class, Some(object)) {
        let exceptions = super::exceptions();
        if !cx.raised_is(&raised, exceptions.attribute_error) && !cx.raised_is(&raised, exceptions.type_error)
        {
            return Err(raised);
        }
        cx.clear_exception(raised);
    }
    Ok(made)
}

/// Attributes that the alias answers itself; all others are its origin's.
const OWN_ATTRIBUTES: &[&str] = &[
    "__class__",
    "__bases__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
];

fn alias_getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    if object.is_exact(types().generic_alias) && OWN_ATTRIBUTES.iter().any(|own| name.eq_str(own)) {
        return generic_get_attr(cx, object, name);
    }
    if !object.is_exact(types().generic_alias) && cx.type_lookup(object.ty(), name).is_some() {
        return generic_get_attr(cx, object, name);
    }
    let (origin, _) = alias(object).parts(cx);
    cx.get_attr(&origin, name)
}

/// Whether an argument is a type variable: it can be substituted.
fn is_type_variable(cx: Ctx, item: &Object) -> PyResult<bool> {
    if item.downcast::<TypeObject>().is_some() {
        return Ok(false);
    }
    let name = cx.intern("__typing_subst__");
    Ok(cx.get_attr_opt(item, &name)?.is_some())
}

/// The type variables in arguments, each once (`_Py_make_parameters`).
fn collect_parameters(cx: Ctx, args: &TupleObject) -> PyResult<Ref<TupleObject>> {
    let mut found: Vec<Ref> = Vec::new();
    let mut add = |item: Ref| {
        if !found.iter().any(|seen| seen.is(&item)) {
            found.push(item);
        }
    };
    for item in args.as_slice() {
        if item.downcast::<TypeObject>().is_some() {
            continue;
        }
        if is_type_variable(cx, item)? {
            add(item.clone());
        } else if let Some(inner) = cx.get_attr_opt(item, &names().parameters)?
            && let Some(inner) = inner.downcast::<TupleObject>()
        {
            inner.as_slice().iter().for_each(|item| add(item.clone()));
        }
    }
    Ok(cx.new_tuple(found))
}

fn parameters_of(cx: Ctx, slot: &Slot<TupleObject>, args: &TupleObject) -> PyResult<Ref<TupleObject>> {
    if let Some(known) = slot.get() {
        return Ok(known);
    }
    let made = collect_parameters(cx, args)?;
    slot.set(Some(made.clone()));
    Ok(made)
}

/// `alias[item]`: puts arguments in the place of type variables (`_Py_subs_parameters`).
fn substitute(
    cx: Ctx,
    shown: &Object,
    args: &TupleObject,
    parameters: &TupleObject,
    item: &Object,
) -> PyResult<Vec<Ref>> {
    if parameters.is_empty() {
        return Err(cx.type_error(format!("{} is not a generic class", cx.repr_text(shown)?)));
    }
    let mut given = match item.downcast::<TupleObject>() {
        Some(tuple) => tuple.as_slice().to_vec(),
        None => vec![item.to_object()],
    };
    let prepare = cx.intern("__typing_prepare_subst__");
    for parameter in parameters.as_slice() {
        if let Some(method) = cx.get_attr_opt(parameter, &prepare)?
            && !cx.is_none(&method)
        {
            let tuple = cx.new_tuple(given).into_object();
            let result = cx.call(&method, &[shown.to_object(), tuple])?;
            given = cx.collect(&result)?;
        }
    }
    if given.len() != parameters.len() {
        let bound = if given.len() > parameters.len() { "many" } else { "few" };
        return Err(cx.type_error(format!(
            "Too {bound} arguments for {}; actual {}, expected {}",
            cx.repr_text(shown)?,
            given.len(),
            parameters.len()
        )));
    }
    let place = |wanted: &Object| parameters.as_slice().iter().position(|parameter| parameter.is(wanted));
    let subst = cx.intern("__typing_subst__");
    let mut out = Vec::with_capacity(args.len());
    for arg in args.as_slice() {
        if arg.downcast::<TypeObject>().is_some() {
            out.push(arg.clone());
            continue;
        }
        if let Some(index) = place(arg) {
            let method = cx.get_attr(arg, &subst)?;
            out.push(cx.call1(&method, &given[index])?);
            continue;
        }
        let inner = cx.get_attr_opt(arg, &names().parameters)?;
        match inner
            .as_ref()
            .and_then(|inner| inner.downcast::<TupleObject>())
            .filter(|inner| !inner.is_empty())
        {
            None => out.push(arg.clone()),
            Some(inner) => {
                let mut items = Vec::new();
                for parameter in inner.as_slice() {
                    items.push(
                        place(parameter).map_or_else(|| parameter.clone(), |index| given[index].clone()),
                    );
                }
                let key = cx.new_tuple(items);
                out.push(cx.get_item(arg, key.as_object())?);
            }
        }
    }
    Ok(out)
}

fn alias_getitem(cx: Ctx, object: &Object, item: &Object) -> PyResult {
    let (origin, args) = alias(object).parts(cx);
    let parameters = parameters_of(cx, &alias(object).parameters, &args)?;
    let items = substitute(cx, object, &args, &parameters, item)?;
    let items = cx.new_tuple(items);
    make_alias(cx, object.ty(), &origin, items.as_object(), alias(object).starred.get())
}

fn alias_iter(cx: Ctx, object: &Object) -> PyResult {
    // `*tuple[int]` is what one iteration gives.
    let (origin, args) = alias(object).parts(cx);
    let starred = make_alias(cx, types().generic_alias, &origin, args.as_object(), true)?;
    cx.iter(cx.new_tuple(vec![starred]).as_object())
}

fn mro_entries(cx: Ctx, object: &Object, _bases: &Ref) -> PyResult {
    let (origin, _) = alias(object).parts(cx);
    Ok(cx.new_tuple(vec![origin]).into_object())
}

fn alias_dir(cx: Ctx, object: &Object) -> PyResult {
    let (origin, _) = alias(object).parts(cx);
    let found = cx.dir(&origin)?;
    let Some(list) = found.downcast::<super::ListObject>() else { return Ok(found) };
    for own in OWN_ATTRIBUTES {
        let name = cx.intern(own).into_object();
        if !cx.contains(&found, &name)? {
            list.push(cx, name)?;
        }
    }
    Ok(found)
}

fn alias_reduce(cx: Ctx, object: &Object) -> PyResult {
    let (origin, args) = alias(object).parts(cx);
    let inner = cx.new_tuple(vec![origin, args.into_object()]).into_object();
    Ok(cx.new_tuple(vec![types().generic_alias.to_object(), inner]).into_object())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn alias_dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let alias = object.as_ref().cast::<GenericAliasObject>();
        memory::untrack(&alias.object);
        if alias.weaklist.get() != 0 {
            memory::weakref::clear_weakrefs(&alias.object);
        }
        drop(alias.origin.take());
        drop(alias.args.take());
        drop(alias.parameters.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn alias_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    let alias = unsafe { object.as_ref().cast::<GenericAliasObject>() };
    alias.origin.trace(visitor);
    alias.args.trace(visitor);
    alias.parameters.trace(visitor);
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "types.GenericAlias",
    doc: Some(
        "GenericAlias(origin, args, /)\n--\n\nRepresent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    ),
    layout: Layout::gc::<GenericAliasObject>().weaklist(offset_of!(GenericAliasObject, weaklist)),
    basicsize: 64,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC).with(TypeFlags::HAVE_VECTORCALL),
    slots: Slots {
        new: Some(alias_new),
        repr: Some(alias_repr),
        hash: Some(alias_hash),
        call: Some(alias_call),
        getattro: Some(alias_getattro),
        richcompare: Some(alias_compare),
        iter: Some(alias_iter),
        nb_or: Some(union_or),
        mp_subscript: Some(alias_getitem),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one("__mro_entries__", mro_entries, ""),
        MethodDef::one(
            "__instancecheck__",
            |cx, _, _| Err(cx.type_error("isinstance() argument 2 cannot be a parameterized generic")),
            "",
        ),
        MethodDef::one(
            "__subclasscheck__",
            |cx, _, _| Err(cx.type_error("issubclass() argument 2 cannot be a parameterized generic")),
            "",
        ),
        MethodDef::no_args("__reduce__", alias_reduce, ""),
        MethodDef::no_args("__dir__", alias_dir, ""),
    ],
    members: &[
        MemberDef { name: "__origin__", get: |cx, object| Ok(alias(object).parts(cx).0), set: None, doc: "" },
        MemberDef {
            name: "__args__",
            get: |cx, object| Ok(alias(object).parts(cx).1.into_object()),
            set: None,
            doc: "",
        },
        MemberDef {
            name: "__unpacked__",
            get: |cx, object| Ok(cx.bool(alias(object).starred.get())),
            set: None,
            doc: "",
        },
    ],
    getset: &[
        GetSetDef {
            name: "__parameters__",
            get: Some(|cx, object| {
                let (_, args) = alias(object).parts(cx);
                Ok(parameters_of(cx, &alias(object).parameters, &args)?.into_object())
            }),
            set: None,
            doc: "Type variables in the GenericAlias.",
        },
        GetSetDef {
            name: "__typing_unpacked_tuple_args__",
            get: Some(|cx, object| {
                let (origin, args) = alias(object).parts(cx);
                let unpacked = alias(object).starred.get() && origin.is(types().tuple.as_object());
                Ok(if unpacked { args.into_object() } else { cx.none() })
            }),
            set: None,
            doc: "",
        },
    ],
    dealloc: Some(alias_dealloc),
    traverse: Some(alias_traverse),
    ..TypeSpec::EMPTY
};

// ---- unions ----

/// The members of a union; `None` for any other object.
pub fn union_args(object: &Object) -> Option<Ref<TupleObject>> {
    object.downcast_exact::<UnionObject>()?.args.get()
}

fn args_of(cx: Ctx, object: &Object) -> Ref<TupleObject> {
    union_args(object).unwrap_or_else(|| cx.new_tuple(Vec::new()))
}

fn can_be_member(cx: Ctx, object: &Object) -> bool {
    cx.is_none(object)
        || object.downcast::<TypeObject>().is_some()
        || object.downcast::<GenericAliasObject>().is_some()
        || object.downcast_exact::<UnionObject>().is_some()
}

/// `left | right` for types, aliases, unions and `None`.
pub fn union_or(cx: Ctx, left: &Object, right: &Object) -> PyResult {
    if !can_be_member(cx, left) || !can_be_member(cx, right) {
        return Ok(cx.not_implemented());
    }
    let mut members: Vec<Ref> = Vec::new();
    for side in [left, right] {
        let items = match union_args(side) {
            Some(args) => args.as_slice().to_vec(),
            None => vec![side.to_object()],
        };
        for item in items {
            let item = if cx.is_none(&item) { types().none_type.to_object() } else { item };
            let mut known = false;
            for member in &members {
                let both_aliases =
                    member.is_exact(types().generic_alias) && item.is_exact(types().generic_alias);
                if member.is(&item) || (both_aliases && cx.equal(member, &item)?) {
                    known = true;
                    break;
                }
            }
            if !known {
                members.push(item);
            }
        }
    }
    make_union(cx, members)
}

fn make_union(cx: Ctx, mut members: Vec<Ref>) -> PyResult {
    if members.len() == 1
        && let Some(only) = members.pop()
    {
        return Ok(only);
    }
    let args = cx.new_tuple(members);
    let made = memory::new_ref(&types().union_type.core, |object| UnionObject {
        object,
        args: Slot::new(args),
        parameters: Slot::empty(),
    });
    memory::track(&made.object);
    Ok(made.into_object())
}

fn union_repr(cx: Ctx, object: &Object) -> PyResult {
    let mut shown = Vec::new();
    for item in args_of(cx, object).as_slice() {
        shown.push(if item.is(types().none_type.as_object()) {
            "None".to_string()
        } else {
            show_item(cx, item)?
        });
    }
    Ok(cx.new_str(&shown.join(" | ")).into_object())
}

fn union_hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let set = cx.call1(types().frozenset.as_object(), args_of(cx, object).as_object())?;
    cx.hash(&set)
}

fn union_compare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(other)) = (op, union_args(b)) else {
        return Ok(cx.not_implemented());
    };
    let frozenset = types().frozenset.as_object();
    let left = cx.call1(frozenset, args_of(cx, a).as_object())?;
    let right = cx.call1(frozenset, other.as_object())?;
    cx.compare(&left, &right, op)
}

fn union_getitem(cx: Ctx, object: &Object, item: &Object) -> PyResult {
    let args = args_of(cx, object);
    // SAFETY: the slot of the union type.
    let parameters = parameters_of(cx, &unsafe { object.cast::<UnionObject>() }.parameters, &args)?;
    let items = substitute(cx, object, &args, &parameters, item)?;
    let mut items = items.into_iter();
    let Some(mut result) = items.next() else { return make_union(cx, Vec::new()) };
    for item in items {
        result = cx.binary_op(BinaryOp::Or, &result, &item)?;
    }
    Ok(result)
}

/// # Safety
/// As `DeallocFn`.
unsafe fn union_dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let union = object.as_ref().cast::<UnionObject>();
        memory::untrack(&union.object);
        drop(union.args.take());
        drop(union.parameters.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn union_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    let union = unsafe { object.as_ref().cast::<UnionObject>() };
    union.args.trace(visitor);
    union.parameters.trace(visitor);
}

pub static UNION_TYPE: TypeSpec = TypeSpec {
    name: "types.UnionType",
    doc: Some("Represent a PEP 604 union type\n\nE.g. for int | str"),
    layout: Layout::gc::<UnionObject>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots {
        repr: Some(union_repr),
        hash: Some(union_hash),
        getattro: Some(|cx, object, name| {
            // A union answers `__module__` as the typing module's does.
            generic_get_attr(cx, object, name)
        }),
        richcompare: Some(union_compare),
        nb_or: Some(union_or),
        mp_subscript: Some(union_getitem),
        ..Slots::EMPTY
    },
    members: &[MemberDef {
        name: "__args__",
        get: |cx, object| Ok(args_of(cx, object).into_object()),
        set: None,
        doc: "",
    }],
    getset: &[GetSetDef {
        name: "__parameters__",
        get: Some(|cx, object| {
            let args = args_of(cx, object);
            // SAFETY: an attribute of the union type.
            Ok(parameters_of(cx, &unsafe { object.cast::<UnionObject>() }.parameters, &args)?.into_object())
        }),
        set: None,
        doc: "Type variables in the types.UnionType.",
    }],
    dealloc: Some(union_dealloc),
    traverse: Some(union_traverse),
    ..TypeSpec::EMPTY
};
