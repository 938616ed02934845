//! Making the built-in types out of their tables, and what every type goes through before use:
//! base, MRO, dict, inherited slots (`PyType_Ready`).

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use super::cache;
use super::slot_functions::hash_not_implemented;
use super::slotdefs::{FINALIZE, SLOT_DEFS};
use super::update::slot_name;
use crate::memory::object::{TypeInfo, UntrackPass, WeakKind};
use crate::memory::{self, Layout as _, Object, PreHeader, Slot, TypeCore};
use crate::objects::attr::generic_get_attr;
use crate::objects::descr::{self, Member};
use crate::objects::exceptions::ExceptionTypes;
use crate::objects::native::new_native;
use crate::objects::singletons::{self, Singletons};
use crate::objects::slots::Slots;
use crate::objects::spec::{Binding, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{DictObject, IntObject, Names, PyResult, TABLES, TypeObject, Types, types};
use crate::vm::Ctx;

/// Makes every built-in type, the singletons and the well-known names. The first thing that a new
/// interpreter does; nothing of Python exists before.
pub fn make_builtin_types(cx: Ctx) {
    cache::reset();
    let mut specs: Vec<&'static TypeSpec> = Types::SPECS.to_vec();
    specs.extend(ExceptionTypes::SPECS.iter().map(|(_, _, spec)| spec));
    let made: Vec<&'static TypeObject> = specs.iter().map(|spec| allocate(spec)).collect();
    let type_type = made[1];
    for ty in &made {
        ty.as_object().set_type_uncounted(NonNull::from(&type_type.core));
    }
    let (plain, exceptional) = made.split_at(Types::SPECS.len());
    // SAFETY: nothing has read the tables yet; only this thread may.
    unsafe {
        *TABLES.types.get() = Some(Types::from_made(plain));
        *TABLES.exceptions.get() = Some(ExceptionTypes::from_made(exceptional));
    }
    // Memory needs bases, dealloc and traverse of every type before the first object is made.
    for ty in plain {
        if let Some(spec) = ty.spec.get()
            && !ty.is_type(types().object)
        {
            let base = spec.base.map_or(types().object, |base| base(types()));
            ty.base.set(Some(base.to_ref()));
        }
    }
    for (index, ty) in exceptional.iter().enumerate() {
        let (_, base_name, _) = &ExceptionTypes::SPECS[index];
        let base = ExceptionTypes::SPECS.iter().position(|(field, _, _)| field == base_name);
        ty.base.set(Some(base.map_or(types().object, |at| exceptional[at]).to_ref()));
    }
    for ty in &made {
        inherit_memory(ty);
    }
    make_singletons();
    let names = Names::new(cx);
    // SAFETY: as above.
    unsafe { *TABLES.names.get() = Some(names) };
    super::update::make_slot_names(cx);
    for ty in &made {
        if ready(cx, ty).is_err() {
            unreachable!("built-in types are consistent");
        }
    }
    // Subclass lists need weak references, hence all types.
    for ty in &made {
        if let Some(base) = ty.base.get()
            && super::add_subclass(cx, &base, ty).is_err()
        {
            unreachable!("a new dict takes an integer key");
        }
    }
}

/// A new built-in type for a native module, ready for use. Lives as long as the interpreter.
pub fn new_static_type(cx: Ctx, spec: &'static TypeSpec) -> PyResult<&'static TypeObject> {
    let ty = allocate(spec);
    ty.as_object().set_type_uncounted(NonNull::from(&types().type_.core));
    let base = spec.base.map_or(types().object, |base| base(types()));
    finish_static_type(cx, ty, base)
}

/// As [`new_static_type`] for a type whose base is not one of the [`Types`].
pub fn new_static_subtype(
    cx: Ctx,
    spec: &'static TypeSpec,
    base: &TypeObject,
) -> PyResult<&'static TypeObject> {
    let ty = allocate(spec);
    ty.as_object().set_type_uncounted(NonNull::from(&types().type_.core));
    finish_static_type(cx, ty, base)
}

fn finish_static_type(cx: Ctx, ty: &'static TypeObject, base: &TypeObject) -> PyResult<&'static TypeObject> {
    ty.base.set(Some(base.to_ref()));
    inherit_memory(ty);
    ready(cx, ty)?;
    super::add_subclass(cx, base, ty)?;
    Ok(ty)
}

/// Bytes of a built-in type object.
fn allocate(spec: &'static TypeSpec) -> &'static TypeObject {
    // The type of types does not exist yet when the first ones are made; this core says what the
    // allocator wants to know: a plain block.
    let core = TypeCore {
        // SAFETY: nothing looks at this header's type.
        object: unsafe { Object::header(1, NonNull::dangling()) },
        info: TypeInfo::new(size_of::<TypeObject>() as u32, super::dealloc),
    };
    // SAFETY: the payload is written right here, before anything else can look; built-in types
    // are never freed before the heap is.
    unsafe {
        let object = memory::alloc::new_object_with(&core, PreHeader::Plain, size_of::<TypeObject>(), false);
        let header = object.as_ptr().read();
        object.as_ptr().cast::<TypeObject>().write(blank(header));
        let ty: &'static TypeObject = object.cast::<TypeObject>().as_ref();
        fill_from_spec(ty, spec);
        ty
    }
}

/// A type object with nothing in it.
pub(super) fn blank(header: Object) -> TypeObject {
    TypeObject {
        core: TypeCore { object: header, info: TypeInfo::new(16, object_dealloc) },
        slots: UnsafeCell::new(Slots::EMPTY),
        flags: Cell::new(TypeFlags::NONE),
        basicsize: Cell::new(0),
        itemsize: Cell::new(0),
        dict_offset: Cell::new(0),
        shown_dictoffset: Cell::new(0),
        shown_weakrefoffset: Cell::new(0),
        spec: Cell::new(None),
        name: Slot::empty(),
        qualname: Slot::empty(),
        base: Slot::empty(),
        bases: Slot::empty(),
        mro: Slot::empty(),
        dict: Slot::empty(),
        slot_names: Slot::empty(),
        subclasses: Slot::empty(),
        version_tag: Cell::new(0),
        cached_keys: Cell::new(std::ptr::null_mut()),
        weaklist: Cell::new(0),
        member_offset: Cell::new(0),
        member_count: Cell::new(0),
    }
}

/// `object.__dealloc__`: nothing inside.
///
/// # Safety
/// As `DeallocFn`.
pub unsafe fn object_dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe { memory::free_object(object) }
}

fn fill_from_spec(ty: &TypeObject, spec: &'static TypeSpec) {
    let info = &ty.core.info;
    info.size.set(spec.layout.size as u32);
    info.item_size.set(spec.layout.item_size as u32);
    info.pre_header.set(spec.layout.pre_header);
    info.weaklist_offset.set(spec.layout.weaklist as u32);
    info.uses_trashcan.set(spec.trashcan);
    if let Some(dealloc) = spec.dealloc {
        info.dealloc.set(dealloc);
    }
    info.traverse.set(spec.traverse);
    info.owned.set(spec.owned);
    info.clear.set(spec.clear);
    info.finalize.set(spec.finalize);
    info.maybe_untrack.set(spec.maybe_untrack);
    info.weak_kind.set(match spec.name {
        "weakref.ReferenceType" => WeakKind::Ref,
        "weakref.ProxyType" | "weakref.CallableProxyType" => WeakKind::Proxy,
        _ => WeakKind::No,
    });
    if spec.name == "dict" {
        info.untrack_pass.set(UntrackPass::Full);
    }
    if spec.name == "type" {
        info.is_gc.set(Some(|object| {
            // SAFETY: asked of instances of `type` alone.
            unsafe { object.cast::<TypeObject>() }.has_flag(TypeFlags::HEAPTYPE)
        }));
    }
    ty.spec.set(Some(spec));
    ty.set_slots(|slots| {
        *slots = spec.slots;
        if slots.getattro.is_none() && names_getattro(spec) {
            slots.getattro = Some(generic_get_attr);
        }
    });
    let mut flags = spec.flags.with(TypeFlags::IMMUTABLETYPE);
    if spec.layout.pre_header != PreHeader::Plain {
        flags = flags.with(TypeFlags::HAVE_GC);
    }
    if VECTORCALL_TYPES.contains(&spec.name) {
        flags = flags.with(TypeFlags::VECTORCALL_TYPE);
    }
    ty.flags.set(flags);
    ty.basicsize.set(spec.basicsize);
    ty.itemsize.set(spec.itemsize);
    ty.dict_offset.set(spec.layout.dict);
    let (dict, weak) = SHOWN_OFFSETS
        .iter()
        .find(|(name, _, _)| *name == spec.name)
        .map_or((spec.layout.dict as isize, spec.layout.weaklist as isize), |(_, dict, weak)| (*dict, *weak));
    ty.shown_dictoffset.set(dict);
    ty.shown_weakrefoffset.set(weak);
}

/// Whether the type's `__dict__` has a `__getattribute__` of its own: nearly all of CPython's
/// built-in types name the generic lookup themselves instead of inheriting it.
fn names_getattro(spec: &TypeSpec) -> bool {
    const INHERIT: &[&str] = &[
        "classmethod",
        "staticmethod",
        "function",
        "bool",
        "NoneType",
        "NotImplementedType",
        "weakref.ReferenceType",
        "dict_reversekeyiterator",
        "dict_reversevalueiterator",
        "dict_reverseitemiterator",
        "collections.OrderedDict",
        "itertools._tee",
    ];
    let is_exception = spec.flags.has(TypeFlags::BASE_EXC_SUBCLASS) && spec.name != "BaseException";
    !is_exception && !spec.name.starts_with("_io.") && !INHERIT.contains(&spec.name)
}

/// Built-in types that CPython 3.11 calls without making a tuple of the arguments.
const VECTORCALL_TYPES: &[&str] = &[
    "type",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "list",
    "bool",
    "map",
    "range",
    "reversed",
    "set",
    "super",
    "tuple",
];

/// `__dictoffset__` and `__weakrefoffset__` of CPython 3.11 where our layout has other numbers.
const SHOWN_OFFSETS: &[(&str, isize, isize)] = &[
    ("type", 264, 368),
    ("async_generator", 0, 24),
    ("builtin_function_or_method", 0, 40),
    ("classmethod", 24, 0),
    ("staticmethod", 24, 0),
    ("code", 0, 144),
    ("coroutine", 0, 24),
    ("collections.OrderedDict", 96, 104),
    ("set", 0, 192),
    ("frozenset", 0, 192),
    ("function", 88, 96),
    ("generator", 0, 24),
    ("memoryview", 0, 136),
    ("method", 0, 32),
    ("module", 16, 40),
    ("types.GenericAlias", 0, 40),
    ("types.SimpleNamespace", 16, 0),
    ("_io.BytesIO", 40, 48),
    ("_io.BufferedReader", 136, 144),
    ("_io.BufferedWriter", 136, 144),
    ("_io.BufferedRWPair", 32, 40),
    ("_io.BufferedRandom", 136, 144),
    ("_io.FileIO", 40, 32),
    ("_io.StringIO", 104, 112),
    ("_io.TextIOWrapper", 184, 176),
    ("itertools._tee", 0, 32),
];

/// Takes over from the bases what memory must know: sizes, pre-header, dealloc, traverse, clear.
/// Works without Python objects; harmless when done twice.
fn inherit_memory(ty: &TypeObject) {
    let Some(base) = ty.base.get() else { return };
    inherit_memory(&base);
    let (info, from) = (&ty.core.info, &base.core.info);
    if info.dealloc.get() as usize == object_dealloc as *const () as usize {
        info.dealloc.set(from.dealloc.get());
    }
    if info.owned.get().is_none() {
        info.owned.set(from.owned.get());
    }
    if info.traverse.get().is_none() && info.clear.get().is_none() {
        if base.has_flag(TypeFlags::HAVE_GC) && !ty.has_flag(TypeFlags::HAVE_GC) {
            ty.flags.set(ty.flags.get().with(TypeFlags::HAVE_GC));
        }
        info.traverse.set(from.traverse.get());
        info.clear.set(from.clear.get());
    }
    if (info.pre_header.get() as u8) < from.pre_header.get() as u8 {
        info.pre_header.set(from.pre_header.get());
    }
    if info.size.get() < from.size.get() {
        info.size.set(from.size.get());
    }
    if info.item_size.get() == 0 {
        info.item_size.set(from.item_size.get());
    }
    if info.weaklist_offset.get() == 0 {
        info.weaklist_offset.set(from.weaklist_offset.get());
    }
    if info.finalize.get().is_none() {
        info.finalize.set(from.finalize.get());
    }
    if ty.dict_offset.get() == 0 {
        ty.dict_offset.set(base.dict_offset.get());
    }
    if info.weak_kind.get() == WeakKind::No && from.weak_kind.get() != WeakKind::No {
        info.weak_kind.set(WeakKind::Other);
    }
}

fn make_singletons() {
    let plain = |ty: &TypeObject| memory::new_ref::<Object>(&ty.core, |object| object);
    let boolean = |value: i64| {
        memory::new_ref(&types().bool.core, |object| IntObject {
            object,
            big: std::ptr::null_mut(),
            small: value,
        })
        .into_object()
    };
    let made = Singletons {
        none: plain(types().none_type),
        ellipsis: plain(types().ellipsis_type),
        not_implemented: plain(types().not_implemented_type),
        false_: boolean(0),
        true_: boolean(1),
    };
    // SAFETY: nothing has read the table yet; only this thread may.
    unsafe { *singletons::TABLE.0.get() = Some(made) };
}

/// Makes a type ready for use (`PyType_Ready`): its base is set, its dict may be filled already.
pub fn ready(cx: Ctx, ty: &TypeObject) -> PyResult<()> {
    if ty.has_flag(TypeFlags::READY) {
        return Ok(());
    }
    let base = ty.base.get();
    if let Some(base) = &base {
        ready(cx, base)?;
    }
    if ty.bases.is_empty() {
        let bases = base.iter().map(|base| base.to_object()).collect();
        ty.bases.set(Some(cx.new_tuple(bases)));
    }
    if ty.dict.is_empty() {
        ty.dict.set(Some(cx.new_dict()));
    }
    if let Some(spec) = ty.spec.get() {
        let bare = spec.name.rsplit('.').next().unwrap_or(spec.name);
        ty.name.set(Some(cx.intern(bare)));
        ty.qualname.set(Some(cx.intern(bare)));
        set_new(ty);
        fill_dict(cx, ty, spec)?;
    }
    super::mro::set_mro(cx, ty)?;
    inherit(cx, ty);
    set_hash(cx, ty)?;
    ty.flags.set(ty.flags.get().with(TypeFlags::READY));
    Ok(())
}

/// Built-in types derived from `object` directly do not inherit its `__new__`: without one of
/// their own they cannot be instantiated.
fn set_new(ty: &TypeObject) {
    if ty.slots().new.is_some() {
        return;
    }
    let from_object = ty.base.peek().is_some_and(|base| base.is_type(types().object));
    if from_object {
        ty.flags.set(ty.flags.get().with(TypeFlags::DISALLOW_INSTANTIATION));
    }
}

/// `__new__` of a type with a `new` slot of its own.
pub static NEW_DEF: MethodDef = MethodDef::varargs_keywords(
    "__new__",
    super::new_wrapper,
    "__new__($type, *args, **kwargs)\n--\n\nCreate and return a new object.  See help(type) for accurate signature.",
);

fn fill_dict(cx: Ctx, ty: &TypeObject, spec: &'static TypeSpec) -> PyResult<()> {
    let Some(dict) = ty.dict.get() else { return Ok(()) };
    if spec.slots.new.is_some() && !ty.has_flag(TypeFlags::DISALLOW_INSTANTIATION) {
        let new = new_native(cx, &NEW_DEF, Some(ty.to_object()), None).into_object();
        dict.set_str(cx, &cx.intern("__new__"), new)?;
    }
    add_slot_wrappers(cx, ty, &dict)?;
    for def in spec.methods {
        let name = cx.intern(def.name);
        if dict.get_str(cx, &name).is_some() && def.binding != Binding::Coexist {
            continue;
        }
        let made = match def.binding {
            Binding::Instance | Binding::Coexist => descr::new_method(cx, ty, def),
            Binding::Class => descr::new_class_method(cx, ty, def),
            Binding::Static => {
                let function = new_native(cx, def, Some(ty.to_object()), None).into_object();
                crate::objects::wrappers::new_static_method(function)
            }
        };
        dict.set_str(cx, &name, made)?;
    }
    for def in spec.members {
        let name = cx.intern(def.name);
        dict.set_str(cx, &name, descr::new_member(cx, ty, &name, Member::Field(def)))?;
    }
    for def in spec.getset {
        dict.set_str(cx, &cx.intern(def.name), descr::new_getset(cx, ty, def))?;
    }
    let doc = cx.intern("__doc__");
    if dict.get_str(cx, &doc).is_none() {
        let text = match spec.doc {
            Some(text) => crate::objects::native::doc_object(cx, spec.name, text),
            None => cx.none(),
        };
        dict.set_str(cx, &doc, text)?;
    }
    Ok(())
}

fn add_slot_wrappers(cx: Ctx, ty: &TypeObject, dict: &DictObject) -> PyResult<()> {
    for (index, def) in SLOT_DEFS.iter().enumerate() {
        if def.wrap.is_none() {
            continue;
        }
        let code = match def.field {
            FINALIZE => ty.spec.get().and_then(|spec| spec.finalize).map_or(0, |finalize| finalize as usize),
            field => ty.slots().raw(field),
        };
        let name = slot_name(index);
        if code == 0 || dict.get_str(cx, name).is_some() {
            continue;
        }
        let value = if code == hash_not_implemented as *const () as usize {
            cx.none()
        } else {
            descr::new_wrapper(cx, ty, def, code)
        };
        dict.set_str(cx, name, value)?;
    }
    Ok(())
}

/// Slots and flags that the type does not set itself come from the first class of the MRO that
/// has them.
fn inherit(cx: Ctx, ty: &TypeObject) {
    let Some(mro) = ty.mro.get() else { return };
    if let Some(base) = ty.base.peek() {
        inherit_special(ty, base);
    }
    for class in mro.as_slice().iter().skip(1) {
        if let Some(class) = class.downcast::<TypeObject>() {
            inherit_slots(cx, ty, class);
        }
    }
}

fn inherit_special(ty: &TypeObject, base: &TypeObject) {
    const FAMILY: TypeFlags = TypeFlags::LONG_SUBCLASS
        .with(TypeFlags::LIST_SUBCLASS)
        .with(TypeFlags::TUPLE_SUBCLASS)
        .with(TypeFlags::BYTES_SUBCLASS)
        .with(TypeFlags::UNICODE_SUBCLASS)
        .with(TypeFlags::DICT_SUBCLASS)
        .with(TypeFlags::BASE_EXC_SUBCLASS)
        .with(TypeFlags::TYPE_SUBCLASS)
        .with(TypeFlags::MATCH_SELF);
    let inherited = TypeFlags(base.flags.get().0 & FAMILY.0);
    ty.flags.set(ty.flags.get().with(inherited));
    let pattern = TypeFlags::SEQUENCE.with(TypeFlags::MAPPING);
    if !ty.has_flag(pattern) {
        ty.flags.set(ty.flags.get().with(TypeFlags(base.flags.get().0 & pattern.0)));
    }
    if ty.basicsize.get() == 0 {
        ty.basicsize.set(base.basicsize.get());
    }
    if ty.itemsize.get() == 0 {
        ty.itemsize.set(base.itemsize.get());
    }
    if ty.shown_dictoffset.get() == 0 {
        ty.shown_dictoffset.set(base.shown_dictoffset.get());
    }
    if ty.shown_weakrefoffset.get() == 0 {
        ty.shown_weakrefoffset.set(base.shown_weakrefoffset.get());
    }
}

fn inherit_slots(cx: Ctx, ty: &TypeObject, base: &TypeObject) {
    let parent = *base.slots();
    let grandparent = base.base.peek().map(|next| *next.slots());
    let own = *ty.slots();
    let hides_hash = ty.dict.peek().is_some_and(|dict| {
        dict.get_str(cx, &crate::objects::names().eq).is_some()
            || dict.get_str(cx, &crate::objects::names().hash).is_some()
    });
    let takes_comparison = own.richcompare.is_none() && own.hash.is_none() && !hides_hash;
    let is_static = !ty.has_flag(TypeFlags::HEAPTYPE);
    ty.set_slots(|slots| {
        for field in Slots::fields() {
            // Hash and comparison go together; `__new__` is inherited unless it is forbidden.
            if field == std::mem::offset_of!(Slots, richcompare)
                || field == std::mem::offset_of!(Slots, hash)
                || (field == std::mem::offset_of!(Slots, new)
                    && is_static
                    && ty.has_flag(TypeFlags::DISALLOW_INSTANTIATION))
            {
                continue;
            }
            let code = parent.raw(field);
            let defined = code != 0 && grandparent.is_none_or(|slots| slots.raw(field) != code);
            if defined && slots.raw(field) == 0 {
                // SAFETY: the same field of another table.
                unsafe { slots.set_raw(field, code) };
            }
        }
        if takes_comparison {
            slots.richcompare = parent.richcompare;
            slots.hash = parent.hash;
        }
    });
    // A subclass keeps the call protocol of its base unless it defines `__call__`.
    if own.call.is_none()
        && parent.call.is_some()
        && ty.slots().call.map(|f| f as usize) == parent.call.map(|f| f as usize)
        && base.has_flag(TypeFlags::HAVE_VECTORCALL)
        && base.has_flag(TypeFlags::IMMUTABLETYPE)
        && !ty.has_flag(TypeFlags::HEAPTYPE)
    {
        ty.flags.set(ty.flags.get().with(TypeFlags::HAVE_VECTORCALL));
    }
    if base.has_flag(TypeFlags::METHOD_DESCRIPTOR)
        && own.descr_get.is_none()
        && !ty.has_flag(TypeFlags::HEAPTYPE)
    {
        ty.flags.set(ty.flags.get().with(TypeFlags::METHOD_DESCRIPTOR));
    }
}

/// What neither hashes nor inherits a hash says `__hash__ = None`.
fn set_hash(cx: Ctx, ty: &TypeObject) -> PyResult<()> {
    if ty.slots().hash.is_some() {
        return Ok(());
    }
    let Some(dict) = ty.dict.get() else { return Ok(()) };
    let name = cx.intern("__hash__");
    if dict.get_str(cx, &name).is_none() {
        dict.set_str(cx, &name, cx.none())?;
        ty.set_slots(|slots| slots.hash = Some(hash_not_implemented));
    }
    Ok(())
}

const _: () = assert!(size_of::<Slots>().is_multiple_of(size_of::<usize>()));
