//! Functions on code: compile, eval, exec, `__import__`, breakpoint.

use crate::code::object::flags;
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::spec::Signature;
use crate::objects::{Args, DictObject, PyResult, StrObject, TupleObject, names, types};
use crate::syntax::{Columns, Mode};
use crate::vm::code_object::{Code, make_code};
use crate::vm::frame_object::fast_to_locals;
use crate::vm::function::new_function;
use crate::vm::{Ctx, call_with_locals, import, run};

static IMPORT: Signature = Signature {
    name: "__import__",
    params: &["name", "globals", "locals", "fromlist", "level"],
    required: 1,
    max_positional: 5,
};

pub fn import(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut values = [None, None, None, None, None];
    bind(cx, &IMPORT, args, &mut values)?;
    import::import_builtin(cx, values)
}

pub fn breakpoint(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let hook = cx.vm().sys_dict.get().and_then(|sys| sys.get_str(cx, &cx.intern("breakpointhook")));
    match hook {
        Some(hook) => cx.call_args(&hook, args),
        None => Err(cx.runtime_error("lost sys.breakpointhook")),
    }
}

static COMPILE: Signature = Signature {
    name: "compile",
    params: &["source", "filename", "mode", "flags", "dont_inherit", "optimize", "_feature_version"],
    required: 3,
    max_positional: 6,
};

/// Flags of `compile()` that are not `__future__` bits.
const DONT_IMPLY_DEDENT: i64 = 0x200;
const ONLY_AST: i64 = 0x400;
const TYPE_COMMENTS: i64 = 0x1000;
const TOP_LEVEL_AWAIT: i64 = 0x2000;
const ALLOW_INCOMPLETE: i64 = 0x4000;
const FUTURE_MASK: i64 = 0x1fe_0000;

pub fn compile(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut values = [None, None, None, None, None, None, None];
    bind(cx, &COMPILE, args, &mut values)?;
    let [source, filename, mode, flag_bits, dont_inherit, optimize, _] = values;
    let (Some(source), Some(filename), Some(mode)) = (source, filename, mode) else {
        return Err(cx.type_error("compile() missing required argument"));
    };
    let filename = file_name(cx, &filename)?;
    let Some(mode_text) = mode.downcast::<StrObject>() else {
        return Err(
            cx.type_error(format_args!("compile() argument 'mode' must be str, not {}", mode.ty().tp_name()))
        );
    };
    let given = flag_bits.map_or(Ok(0), |f| cx.to_i64(&f))?;
    let known = FUTURE_MASK
        | DONT_IMPLY_DEDENT
        | ONLY_AST
        | TYPE_COMMENTS
        | TOP_LEVEL_AWAIT
        | ALLOW_INCOMPLETE
        | 0x10;
    if given & !known != 0 {
        return Err(cx.value_error("compile(): unrecognised flags"));
    }
    let optimize = optimize.map_or(Ok(-1), |o| cx.to_i64(&o))?;
    if !(-1..=2).contains(&optimize) {
        return Err(cx.value_error("compile(): invalid optimize value"));
    }
    let inherit = match dont_inherit {
        Some(flag) => !cx.is_true(&flag)?,
        None => true,
    };
    let mode = match mode_text.to_string_lossy().as_str() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" => {
            return Err(cx.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
        }
        _ => return Err(cx.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let mut future = (given & FUTURE_MASK) as u32;
    if inherit {
        future |= inherited_flags(cx);
    }
    if crate::stdlib::ast::is_node(cx, &source)? {
        if given & ONLY_AST != 0 {
            return Ok(source);
        }
        let tree = crate::stdlib::ast::module(cx, &source, mode)?;
        let level = u8::try_from(optimize).unwrap_or(cx.vm().options.borrow().optimize);
        let options = crate::compile::Options { optimize: level, future_flags: future, ..Default::default() };
        let code = run::compile_tree(cx, tree, &filename, options)?;
        return Ok(make_code(cx, &code).into_object());
    }
    let text = source_text(cx, &source, &filename, "compile", "string, bytes or AST")?;
    if given & ONLY_AST != 0 {
        let module = crate::compile::parse_tree(&text, &filename, mode)
            .map_err(|error| run::raise_syntax_error(cx, &error))?;
        return crate::stdlib::ast::tree(cx, &module);
    }
    let level = u8::try_from(optimize).unwrap_or(cx.vm().options.borrow().optimize);
    let columns = columns(cx, &source);
    let options = crate::compile::Options { optimize: level, future_flags: future, columns, classic: false };
    let code = run::compile_with(cx, &text, &filename, mode, options)?;
    Ok(make_code(cx, &code).into_object())
}

fn file_name(cx: Ctx, object: &Object) -> PyResult<String> {
    if let Some(text) = object.downcast::<StrObject>() {
        return Ok(text.to_string_lossy());
    }
    if object.is_instance(types().bytes) {
        return cx.with_bytes(object, |b| String::from_utf8_lossy(b).into_owned());
    }
    match cx.call_special(object, &names().fspath, &[])? {
        Some(path) => file_name(cx, &path),
        None => Err(cx.type_error(format_args!(
            "expected str, bytes or os.PathLike object, not {}",
            object.ty().tp_name()
        ))),
    }
}

/// `__future__` bits of the code that calls.
fn inherited_flags(cx: Ctx) -> u32 {
    let frame = cx.vm().frame.get();
    if frame.is_null() {
        return 0;
    }
    // SAFETY: the running frame is alive.
    unsafe { (*frame).code().flags & FUTURE_MASK as u32 }
}

/// What the columns of syntax errors count for a source.
fn columns(cx: Ctx, source: &Object) -> Columns {
    if source.downcast::<StrObject>().is_some() {
        return Columns::Chars;
    }
    cx.with_bytes(source, Columns::of_bytes).unwrap_or_default()
}

/// Source text from a str or bytes-like argument.
fn source_text(cx: Ctx, source: &Object, filename: &str, function: &str, what: &str) -> PyResult<String> {
    let text = if let Some(text) = source.downcast::<StrObject>() {
        match text.to_utf8() {
            Some(text) => text.into_owned(),
            None => {
                let at = text.code_points().position(|p| (0xd800..0xe000).contains(&p)).unwrap_or(0);
                return Err(cx.unicode_encode_error(
                    "utf-8",
                    text.to_object(),
                    at,
                    at + 1,
                    "surrogates not allowed",
                ));
            }
        }
    } else if source.ty().slots().as_bytes.is_some() {
        let bytes = cx.with_bytes(source, <[u8]>::to_vec)?;
        return crate::syntax::decode_source(&bytes, filename, crate::syntax::Origin::Bytes)
            .map_err(|error| run::raise_syntax_error(cx, &error));
    } else {
        return Err(cx.type_error(format_args!("{function}() arg 1 must be a {what} object")));
    };
    if text.contains('\0') {
        return crate::syntax::decode_source(text.as_bytes(), filename, crate::syntax::Origin::Bytes)
            .map_err(|error| run::raise_syntax_error(cx, &error));
    }
    Ok(text)
}

/// Globals and locals of `eval` and `exec`, defaulting to the caller's.
fn namespaces(
    cx: Ctx,
    name: &str,
    globals: Option<&Ref>,
    locals: Option<&Ref>,
) -> PyResult<(Ref<DictObject>, Ref)> {
    let globals = globals.filter(|g| !cx.is_none(g));
    let locals = locals.filter(|l| !cx.is_none(l));
    if let Some(locals) = locals
        && locals.ty().slots().mp_subscript.is_none()
    {
        return Err(cx.type_error(if name == "eval" {
            "locals must be a mapping".to_string()
        } else {
            format!("locals must be a mapping or None, not {}", locals.ty().tp_name())
        }));
    }
    let dict = match globals {
        Some(globals) => match globals.downcast::<DictObject>() {
            Some(dict) => dict.to_ref(),
            None if name == "eval" => {
                return Err(cx.type_error(if globals.ty().slots().mp_subscript.is_some() {
                    "globals must be a real dict; try eval(code, {}, mapping)"
                } else {
                    "globals must be a dict"
                }));
            }
            None => {
                return Err(cx.type_error(format_args!(
                    "exec() globals must be a dict, not {}",
                    globals.ty().tp_name()
                )));
            }
        },
        None => {
            let frame = cx.vm().frame.get();
            if frame.is_null() {
                return Err(cx.type_error(format_args!(
                    "{name} must be given globals and locals when called without a frame"
                )));
            }
            // SAFETY: the running frame is alive.
            unsafe { (*frame).globals().to_ref() }
        }
    };
    let scope = match (locals, globals) {
        (Some(locals), _) => locals.clone(),
        (None, Some(_)) => dict.to_object(),
        // SAFETY: without globals there is a running frame, checked above.
        (None, None) => unsafe { fast_to_locals(cx, cx.vm().frame.get())? },
    };
    if dict.get_str(cx, &names().builtins).is_none() {
        let frame = cx.vm().frame.get();
        let builtins = if frame.is_null() {
            cx.vm().builtins.get().map_or_else(|| cx.none(), Ref::into_object)
        } else {
            // SAFETY: the running frame is alive.
            unsafe { (*frame).builtins().to_ref() }
        };
        dict.set_str(cx, &names().builtins, builtins)?;
    }
    Ok((dict, scope))
}

pub fn eval(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "eval", args, 1, 3)?;
    let (globals, locals) = namespaces(cx, "eval", args.get(1), args.get(2))?;
    let code = match args[0].downcast::<Code>() {
        Some(code) => {
            if code.nfreevars > 0 {
                return Err(cx.type_error("code object passed to eval() may not contain free variables"));
            }
            code.to_ref()
        }
        None => {
            let text = source_text(cx, &args[0], "<string>", "eval", "string, bytes or code")?;
            let text = text.trim_start_matches([' ', '\t']);
            compile_inherited(cx, text, Mode::Eval, columns(cx, &args[0]))?
        }
    };
    run_in(cx, code, globals, locals, None)
}

static EXEC_NAMES: [&str; 1] = ["closure"];

pub fn exec(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    check_count(cx, "exec", args.pos(), 1, 3)?;
    let mut closure = None;
    for (name, value) in args.keywords() {
        if name.eq_str(EXEC_NAMES[0]) {
            closure = Some(value.clone());
        } else {
            return Err(cx.type_error(format_args!(
                "'{}' is an invalid keyword argument for exec()",
                name.to_string_lossy()
            )));
        }
    }
    let closure = closure.filter(|c| !cx.is_none(c));
    let pos = args.pos();
    let (globals, locals) = namespaces(cx, "exec", pos.get(1), pos.get(2))?;
    let code = match pos[0].downcast::<Code>() {
        Some(code) => {
            let free = code.nfreevars as usize;
            match &closure {
                None if free > 0 => {
                    return Err(cx.type_error(format_args!(
                        "code object requires a closure of exactly length {free}"
                    )));
                }
                Some(_) if free == 0 => {
                    return Err(cx.type_error("cannot use a closure with this code object"));
                }
                Some(cells) => {
                    let fits = cells.downcast::<TupleObject>().is_some_and(|t| {
                        t.len() == free && t.as_slice().iter().all(|c| c.is_exact(types().cell))
                    });
                    if !fits {
                        return Err(cx.type_error(format_args!(
                            "code object requires a closure of exactly length {free}"
                        )));
                    }
                }
                None => {}
            }
            code.to_ref()
        }
        None => {
            if closure.is_some() {
                return Err(cx.type_error("closure can only be used when source is a code object"));
            }
            let text = source_text(cx, &pos[0], "<string>", "exec", "string, bytes or code")?;
            compile_inherited(cx, &text, Mode::Exec, columns(cx, &pos[0]))?
        }
    };
    run_in(cx, code, globals, locals, closure)?;
    Ok(cx.none())
}

fn compile_inherited(cx: Ctx, text: &str, mode: Mode, columns: Columns) -> PyResult<Ref<Code>> {
    let options = crate::compile::Options {
        optimize: cx.vm().options.borrow().optimize,
        future_flags: inherited_flags(cx),
        columns,
        classic: false,
    };
    let code = run::compile_with(cx, text, "<string>", mode, options)?;
    Ok(make_code(cx, &code))
}

fn run_in(cx: Ctx, code: Ref<Code>, globals: Ref<DictObject>, locals: Ref, closure: Option<Ref>) -> PyResult {
    let function = new_function(cx, code, globals)?;
    if let Some(closure) = closure.and_then(|c| c.downcast_ref::<TupleObject>().ok()) {
        function.closure.set(Some(closure));
    }
    call_with_locals(cx, &function, Args::EMPTY, Some(locals))
}

/// `__future__` bits are what `compile()` accepts and code objects carry.
const _: () = assert!(FUTURE_MASK as u32 & flags::FUTURE_ANNOTATIONS != 0);
