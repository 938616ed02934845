//! The functions of `sys`.

use super::hooks;
use super::info;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::int::parse;
use crate::objects::spec::Signature;
use crate::objects::{
    Args, IntObject, MethodDef, PyResult, StrObject, TupleObject, TypeFlags, args, exceptions, names, types,
};
use crate::stdlib::thread::MAIN_IDENT;
use crate::vm::Ctx;
use crate::vm::frame_object::current_frame;
use crate::vm::tracing;

/// `sys.getsizeof`: `__sizeof__` and what lies before the object.
pub fn size_of(cx: Ctx, object: &Object) -> PyResult<usize> {
    let Some(result) = cx.call_special(object, &names().sizeof, &[])? else {
        return Err(cx.type_error(format_args!("Type {} doesn't define __sizeof__", object.ty().tp_name())));
    };
    let Some(int) = result.downcast::<IntObject>() else {
        return Err(cx.type_error("an integer is required"));
    };
    let Some(size) = int.as_i64() else {
        return Err(cx.overflow_error("Python int too large to convert to C ssize_t"));
    };
    let Ok(size) = usize::try_from(size) else {
        return Err(cx.value_error("__sizeof__() should return >= 0"));
    };
    let ty = object.ty();
    let gc = if ty.has_flag(TypeFlags::HAVE_GC) { 16 } else { 0 };
    let managed = if ty.has_flag(TypeFlags::MANAGED_DICT) { 16 } else { 0 };
    Ok(size + gc + managed)
}

static GETSIZEOF: Signature =
    Signature { name: "getsizeof", params: &["object", "default"], required: 1, max_positional: 2 };

fn getsizeof(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    let mut values = [None, None];
    args::bind_borrowed(cx, &GETSIZEOF, given, &mut values)?;
    let [object, default] = values;
    let Some(object) = object else { return Ok(cx.none()) };
    match (size_of(cx, object), default) {
        (Ok(size), _) => Ok(cx.new_uint(size)),
        (Err(raised), Some(default)) if cx.raised_is(&raised, exceptions().type_error) => {
            cx.clear_exception(raised);
            Ok(default.clone())
        }
        (Err(raised), _) => Err(raised),
    }
}

fn getrefcount(cx: Ctx, _module: &Object, object: &Ref) -> PyResult {
    Ok(cx.new_uint(object.refcount()))
}

fn setrecursionlimit(cx: Ctx, _module: &Object, limit: &Ref) -> PyResult {
    let limit = cx.to_i32(limit)? as isize;
    if limit < 1 {
        return Err(cx.value_error("recursion limit must be greater or equal than 1"));
    }
    let vm = cx.vm();
    let depth = vm.recursion_limit.get() - vm.recursion_remaining.get();
    if depth >= limit {
        return Err(cx.raise(
            exceptions().recursion_error,
            format_args!(
                "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
            ),
        ));
    }
    vm.recursion_limit.set(limit);
    vm.recursion_remaining.set(limit - depth);
    Ok(cx.none())
}

fn intern(cx: Ctx, _module: &Object, text: &Ref) -> PyResult {
    if text.is_exact(types().str)
        && let Ok(text) = text.clone().downcast_ref::<StrObject>()
    {
        return Ok(cx.intern_ref(text).into_object());
    }
    if text.is_instance(types().str) {
        return Err(cx.type_error(format_args!("can't intern {}", text.ty().tp_name())));
    }
    Err(cx.type_error(format_args!("intern() argument must be str, not {}", text.ty().tp_name())))
}

fn handled(cx: Ctx) -> [Ref; 3] {
    match cx.topmost_handled() {
        Some(value) => {
            let traceback = value
                .downcast::<crate::objects::exceptions::ExceptionObject>()
                .and_then(|exception| exception.traceback.get());
            [value.ty().to_object(), value, traceback.unwrap_or_else(|| cx.none())]
        }
        None => [cx.none(), cx.none(), cx.none()],
    }
}

fn exc_info(cx: Ctx, _module: &Object) -> PyResult {
    Ok(cx.new_tuple(handled(cx).into()).into_object())
}

fn get_frame(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "_getframe", given, 0, 1)?;
    let mut depth = match given.first() {
        Some(depth) => cx.to_i32(depth)?,
        None => 0,
    };
    let mut frame = current_frame(cx);
    while depth > 0 && frame.is_some() {
        frame = frame.and_then(|frame| frame.back(cx));
        depth -= 1;
    }
    frame.map(Ref::into_object).ok_or_else(|| cx.value_error("call stack is not deep enough"))
}

fn current_frames(cx: Ctx, _module: &Object) -> PyResult {
    let dict = cx.new_dict();
    if let Some(frame) = current_frame(cx) {
        dict.set(cx, &cx.new_int(MAIN_IDENT), frame.into_object())?;
    }
    Ok(dict.into_object())
}

fn current_exceptions(cx: Ctx, module: &Object) -> PyResult {
    let dict = cx.new_dict();
    dict.set(cx, &cx.new_int(MAIN_IDENT), exc_info(cx, module)?)?;
    Ok(dict.into_object())
}

fn exit(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "exit", given, 0, 1)?;
    Err(match given.first() {
        Some(status) => cx.raise_with(exceptions().system_exit, status.clone()),
        None => cx.raise_bare(exceptions().system_exit),
    })
}

fn set_int_max_str_digits(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "set_int_max_str_digits", params: &["maxdigits"], required: 1, max_positional: 1 };
    let mut values = [None];
    args::bind(cx, &SIGNATURE, given, &mut values)?;
    let Some(limit) = &values[0] else { return Ok(cx.none()) };
    let limit = i64::from(cx.to_i32(limit)?);
    if limit != 0 && limit < info::STR_DIGITS_THRESHOLD {
        return Err(
            cx.value_error(format_args!("maxdigits must be 0 or larger than {}", info::STR_DIGITS_THRESHOLD))
        );
    }
    parse::set_max_str_digits(limit as usize);
    Ok(cx.none())
}

/// Thread switches do not happen; the interval is kept for those who ask.
fn setswitchinterval(cx: Ctx, _module: &Object, interval: &Ref) -> PyResult {
    let seconds = cx.to_f64(interval)?;
    if seconds.is_nan() || seconds <= 0.0 {
        return Err(cx.value_error("switch interval must be strictly positive"));
    }
    cx.set_named_root("sys.switchinterval", Some(cx.new_float(seconds)));
    Ok(cx.none())
}

fn getswitchinterval(cx: Ctx, _module: &Object) -> PyResult {
    Ok(cx.named_root("sys.switchinterval").unwrap_or_else(|| cx.new_float(0.005)))
}

macro_rules! kept {
    ($set:ident, $get:ident, $root:expr) => {
        fn $set(cx: Ctx, _module: &Object, function: &Ref) -> PyResult {
            tracing::set(cx, $root, Some(function.clone()).filter(|function| !cx.is_none(function)));
            Ok(cx.none())
        }
        fn $get(cx: Ctx, _module: &Object) -> PyResult {
            Ok(cx.named_root($root).unwrap_or_else(|| cx.none()))
        }
    };
}

kept!(settrace, gettrace, tracing::TRACE);
kept!(setprofile, getprofile, tracing::PROFILE);

fn call_tracing(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "call_tracing", given, 2, 2)?;
    let Some(arguments) = given[1].downcast::<TupleObject>() else {
        return Err(cx.type_error(format_args!(
            "call_tracing() argument 2 must be tuple, not {}",
            given[1].ty().tp_name()
        )));
    };
    tracing::call_traced(cx, || cx.call_tuple_dict(&given[0], arguments, None))
}

fn set_asyncgen_hooks(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    static SIGNATURE: Signature = Signature {
        name: "set_asyncgen_hooks",
        params: &["firstiter", "finalizer"],
        required: 0,
        max_positional: 2,
    };
    let mut values = [None, None];
    args::bind(cx, &SIGNATURE, given, &mut values)?;
    let [firstiter, finalizer] = values;
    for (hook, name) in [(&firstiter, "firstiter"), (&finalizer, "finalizer")] {
        if let Some(hook) = hook
            && !cx.is_none(hook)
            && hook.ty().slots().call.is_none()
        {
            return Err(cx.type_error(format_args!("callable {name} expected, got {}", hook.ty().tp_name())));
        }
    }
    let vm = cx.vm();
    if let Some(hook) = finalizer {
        vm.async_gen_finalizer.set(Some(hook).filter(|hook| !cx.is_none(hook)));
    }
    if let Some(hook) = firstiter {
        vm.async_gen_firstiter.set(Some(hook).filter(|hook| !cx.is_none(hook)));
    }
    Ok(cx.none())
}

fn set_origin_depth(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    static SIGNATURE: Signature = Signature {
        name: "set_coroutine_origin_tracking_depth",
        params: &["depth"],
        required: 1,
        max_positional: 1,
    };
    let mut values = [None];
    args::bind(cx, &SIGNATURE, given, &mut values)?;
    let Some(depth) = &values[0] else { return Ok(cx.none()) };
    let depth = cx.to_i32(depth)?;
    if depth < 0 {
        return Err(cx.value_error("depth must be >= 0"));
    }
    cx.set_named_root("sys.origin_depth", Some(cx.new_int(i64::from(depth))));
    Ok(cx.none())
}

fn get_origin_depth(cx: Ctx, _module: &Object) -> PyResult {
    Ok(cx.named_root("sys.origin_depth").unwrap_or_else(|| cx.new_int(0)))
}

fn audit(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    let Some(event) = given.first() else {
        return Err(cx.type_error("audit() missing 1 required positional argument: 'event'"));
    };
    if !event.is_instance(types().str) {
        return Err(
            cx.type_error(format_args!("expected str for argument 'event', not {}", event.ty().tp_name()))
        );
    }
    Ok(cx.none())
}

/// Blocks in use: objects and their buffers.
fn getallocatedblocks(cx: Ctx, _module: &Object) -> PyResult {
    let mut blocks = 0;
    crate::memory::walk_objects(&mut |_| blocks += 1);
    Ok(cx.new_uint(blocks))
}

fn none(cx: Ctx, _module: &Object) -> PyResult {
    Ok(cx.none())
}

fn addaudithook(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "addaudithook", params: &["hook"], required: 1, max_positional: 1 };
    let mut values = [None];
    args::bind(cx, &SIGNATURE, given, &mut values)?;
    Ok(cx.none())
}

fn clear_type_cache(cx: Ctx, _module: &Object) -> PyResult {
    crate::objects::type_::cache::clear();
    Ok(cx.none())
}

pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::keywords(
        "addaudithook",
        addaudithook,
        "addaudithook($module, /, hook)\n--\n\nAdd a hook for audit events; none happen.",
    ),
    MethodDef::fast(
        "audit",
        audit,
        "audit(event, *args)\n\nPasses the event to any hooks that are attached.",
    ),
    MethodDef::keywords(
        "breakpointhook",
        hooks::breakpointhook,
        "breakpointhook(*args, **kws)\n\nWhat breakpoint() calls.\n",
    ),
    MethodDef::no_args(
        "_clear_type_cache",
        clear_type_cache,
        "_clear_type_cache($module, /)\n--\n\nClear the internal type lookup cache.",
    ),
    MethodDef::no_args(
        "_current_frames",
        current_frames,
        "_current_frames($module, /)\n--\n\nA dict from each thread's id to its innermost frame.",
    ),
    MethodDef::no_args(
        "_current_exceptions",
        current_exceptions,
        "_current_exceptions($module, /)\n--\n\nA dict from each thread's id to the exception it handles.",
    ),
    MethodDef::one(
        "displayhook",
        hooks::displayhook,
        "displayhook($module, object, /)\n--\n\nPrint an object to sys.stdout and also save it in builtins._",
    ),
    MethodDef::no_args(
        "exception",
        |cx, _| Ok(cx.topmost_handled().unwrap_or_else(|| cx.none())),
        "exception($module, /)\n--\n\nThe exception being handled, or None.",
    ),
    MethodDef::no_args(
        "exc_info",
        exc_info,
        "exc_info($module, /)\n--\n\nThe exception being handled: its type, itself, its traceback.",
    ),
    MethodDef::fast(
        "excepthook",
        hooks::excepthook,
        "excepthook($module, exctype, value, traceback, /)\n--\n\nShow an exception on sys.stderr.",
    ),
    MethodDef::fast(
        "exit",
        exit,
        "exit($module, status=None, /)\n--\n\nExit the interpreter by raising SystemExit(status).\n\nNone means success, an integer is the exit status, anything else is\nprinted and means failure.",
    ),
    MethodDef::no_args(
        "getdefaultencoding",
        |cx, _| Ok(cx.intern("utf-8").into_object()),
        "getdefaultencoding($module, /)\n--\n\nThe encoding that str uses by default.",
    ),
    MethodDef::no_args(
        "getdlopenflags",
        |cx, _| Ok(cx.new_int(2)),
        "getdlopenflags($module, /)\n--\n\nThe flags used for loading native modules.",
    ),
    MethodDef::no_args(
        "getallocatedblocks",
        getallocatedblocks,
        "getallocatedblocks($module, /)\n--\n\nHow many blocks of memory are in use.",
    ),
    MethodDef::no_args(
        "getfilesystemencoding",
        |cx, _| Ok(cx.intern("utf-8").into_object()),
        "getfilesystemencoding($module, /)\n--\n\nThe encoding of file names.",
    ),
    MethodDef::no_args(
        "getfilesystemencodeerrors",
        |cx, _| Ok(cx.intern("surrogateescape").into_object()),
        "getfilesystemencodeerrors($module, /)\n--\n\nWhat happens to file names that are not in that encoding.",
    ),
    MethodDef::no_args(
        "_getquickenedcount",
        |cx, _| Ok(cx.new_int(0)),
        "_getquickenedcount($module, /)\n--\n\n",
    ),
    MethodDef::one(
        "getrefcount",
        getrefcount,
        "getrefcount($module, object, /)\n--\n\nThe reference count of the object, the argument's own reference\nincluded.",
    ),
    MethodDef::no_args(
        "getrecursionlimit",
        |cx, _| Ok(cx.new_int(cx.vm().recursion_limit.get() as i64)),
        "getrecursionlimit($module, /)\n--\n\nHow deep calls may nest.",
    ),
    MethodDef::varargs_keywords(
        "getsizeof",
        getsizeof,
        "getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes.",
    ),
    MethodDef::fast(
        "_getframe",
        get_frame,
        "_getframe($module, depth=0, /)\n--\n\nThe frame that many calls up.",
    ),
    MethodDef::one(
        "intern",
        intern,
        "intern($module, string, /)\n--\n\nThe one string of this text that all who intern it share.",
    ),
    MethodDef::no_args(
        "is_finalizing",
        |cx, _| Ok(cx.bool(cx.vm().finalizing.get())),
        "is_finalizing($module, /)\n--\n\nWhether Python is exiting.",
    ),
    MethodDef::one(
        "setswitchinterval",
        setswitchinterval,
        "setswitchinterval($module, interval, /)\n--\n\nSet the seconds between thread switches.",
    ),
    MethodDef::no_args(
        "getswitchinterval",
        getswitchinterval,
        "getswitchinterval($module, /)\n--\n\nThe seconds between thread switches.",
    ),
    MethodDef::one(
        "setdlopenflags",
        |cx, _, flags| cx.to_i32(flags).map(|_| cx.none()),
        "setdlopenflags($module, flags, /)\n--\n\nSet the flags used for loading native modules.",
    ),
    MethodDef::one("setprofile", setprofile, "setprofile(function)\n\nSet the profiling function."),
    MethodDef::no_args("getprofile", getprofile, "getprofile($module, /)\n--\n\nThe profiling function."),
    MethodDef::one(
        "setrecursionlimit",
        setrecursionlimit,
        "setrecursionlimit($module, limit, /)\n--\n\nSet how deep calls may nest.",
    ),
    MethodDef::one("settrace", settrace, "settrace(function)\n\nSet the tracing function."),
    MethodDef::no_args("gettrace", gettrace, "gettrace($module, /)\n--\n\nThe tracing function."),
    MethodDef::fast(
        "call_tracing",
        call_tracing,
        "call_tracing($module, func, args, /)\n--\n\nCall func(*args), with tracing on.",
    ),
    MethodDef::no_args(
        "_debugmallocstats",
        none,
        "_debugmallocstats($module, /)\n--\n\nNothing to tell here: the memory panel shows it.",
    ),
    MethodDef::keywords(
        "set_coroutine_origin_tracking_depth",
        set_origin_depth,
        "set_coroutine_origin_tracking_depth($module, /, depth)\n--\n\nSet how many frames a coroutine remembers of where it was made.",
    ),
    MethodDef::no_args(
        "get_coroutine_origin_tracking_depth",
        get_origin_depth,
        "get_coroutine_origin_tracking_depth($module, /)\n--\n\nHow many frames a coroutine remembers of where it was made.",
    ),
    MethodDef::varargs_keywords(
        "set_asyncgen_hooks",
        set_asyncgen_hooks,
        "set_asyncgen_hooks(* [, firstiter] [, finalizer])\n\nSet hooks for asynchronous generators.",
    ),
    MethodDef::no_args(
        "get_asyncgen_hooks",
        |cx, _| info::asyncgen_hooks(cx),
        "get_asyncgen_hooks($module, /)\n--\n\nThe hooks for asynchronous generators.",
    ),
    MethodDef::one(
        "unraisablehook",
        hooks::unraisablehook,
        "unraisablehook($module, unraisable, /)\n--\n\nShow an exception that could not be raised.",
    ),
    MethodDef::no_args(
        "get_int_max_str_digits",
        |cx, _| Ok(cx.new_uint(parse::max_str_digits())),
        "get_int_max_str_digits($module, /)\n--\n\nHow long a decimal text may be converted from or to an int.",
    ),
    MethodDef::keywords(
        "set_int_max_str_digits",
        set_int_max_str_digits,
        "set_int_max_str_digits($module, /, maxdigits)\n--\n\nSet how long a decimal text may be converted from or to an int.",
    ),
];
