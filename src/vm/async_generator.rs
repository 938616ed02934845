//! `async_generator` and the awaitables that drive it (PEP 525).

use std::cell::Cell;
use std::ptr::NonNull;

use super::Ctx;
use super::generator::{self, GeneratorObject, awaitable_iterator};
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as, new_ref, track};
use crate::objects::slots::SendResult;
use crate::objects::spec::{Layout, TypeFlags};
use crate::objects::{GetSetDef, MemberDef, MethodDef, PyResult, Slots, TypeSpec, exceptions, types};

fn receiver(object: &Object) -> &GeneratorObject {
    // SAFETY: called with async generators only.
    unsafe { object.cast() }
}

/// A value on its way out of `async_gen.__anext__`: tells a `yield` from an `await`.
#[repr(C)]
pub struct WrappedValue {
    pub object: Object,
    pub value: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for WrappedValue {}

/// `ASYNC_GEN_WRAP`.
pub fn wrap_async_value(_: Ctx, value: Ref) -> Ref {
    let wrapped = new_ref(&types().async_generator_wrapped_value.core, |object| WrappedValue {
        object,
        value: Slot::new(value),
    });
    track(wrapped.as_object());
    wrapped.into_object()
}

/// `GET_AITER`.
pub fn get_aiter(cx: Ctx, iterable: &Object) -> PyResult {
    let Some(aiter) = iterable.ty().slots().am_aiter else {
        return Err(cx.type_error(format_args!(
            "'async for' requires an object with __aiter__ method, got {}",
            iterable.ty().tp_name()
        )));
    };
    let iterator = aiter(cx, iterable)?;
    if iterator.ty().slots().am_anext.is_none() {
        return Err(cx.type_error(format_args!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {}",
            iterator.ty().tp_name()
        )));
    }
    Ok(iterator)
}

/// `GET_ANEXT`: what the next step awaits.
pub fn get_anext(cx: Ctx, iterator: &Object) -> PyResult {
    let Some(anext) = iterator.ty().slots().am_anext else {
        return Err(cx.type_error(format_args!(
            "'async for' requires an iterator with __anext__ method, got {}",
            iterator.ty().tp_name()
        )));
    };
    let awaitable = anext(cx, iterator)?;
    if iterator.is_exact(types().async_generator) {
        return Ok(awaitable);
    }
    awaitable_iterator(cx, &awaitable).map_err(|raised| {
        cx.raise_from_pending(
            raised,
            exceptions().type_error,
            format_args!(
                "'async for' received an invalid object from __anext__: {}",
                awaitable.ty().tp_name()
            ),
        )
    })
}

/// Hands an unfinished async generator to the event loop's finalizer; false when it has none.
pub fn finalize_by_hook(cx: Ctx, generator: &GeneratorObject) -> bool {
    if generator.closed.get() {
        return false;
    }
    let Some(finalizer) = generator.origin_or_finalizer.get() else { return false };
    cx.with_exception_saved(|| {
        if let Err(raised) = cx.call1(&finalizer, generator.as_object()) {
            cx.write_unraisable(raised, None, Some(generator.as_object()));
        }
    });
    true
}

/// The state of an awaitable made by `asend`, `athrow` or `aclose`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Init,
    Iterating,
    Closed,
}

/// The awaitable of `__anext__`, `asend`, `athrow`, `aclose`.
#[repr(C)]
pub struct AsyncStep {
    pub object: Object,
    generator: Slot,
    /// The value to send, or the arguments to throw as a tuple, or nothing for `aclose`.
    argument: Slot,
    kind: Cell<StepKind>,
    phase: Cell<Phase>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StepKind {
    Send,
    Throw,
    Close,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for AsyncStep {}

fn new_step(cx: Ctx, generator: &Object, kind: StepKind, argument: Option<Ref>) -> PyResult {
    init_hooks(cx, receiver(generator))?;
    let ty =
        if kind == StepKind::Send { types().async_generator_asend } else { types().async_generator_athrow };
    let step = new_ref(&ty.core, |object| AsyncStep {
        object,
        generator: Slot::new(generator.to_ref()),
        argument: Slot::from_option(argument),
        kind: Cell::new(kind),
        phase: Cell::new(Phase::Init),
    });
    track(step.as_object());
    Ok(step.into_object())
}

fn init_hooks(cx: Ctx, generator: &GeneratorObject) -> PyResult<()> {
    if generator.hooks_inited.replace(true) {
        return Ok(());
    }
    if let Some(finalizer) = cx.vm().async_gen_finalizer.get() {
        generator.origin_or_finalizer.set(Some(finalizer));
    }
    if let Some(first) = cx.vm().async_gen_firstiter.get() {
        cx.call1(&first, generator.as_object())?;
    }
    Ok(())
}

fn step_of(object: &Object) -> &AsyncStep {
    // SAFETY: called with the two step types only.
    unsafe { object.cast() }
}

/// Turns what the generator yields into what the awaitable gives: a wrapped value ends the await.
fn unwrap(cx: Ctx, generator: &GeneratorObject, result: PyResult<SendResult>) -> PyResult {
    match result {
        Ok(SendResult::Next(value)) if value.is_exact(types().async_generator_wrapped_value) => {
            generator.running_async.set(false);
            // SAFETY: the type was just checked.
            let inner = unsafe { value.cast::<WrappedValue>() }.value.get().unwrap_or_else(|| cx.none());
            Err(cx.raise_stop_iteration(inner))
        }
        Ok(SendResult::Next(value)) => Ok(value),
        Ok(SendResult::Return(_)) => {
            generator.closed.set(true);
            generator.running_async.set(false);
            Err(cx.raise_bare(exceptions().stop_async_iteration))
        }
        Err(raised) => {
            if cx.raised_is(&raised, exceptions().stop_async_iteration)
                || cx.raised_is(&raised, exceptions().generator_exit)
            {
                generator.closed.set(true);
            }
            generator.running_async.set(false);
            Err(raised)
        }
    }
}

fn step_send(cx: Ctx, object: &Object, value: &Object) -> PyResult {
    let step = step_of(object);
    let name = match step.kind.get() {
        StepKind::Send => "asend()",
        StepKind::Throw => "athrow()",
        StepKind::Close => "aclose()",
    };
    if step.phase.get() == Phase::Closed {
        return Err(cx.runtime_error(match step.kind.get() {
            StepKind::Send => "cannot reuse already awaited __anext__()/asend()",
            _ => "cannot reuse already awaited aclose()/athrow()",
        }));
    }
    let Some(owner) = step.generator.get() else { return Ok(cx.none()) };
    let generator = receiver(&owner);
    let first = step.phase.get() == Phase::Init;
    if first {
        if generator.running_async.get() {
            step.phase.set(Phase::Closed);
            let what = if step.kind.get() == StepKind::Send { "anext()" } else { name };
            return Err(cx.runtime_error(format_args!(
                "{}: asynchronous generator is already running",
                what.trim_end_matches("()")
            )));
        }
        if step.kind.get() != StepKind::Send {
            if generator.closed.get() {
                step.phase.set(Phase::Closed);
                return Err(cx.raise_bare(exceptions().stop_async_iteration));
            }
            if !cx.is_none(value) {
                return Err(cx.runtime_error("can't send non-None value to a just-started coroutine"));
            }
        }
        step.phase.set(Phase::Iterating);
        generator.running_async.set(true);
    }
    let result = match step.kind.get() {
        StepKind::Send => {
            let argument = if first && cx.is_none(value) { step.argument.get() } else { None };
            let sent = argument.unwrap_or_else(|| value.to_ref());
            unwrap(cx, generator, generator::resume(cx, generator, Some(&sent), false, false))
        }
        StepKind::Throw if first => {
            let args = step.argument.get();
            let args: Vec<Ref> = args
                .and_then(|a| a.downcast::<crate::objects::TupleObject>().map(|t| t.as_slice().to_vec()))
                .unwrap_or_default();
            match args.as_slice() {
                [] => Ok(cx.none()),
                [ty, rest @ ..] => {
                    let thrown = generator::throw_into(cx, &owner, false, ty, rest.first(), rest.get(1));
                    unwrap(cx, generator, thrown.map(SendResult::Next))
                }
            }
        }
        StepKind::Close if first => {
            generator.closed.set(true);
            let exit = exceptions().generator_exit.to_object();
            let thrown = generator::throw_into(cx, &owner, false, &exit, None, None);
            close_result(cx, generator, thrown)
        }
        StepKind::Throw => unwrap(cx, generator, generator::resume(cx, generator, Some(value), false, false)),
        StepKind::Close => {
            let result = generator::resume(cx, generator, Some(value), false, false).and_then(|r| match r {
                SendResult::Next(value) => Ok(value),
                SendResult::Return(_) => Err(cx.raise_bare(exceptions().stop_async_iteration)),
            });
            close_result(cx, generator, result)
        }
    };
    if result.is_err() {
        step.phase.set(Phase::Closed);
    }
    result
}

fn close_result(cx: Ctx, generator: &GeneratorObject, result: PyResult) -> PyResult {
    match result {
        Ok(value) if value.is_exact(types().async_generator_wrapped_value) => {
            generator.running_async.set(false);
            Err(cx.runtime_error("async generator ignored GeneratorExit"))
        }
        Ok(value) => Ok(value),
        Err(raised) => {
            generator.running_async.set(false);
            if cx.raised_is(&raised, exceptions().stop_async_iteration)
                || cx.raised_is(&raised, exceptions().generator_exit)
            {
                cx.clear_exception(raised);
                return Err(cx.raise_bare(exceptions().stop_iteration));
            }
            Err(raised)
        }
    }
}

fn step_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let none = cx.none();
    step_send(cx, object, &none).map(Some)
}

fn step_throw(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    crate::objects::args::check_count(cx, "throw", args, 1, 3)?;
    let step = step_of(object);
    if step.phase.get() == Phase::Closed {
        return Err(cx.runtime_error(match step.kind.get() {
            StepKind::Send => "cannot reuse already awaited __anext__()/asend()",
            _ => "cannot reuse already awaited aclose()/athrow()",
        }));
    }
    let Some(owner) = step.generator.get() else { return Ok(cx.none()) };
    let thrown = generator::throw_into(cx, &owner, false, &args[0], args.get(1), args.get(2));
    let result = if step.kind.get() == StepKind::Close {
        close_result(cx, receiver(&owner), thrown)
    } else {
        unwrap(cx, receiver(&owner), thrown.map(SendResult::Next))
    };
    if result.is_err() {
        step.phase.set(Phase::Closed);
    }
    result
}

fn step_close(cx: Ctx, object: &Object) -> PyResult {
    step_of(object).phase.set(Phase::Closed);
    Ok(cx.none())
}

fn iter_self(_: Ctx, object: &Object) -> PyResult {
    Ok(object.to_ref())
}

unsafe fn step_dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the type.
    unsafe { dealloc_as::<AsyncStep>(object) }
}

unsafe fn step_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the type.
    let step = unsafe { object.as_ref().cast::<AsyncStep>() };
    step.generator.trace(visitor);
    step.argument.trace(visitor);
}

unsafe fn wrapped_dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the type.
    unsafe { dealloc_as::<WrappedValue>(object) }
}

unsafe fn wrapped_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the type.
    unsafe { object.as_ref().cast::<WrappedValue>() }.value.trace(visitor);
}

const fn step_spec(name: &'static str) -> TypeSpec {
    let mut spec = TypeSpec::EMPTY;
    spec.name = name;
    spec.layout = Layout::gc::<AsyncStep>();
    spec.basicsize = 40;
    spec.flags = TypeFlags::HAVE_GC;
    spec.dealloc = Some(step_dealloc);
    spec.traverse = Some(step_traverse);
    spec.slots =
        Slots { iter: Some(iter_self), iternext: Some(step_next), am_await: Some(iter_self), ..Slots::EMPTY };
    spec.methods = STEP_METHODS;
    spec
}

static STEP_METHODS: &[MethodDef] = &[
    MethodDef::one("send", |cx, object, value| step_send(cx, object, value), ""),
    MethodDef::fast("throw", step_throw, ""),
    MethodDef::no_args("close", step_close, ""),
];

pub static ASYNC_GENERATOR_ASEND: TypeSpec = step_spec("async_generator_asend");
pub static ASYNC_GENERATOR_ATHROW: TypeSpec = step_spec("async_generator_athrow");
pub static ASYNC_GENERATOR_WRAPPED_VALUE: TypeSpec = TypeSpec {
    name: "async_generator_wrapped_value",
    layout: Layout::gc::<WrappedValue>(),
    basicsize: 24,
    flags: TypeFlags::HAVE_GC,
    dealloc: Some(wrapped_dealloc),
    traverse: Some(wrapped_traverse),
    ..TypeSpec::EMPTY
};

fn anext(cx: Ctx, object: &Object) -> PyResult {
    new_step(cx, object, StepKind::Send, None)
}

static METHODS: &[MethodDef] = &[
    MethodDef::one(
        "asend",
        |cx, object, value| new_step(cx, object, StepKind::Send, Some(value.clone())),
        "asend(v) -> send 'v' in generator.",
    ),
    MethodDef::varargs(
        "athrow",
        |cx, object, args| {
            new_step(cx, object, StepKind::Throw, Some(cx.tuple_from_slice(args).into_object()))
        },
        "athrow(value)\nathrow(type[,value[,tb]])\n\nraise exception in generator.",
    ),
    MethodDef::no_args(
        "aclose",
        |cx, object| new_step(cx, object, StepKind::Close, None),
        "aclose() -> raise GeneratorExit inside generator.",
    ),
    MethodDef::no_args("__sizeof__", generator::sizeof, ""),
    MethodDef::one("__class_getitem__", crate::objects::generic_alias::new_alias_method, "See PEP 585")
        .class(),
];

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let name = receiver(object).qualname.get().map_or_else(String::new, |n| n.to_string_lossy());
    Ok(cx.new_str(&format!("<async_generator object {name} at {:#x}>", object.address())).into_object())
}

pub static ASYNC_GENERATOR: TypeSpec = TypeSpec {
    name: "async_generator",
    slots: Slots { repr: Some(repr), am_aiter: Some(iter_self), am_anext: Some(anext), ..Slots::EMPTY },
    methods: METHODS,
    members: &[MemberDef {
        name: "ag_running",
        get: |cx, g| Ok(cx.bool(receiver(g).running_async.get())),
        set: None,
        doc: "",
    }],
    getset: &[
        generator::NAME,
        generator::QUALNAME,
        GetSetDef { name: "ag_await", get: Some(generator::get_delegate), set: None, doc: "" },
        GetSetDef { name: "ag_frame", get: Some(generator::get_frame), set: None, doc: "" },
        GetSetDef { name: "ag_code", get: Some(generator::get_code), set: None, doc: "" },
        GetSetDef { name: "ag_suspended", get: Some(generator::get_suspended), set: None, doc: "" },
    ],
    ..generator::BASE
};
