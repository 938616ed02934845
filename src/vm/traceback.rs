//! `traceback`: one entry per frame that an exception passed through.

use std::cell::Cell;
use std::ptr::NonNull;

use super::Ctx;
use super::frame_object::FrameObject;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as, new_ref, track};
use crate::objects::spec::{Layout, TypeFlags};
use crate::objects::{
    GetSetDef, MemberDef, MethodDef, PyResult, Slots, TypeObject, TypeSpec, TypedLayout, Types, types,
};

#[repr(C)]
pub struct TracebackObject {
    pub object: Object,
    /// The entry of the next inner frame.
    pub next: Slot,
    pub frame: Slot<FrameObject>,
    pub lasti: Cell<i32>,
    pub line: Cell<i32>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for TracebackObject {}
// SAFETY: `traceback` cannot be subclassed; every instance has this layout.
unsafe impl TypedLayout for TracebackObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.traceback
    }
}

/// Makes an entry for a frame in front of `next`.
pub fn new_traceback(cx: Ctx, next: Option<Ref>, frame: Ref<FrameObject>, lasti: i32, line: i32) -> Ref {
    let _ = cx;
    let entry = new_ref(&types().traceback.core, |object| TracebackObject {
        object,
        next: Slot::from_option(next),
        frame: Slot::new(frame),
        lasti: Cell::new(lasti),
        line: Cell::new(line),
    });
    track(entry.as_object());
    entry.into_object()
}

fn receiver(object: &Object) -> &TracebackObject {
    // SAFETY: attributes of the `traceback` type are called with tracebacks only.
    unsafe { object.cast() }
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the `traceback` type.
    unsafe { dealloc_as::<TracebackObject>(object) }
}

unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the `traceback` type.
    let this = unsafe { object.as_ref().cast::<TracebackObject>() };
    this.next.trace(visitor);
    this.frame.trace(visitor);
}

unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of the `traceback` type.
    let this = unsafe { object.as_ref().cast::<TracebackObject>() };
    drop(this.next.take());
    drop(this.frame.take());
}

fn set_next(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(cx.type_error("can't delete tb_next attribute"));
    };
    let next = if cx.is_none(value) { None } else { Some(value) };
    if let Some(next) = next {
        if next.downcast::<TracebackObject>().is_none() {
            return Err(
                cx.type_error(format_args!("expected traceback object, got '{}'", next.ty().tp_name()))
            );
        }
        let mut cursor = Some(next.to_ref());
        while let Some(entry) = cursor {
            if entry.is(object) {
                return Err(cx.value_error("traceback loop detected"));
            }
            cursor = receiver(&entry).next.get();
        }
    }
    receiver(object).next.set(next.map(Object::to_ref));
    Ok(())
}

fn new(cx: Ctx, _ty: &TypeObject, args: crate::objects::Args<'_>) -> PyResult {
    let signature = crate::objects::spec::Signature {
        name: "traceback",
        params: &["tb_next", "tb_frame", "tb_lasti", "tb_lineno"],
        required: 4,
        max_positional: 4,
    };
    let mut values = [None, None, None, None];
    crate::objects::args::bind(cx, &signature, args, &mut values)?;
    let [Some(next), Some(frame), Some(lasti), Some(line)] = values else {
        return Err(cx.type_error("traceback expected 4 arguments"));
    };
    let next = if cx.is_none(&next) {
        None
    } else if next.is_instance(types().traceback) {
        Some(next)
    } else {
        return Err(
            cx.type_error(format_args!("expected traceback object or None, got '{}'", next.ty().tp_name()))
        );
    };
    let frame = frame.downcast_ref::<FrameObject>().map_err(|frame| {
        cx.type_error(format_args!(
            "TracebackType() argument 'tb_frame' must be frame, not {}",
            frame.ty().tp_name()
        ))
    })?;
    let lasti = cx.to_i32(&lasti)?;
    let line = cx.to_i32(&line)?;
    Ok(new_traceback(cx, next, frame, lasti, line))
}

fn dir(cx: Ctx, _object: &Object) -> PyResult {
    let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
    let names = names.iter().map(|name| cx.new_str(name).into_object()).collect();
    Ok(cx.new_list(names)?.into_object())
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "traceback",
    doc: Some("TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nCreate a new traceback object."),
    layout: Layout::gc::<TracebackObject>(),
    basicsize: 40,
    flags: TypeFlags::HAVE_GC,
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    trashcan: true,
    slots: Slots { new: Some(new), ..Slots::EMPTY },
    methods: &[MethodDef::no_args("__dir__", dir, "")],
    members: &[
        MemberDef {
            name: "tb_frame",
            get: |cx, t| Ok(receiver(t).frame.get().map_or_else(|| cx.none(), Ref::into_object)),
            set: None,
            doc: "",
        },
        MemberDef {
            name: "tb_lasti",
            get: |cx, t| Ok(cx.new_int(i64::from(receiver(t).lasti.get()))),
            set: None,
            doc: "",
        },
    ],
    getset: &[
        GetSetDef {
            name: "tb_next",
            get: Some(|cx, t| Ok(receiver(t).next.get().unwrap_or_else(|| cx.none()))),
            set: Some(set_next),
            doc: "",
        },
        GetSetDef {
            name: "tb_lineno",
            get: Some(|cx, t| Ok(cx.new_int(i64::from(receiver(t).line.get())))),
            set: None,
            doc: "",
        },
    ],
    ..TypeSpec::EMPTY
};
