//! What CPython's `site` adds to `builtins` for people at a prompt: `exit`, `quit`, `help`, `copyright`, `credits`,
//! `license`. Each is an object that says what it is for when it is shown, and does it when it is called.

use std::ptr::NonNull;

use crate::memory::{self, Object, Ref};
use crate::objects::native_type::NativeType;
use crate::objects::spec::{Layout, Signature, TypeSpec};
use crate::objects::{Args, PyResult, Slots, TypeFlags, args, exceptions};
use crate::vm::Ctx;

/// One of the objects: which text it shows.
#[repr(C)]
struct Told {
    object: Object,
    name: &'static str,
    text: &'static str,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Told {}

static QUITTER: NativeType = NativeType::new(&QUITTER_SPEC);
static PRINTER: NativeType = NativeType::new(&PRINTER_SPEC);
static HELPER: NativeType = NativeType::new(&HELPER_SPEC);

/// These speak of ouro.
const CREDITS: &str = "Thanks to the makers of Python for a language worth seeing through.";
const LICENSE: &str = "ouro is licensed under the MIT License or the Apache License 2.0, at your choice.";

fn this(object: &Object) -> &Told {
    // SAFETY: the slots of the types below are called with their instances only.
    unsafe { object.cast() }
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the types below.
    unsafe { memory::dealloc_as::<Told>(object) }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_str(this(object).text).into_object())
}

fn quitter_repr(cx: Ctx, object: &Object) -> PyResult {
    let text = format!("Use {}() or Ctrl-D (i.e. EOF) to exit", this(object).name);
    Ok(cx.new_str(&text).into_object())
}

static QUIT: Signature = Signature { name: "__call__", params: &["code"], required: 0, max_positional: 1 };

fn quit(cx: Ctx, _: &Object, given: Args<'_>) -> PyResult {
    let mut values = [None];
    args::bind(cx, &QUIT, given, &mut values)?;
    let [code] = values;
    Err(cx.raise_with(exceptions().system_exit, code.unwrap_or_else(|| cx.none())))
}

static PRINT: Signature = Signature { name: "__call__", params: &[], required: 0, max_positional: 0 };

fn print(cx: Ctx, object: &Object, given: Args<'_>) -> PyResult {
    args::bind(cx, &PRINT, given, &mut [])?;
    let text = cx.str(object)?.into_object();
    let Some(builtins) = cx.vm().builtins.get() else { return Ok(cx.none()) };
    match builtins.get_str(cx, &cx.intern("print")) {
        Some(print) => cx.call(&print, &[text]),
        None => Ok(cx.none()),
    }
}

/// `help(…)` is `pydoc.help(…)`.
fn help(cx: Ctx, _: &Object, given: Args<'_>) -> PyResult {
    let pydoc = crate::vm::import::import_module(cx, "pydoc")?;
    let function = cx.get_attr(&pydoc, &cx.intern("help"))?;
    cx.call_args(&function, given)
}

static QUITTER_SPEC: TypeSpec = TypeSpec {
    name: "_sitebuiltins.Quitter",
    layout: Layout::plain::<Told>(),
    basicsize: 24,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { repr: Some(quitter_repr), call: Some(quit), ..Slots::EMPTY },
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

static PRINTER_SPEC: TypeSpec = TypeSpec {
    name: "_sitebuiltins._Printer",
    doc: Some("Prints a text about the program when it is shown or called."),
    layout: Layout::plain::<Told>(),
    basicsize: 24,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { repr: Some(repr), call: Some(print), ..Slots::EMPTY },
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

static HELPER_SPEC: TypeSpec = TypeSpec {
    name: "_sitebuiltins._Helper",
    doc: Some("The builtin 'help': documentation of an object, or an interactive session."),
    layout: Layout::plain::<Told>(),
    basicsize: 24,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { repr: Some(repr), call: Some(help), ..Slots::EMPTY },
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

/// Adds the objects to `builtins`.
///
/// # Errors
/// When a type cannot be made; nothing a program can cause.
pub fn init(cx: Ctx) -> PyResult<()> {
    let Some(builtins) = cx.vm().builtins.get() else { return Ok(()) };
    let quitter = QUITTER.make(cx)?;
    let printer = PRINTER.make(cx)?;
    let helper = HELPER.make(cx)?;
    let help = "Type help() for interactive help, or help(object) for help about object.";
    for (ty, name, text) in [
        (quitter, "quit", ""),
        (quitter, "exit", ""),
        (printer, "copyright", "Copyright (c) the authors of ouro and of Python."),
        (printer, "credits", CREDITS),
        (printer, "license", LICENSE),
        (helper, "help", help),
    ] {
        let told: Ref = memory::new_ref(&ty.core, |object| Told { object, name, text }).into_object();
        builtins.set_str(cx, &cx.intern(name), told)?;
    }
    Ok(())
}
