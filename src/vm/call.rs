//! Calling Python functions: a frame is pushed and its arguments are bound, with CPython's words
//! for everything that does not fit.

use std::ptr::NonNull;

use super::Ctx;
use super::code_object::Code;
use super::frame::{FRAME_WORDS, Frame, Owner, Raw};
use super::function::FunctionObject;
use crate::code::object::flags;
use crate::memory::{Layout, Object, Ref, decref, incref};
use crate::objects::{Args, DictObject, PyResult, Raised, StrObject, TupleObject};

/// Writes a frame's header. Takes over `func`, `code` and `locals`.
///
/// # Safety
/// `frame` points to room for the code's frame size.
#[inline(always)]
pub(super) unsafe fn init_frame(
    frame: *mut Frame,
    func: Ref<FunctionObject>,
    locals: *mut Object,
    code: &Code,
    null_from: usize,
) {
    // SAFETY: promised by the caller; function and code keep what the frame borrows alive.
    unsafe {
        let function = &*func;
        let globals =
            function.globals.as_raw().map_or(std::ptr::null_mut(), NonNull::as_ptr).cast::<DictObject>();
        let builtins = function.builtins.as_raw().map_or(std::ptr::null_mut(), NonNull::as_ptr);
        incref(NonNull::from(code).cast());
        (&raw mut (*frame).func).write(func.into_raw().as_ptr());
        (&raw mut (*frame).globals).write(globals);
        (&raw mut (*frame).builtins).write(builtins);
        (&raw mut (*frame).locals).write(locals);
        (&raw mut (*frame).code).write(std::ptr::from_ref(code).cast_mut());
        (&raw mut (*frame).frame_obj).write(std::ptr::null_mut());
        (&raw mut (*frame).previous).write(std::ptr::null_mut());
        (&raw mut (*frame).prev_instr).write(code.first_instr().cast_mut().wrapping_sub(1));
        (&raw mut (*frame).stacktop).write(code.nlocalsplus as i32);
        (&raw mut (*frame).is_entry).write(false);
        (&raw mut (*frame).owner).write(Owner::Thread);
        (&raw mut (*frame).yield_offset).write(0);
        (&raw mut (*frame).traced_top).write(-1);
        let slots = (*frame).slots();
        for i in null_from..code.nlocalsplus as usize {
            *slots.add(i) = std::ptr::null_mut();
        }
    }
}

/// Pushes a frame and binds arguments. `args` are owned references (positional, then one for each
/// of `names`) and are taken over whatever happens; so is `func`, and `locals` when given.
///
/// # Safety
/// `args` points to `positional + names.len()` owned references.
pub(super) unsafe fn push_frame(
    cx: Ctx,
    func: Ref<FunctionObject>,
    locals: *mut Object,
    args: *mut Raw,
    positional: usize,
    names: Option<&TupleObject>,
) -> Result<*mut Frame, Raised> {
    // SAFETY: the frame is written in full before anything else looks at it.
    unsafe {
        let code: &Code = &*std::ptr::from_ref(func.code());
        if crate::era::is_classic() {
            super::classic::frames::acquire(cx, code);
        }
        let base = cx.vm().stack.push(code.framesize as usize);
        let frame = base.cast::<Frame>();
        init_frame(frame, func, locals, code, 0);
        match bind(cx, frame, args, positional, names) {
            Ok(()) => Ok(frame),
            Err(raised) => {
                clear_frame(cx, frame);
                Err(raised)
            }
        }
    }
}

/// Whether `count` positional arguments are exactly what the function takes, so that binding is
/// copying.
#[inline(always)]
pub(super) fn fits_exactly(func: &FunctionObject, count: usize) -> bool {
    let code = func.code();
    code.argcount as usize == count
        && code.kwonlyargcount == 0
        && code.flags & (flags::VARARGS | flags::VARKEYWORDS) == 0
}

/// As [`push_frame`] for arguments that fit exactly; cannot fail.
///
/// # Safety
/// As [`push_frame`], and [`fits_exactly`] holds.
#[inline(always)]
pub(super) unsafe fn push_simple(
    cx: Ctx,
    func: Ref<FunctionObject>,
    locals: *mut Object,
    args: *mut Raw,
    count: usize,
) -> *mut Frame {
    // SAFETY: promised by the caller.
    unsafe {
        let code: &Code = &*std::ptr::from_ref(func.code());
        let frame = cx.vm().stack.push(code.framesize as usize).cast::<Frame>();
        init_frame(frame, func, locals, code, count);
        std::ptr::copy_nonoverlapping(args, (*frame).slots(), count);
        frame
    }
}

/// Releases everything a finished frame on the data stack owns, and its room.
///
/// # Safety
/// The frame is the top of the data stack and is not executing any more.
pub(super) unsafe fn clear_frame(cx: Ctx, frame: *mut Frame) {
    // SAFETY: promised by the caller.
    unsafe {
        super::frame_object::release_frame(cx, frame);
        cx.vm().stack.pop(frame.cast());
    }
}

/// Runs a Python function from native code.
pub fn call_function(cx: Ctx, func: &FunctionObject, args: Args<'_>) -> PyResult {
    call_with_locals(cx, func, args, None)
}

/// As [`call_function`], in a given namespace (class bodies, `exec`).
pub fn call_with_locals(cx: Ctx, func: &FunctionObject, args: Args<'_>, locals: Option<Ref>) -> PyResult {
    let all = args.all();
    // SAFETY: each argument is given a reference of its own for the frame to take over.
    unsafe {
        for arg in all {
            incref(arg.as_raw());
        }
        let locals = locals.map_or(std::ptr::null_mut(), |l| l.into_raw().as_ptr());
        let frame = push_frame(
            cx,
            func.to_ref(),
            locals,
            all.as_ptr().cast::<Raw>().cast_mut(),
            args.pos().len(),
            args.names(),
        )?;
        let result = super::eval::run_frame(cx, frame);
        clear_frame(cx, frame);
        result
    }
}

/// Room of a frame for `code`, in words, apart from the header.
pub(super) fn slots_of(code: &Code) -> usize {
    code.framesize as usize - FRAME_WORDS
}

/// `initialize_locals`: moves the arguments into the frame's locals.
unsafe fn bind(
    cx: Ctx,
    frame: *mut Frame,
    args: *mut Raw,
    positional: usize,
    names: Option<&TupleObject>,
) -> PyResult<()> {
    // SAFETY: the frame's localsplus has room for all parameters; every argument is moved exactly
    // once, or released.
    unsafe {
        let code: &Code = &*(*frame).code;
        let locals = (*frame).slots();
        let argcount = code.argcount as usize;
        let kwonly = code.kwonlyargcount as usize;
        let total = argcount + kwonly;
        let named = names.map_or(0, TupleObject::len);

        let mut kwdict: Option<&DictObject> = None;
        if code.flags & flags::VARKEYWORDS != 0 {
            let dict = cx.new_dict().into_raw();
            let at = total + usize::from(code.flags & flags::VARARGS != 0);
            *locals.add(at) = dict.as_ptr().cast();
            kwdict = Some(&*dict.as_ptr());
        }

        let direct = positional.min(argcount);
        std::ptr::copy_nonoverlapping(args, locals, direct);
        if code.flags & flags::VARARGS != 0 {
            let rest: Vec<Ref> =
                (direct..positional).map(|i| Ref::from_owned(NonNull::new_unchecked(*args.add(i)))).collect();
            *locals.add(total) = cx.new_tuple(rest).into_object().into_raw().as_ptr();
        } else {
            for i in direct..positional {
                decref(NonNull::new_unchecked(*args.add(i)));
            }
        }

        if let Some(names) = names {
            for (index, keyword) in names.as_slice().iter().enumerate() {
                let value = Ref::from_owned(NonNull::new_unchecked(*args.add(positional + index)));
                if let Err(raised) = bind_keyword(cx, frame, names, keyword, value, kwdict) {
                    for rest in index + 1..named {
                        decref(NonNull::new_unchecked(*args.add(positional + rest)));
                    }
                    return Err(raised);
                }
            }
        }

        if let Some(reason) = code.refusal {
            return Err(cx.system_error(format_args!("invalid code object: {reason}")));
        }
        let func = (*frame).function();
        if crate::era::is_classic()
            && let Some(raised) = classic_arity(cx, func, code, positional, named, locals)
        {
            return Err(raised);
        }
        if positional > argcount && code.flags & flags::VARARGS == 0 {
            return Err(too_many_positional(cx, func, code, positional, locals));
        }
        if positional < argcount {
            let defaults = func.defaults.peek();
            let default_count = defaults.map_or(0, TupleObject::len);
            let required = argcount.saturating_sub(default_count);
            let missing: Vec<usize> =
                (positional..required).filter(|&i| (*locals.add(i)).is_null()).collect();
            if !missing.is_empty() {
                return Err(missing_arguments(cx, func, code, &missing, "positional"));
            }
            if let Some(defaults) = defaults {
                // More defaults than parameters: the last ones count.
                let spare = default_count.saturating_sub(argcount);
                let first = positional.saturating_sub(required);
                for (offset, default) in defaults.as_slice().iter().skip(spare).enumerate().skip(first) {
                    let slot = locals.add(required + offset);
                    if (*slot).is_null() {
                        *slot = default.clone().into_raw().as_ptr();
                    }
                }
            }
        }
        if kwonly > 0 {
            let kwdefaults = func.kwdefaults.get();
            let mut missing = Vec::new();
            for i in argcount..total {
                if !(*locals.add(i)).is_null() {
                    continue;
                }
                let found = match &kwdefaults {
                    Some(dict) => dict.get(cx, code.local_name(i).as_object())?,
                    None => None,
                };
                match found {
                    Some(default) => *locals.add(i) = default.into_raw().as_ptr(),
                    None => missing.push(i),
                }
            }
            if !missing.is_empty() {
                return Err(missing_arguments(cx, func, code, &missing, "keyword-only"));
            }
        }
        Ok(())
    }
}

unsafe fn bind_keyword(
    cx: Ctx,
    frame: *mut Frame,
    names: &TupleObject,
    keyword: &Object,
    value: Ref,
    kwdict: Option<&DictObject>,
) -> PyResult<()> {
    // SAFETY: as in `bind`.
    unsafe {
        let code: &Code = &*(*frame).code;
        let func = (*frame).function();
        let locals = (*frame).slots();
        let total = (code.argcount + code.kwonlyargcount) as usize;
        let Some(text) = keyword.downcast::<StrObject>() else {
            return Err(cx.type_error(format_args!("{}() keywords must be strings", qualname(func))));
        };
        let first = code.posonlyargcount as usize;
        let parameters = code.localsplusnames.as_slice();
        let index = (first..total)
            .find(|&i| parameters[i].is(keyword))
            .or_else(|| (first..total).find(|&i| parameters[i].cast::<StrObject>().eq_text(text)));
        if let Some(index) = index {
            let slot = locals.add(index);
            if !(*slot).is_null() {
                return Err(cx.type_error(format_args!(
                    "{}() got multiple values for argument '{}'",
                    qualname(func),
                    text.to_string_lossy()
                )));
            }
            *slot = value.into_raw().as_ptr();
            return Ok(());
        }
        if let Some(kwdict) = kwdict {
            return kwdict.set(cx, keyword, value);
        }
        if first > 0
            && let Some(raised) = positional_only_as_keyword(cx, func, code, names)
        {
            return Err(raised);
        }
        Err(cx.type_error(format_args!(
            "{}() got an unexpected keyword argument '{}'",
            qualname(func),
            text.to_string_lossy()
        )))
    }
}

fn qualname(func: &FunctionObject) -> String {
    func.qualname.get().map_or_else(String::new, |n| n.to_string_lossy())
}

/// The message lists every positional-only parameter that the call gives by keyword.
fn positional_only_as_keyword(
    cx: Ctx,
    func: &FunctionObject,
    code: &Code,
    names: &TupleObject,
) -> Option<Raised> {
    let wrong: Vec<String> = (0..code.posonlyargcount as usize)
        .map(|i| code.local_name(i))
        .filter(|name| {
            names.as_slice().iter().any(|k| k.downcast::<StrObject>().is_some_and(|k| k.eq_text(name)))
        })
        .map(StrObject::to_string_lossy)
        .collect();
    (!wrong.is_empty()).then(|| {
        cx.type_error(format_args!(
            "{}() got some positional-only arguments passed as keyword arguments: '{}'",
            qualname(func),
            wrong.join(", ")
        ))
    })
}

/// The one message of Python 2.7 for too many and too few arguments.
unsafe fn classic_arity(
    cx: Ctx,
    func: &FunctionObject,
    code: &Code,
    positional: usize,
    named: usize,
    locals: *mut Raw,
) -> Option<Raised> {
    let argcount = code.argcount as usize;
    let defaults = func.defaults.peek().map_or(0, TupleObject::len);
    let required = argcount.saturating_sub(defaults);
    let takes_more = code.flags & flags::VARARGS != 0;
    // SAFETY: the parameters' slots are initialised.
    let missing = (0..required).any(|i| unsafe { (*locals.add(i)).is_null() });
    let too_many = positional > argcount && !takes_more;
    if !missing && !too_many {
        return None;
    }
    let name = code.name.to_string_lossy();
    let given = positional + named;
    if argcount == 0 && code.flags & flags::VARKEYWORDS == 0 {
        return Some(cx.type_error(format_args!("{name}() takes no arguments ({given} given)")));
    }
    let (bound, count) = if too_many {
        (if defaults > 0 { "at most" } else { "exactly" }, argcount)
    } else if takes_more || defaults > 0 {
        ("at least", required)
    } else {
        ("exactly", argcount)
    };
    // Too few are counted without the names that fit no parameter.
    let given = if too_many {
        given
    } else {
        // SAFETY: as above.
        (0..argcount).filter(|&i| unsafe { !(*locals.add(i)).is_null() }).count().max(positional)
    };
    Some(
        cx.type_error(format_args!(
            "{name}() takes {bound} {count} argument{} ({given} given)",
            plural(count)
        )),
    )
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn missing_arguments(cx: Ctx, func: &FunctionObject, code: &Code, missing: &[usize], kind: &str) -> Raised {
    let names: Vec<String> =
        missing.iter().map(|&i| cx.repr_text(code.local_name(i).as_object()).unwrap_or_default()).collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [head @ .., a, b] => format!("{}, {a}, and {b}", head.join(", ")),
        [] => String::new(),
    };
    cx.type_error(format_args!(
        "{}() missing {} required {kind} argument{}: {list}",
        qualname(func),
        missing.len(),
        plural(missing.len())
    ))
}

unsafe fn too_many_positional(
    cx: Ctx,
    func: &FunctionObject,
    code: &Code,
    given: usize,
    locals: *mut Raw,
) -> Raised {
    let argcount = code.argcount as usize;
    // SAFETY: the keyword-only parameters' slots are initialised.
    let kwonly_given = (argcount..argcount + code.kwonlyargcount as usize)
        .filter(|&i| unsafe { !(*locals.add(i)).is_null() })
        .count();
    let default_count = func.defaults.peek().map_or(0, TupleObject::len);
    let (takes, is_plural) = if default_count > 0 {
        (format!("from {} to {argcount}", argcount as i64 - default_count as i64), true)
    } else {
        (argcount.to_string(), argcount != 1)
    };
    let kwonly_note = if kwonly_given > 0 {
        format!(
            " positional argument{} (and {kwonly_given} keyword-only argument{})",
            plural(given),
            plural(kwonly_given)
        )
    } else {
        String::new()
    };
    cx.type_error(format_args!(
        "{}() takes {takes} positional argument{} but {given}{kwonly_note} {} given",
        qualname(func),
        if is_plural { "s" } else { "" },
        if given == 1 && kwonly_given == 0 { "was" } else { "were" }
    ))
}
