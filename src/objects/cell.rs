//! `cell`: a variable shared between a function and its closures.

use std::ptr::NonNull;

use super::slots::{Args, CompareOp, Slots};
use super::spec::{GetSetDef, TypeFlags, TypeSpec};
use super::type_object::TypedLayout;
use super::{PyResult, TypeObject, Types, types};
use crate::memory::{self, Layout, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

#[repr(C)]
pub struct CellObject {
    pub object: Object,
    pub contents: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for CellObject {}
// SAFETY: every cell begins with this layout.
unsafe impl TypedLayout for CellObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.cell
    }
}

/// A cell with or without contents.
pub fn new_cell(_cx: Ctx, contents: Option<Ref>) -> Ref<CellObject> {
    let cell = memory::new_ref(&types().cell.core, |object| CellObject {
        object,
        contents: Slot::from_option(contents),
    });
    memory::track(&cell.object);
    cell
}

fn this(object: &Object) -> &CellObject {
    // SAFETY: only slots and attributes of `cell` call this.
    unsafe { object.cast() }
}

fn new(cx: Ctx, _ty: &TypeObject, args: Args<'_>) -> PyResult {
    let args = super::args::positional(cx, "cell", args, 0, 1)?;
    Ok(new_cell(cx, args.first().cloned()).into_object())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let text = match this(object).contents.peek() {
        None => format!("<cell at {:#x}: empty>", object.address()),
        Some(contents) => format!(
            "<cell at {:#x}: {} object at {:#x}>",
            object.address(),
            contents.ty().tp_name(),
            contents.address()
        ),
    };
    Ok(cx.new_str(&text).into_object())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let Some(other) = b.downcast_exact::<CellObject>() else { return Ok(cx.not_implemented()) };
    match (this(a).contents.get(), other.contents.get()) {
        (Some(left), Some(right)) => cx.compare(&left, &right, op),
        // An empty cell comes before any other.
        (left, right) => Ok(cx.bool(op.holds(left.is_some().cmp(&right.is_some())))),
    }
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let cell = object.as_ref().cast::<CellObject>();
        memory::untrack(&cell.object);
        drop(cell.contents.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    unsafe { object.as_ref().cast::<CellObject>() }.contents.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    drop(unsafe { object.as_ref().cast::<CellObject>() }.contents.take());
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "cell",
    doc: Some("cell([contents])\n--\n\nCreate a new cell object, empty unless contents are given."),
    layout: super::spec::Layout::gc::<CellObject>(),
    basicsize: 24,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        getattro: Some(super::attr::generic_get_attr),
        richcompare: Some(richcompare),
        ..Slots::EMPTY
    },
    getset: &[GetSetDef {
        name: "cell_contents",
        get: Some(|cx, object| this(object).contents.get().ok_or_else(|| cx.value_error("Cell is empty"))),
        set: Some(|_, object, value| {
            this(object).contents.set(value.map(Layout::to_object));
            Ok(())
        }),
        doc: "",
    }],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
