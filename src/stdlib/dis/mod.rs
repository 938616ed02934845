//! `_dis`: what is behind the `dis` module. Rows and their text are made natively (`rows`); the classes
//! are Python's own, named tuples above all (`classes.py`).
//!
//! The library's `dis` is replaced by this: everything in here becomes its content when it is imported.

mod rows;

use std::sync::Arc;

use self::rows::{Row, Shape, Subject};
use crate::code::opcode::{ArgKind, HAVE_ARGUMENT, Opcode};
use crate::code::{exception_table, pyc};
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::module::ModuleObject;
use crate::objects::spec::{MethodDef, Signature};
use crate::objects::{
    Args, DictObject, ModuleSpec, PyResult, StrObject, TupleObject, exceptions, names, types,
};
use crate::syntax::Mode;
use crate::vm::Ctx;
use crate::vm::code_object::{Code, make_code, make_foreign_code};
use crate::vm::run::compile_text;

/// A name of the `dis` module, as programs see it.
fn own(cx: Ctx, name: &str) -> PyResult {
    let module = crate::vm::import::import_module(cx, "_dis")?;
    cx.get_attr(&module, &cx.intern(name))
}

/// What stands for a value that cannot be known.
fn unknown(cx: Ctx) -> PyResult {
    own(cx, "UNKNOWN")
}

fn is_code(object: &Object) -> bool {
    object.is_exact(types().code)
}

/// Source as an expression if it is one, else as statements.
fn try_compile(cx: Ctx, source: &str, name: &str) -> PyResult {
    let code = match compile_text(cx, source, name, Mode::Eval) {
        Err(raised) if cx.raised_is(&raised, exceptions().syntax_error) => {
            cx.clear_exception(raised);
            compile_text(cx, source, name, Mode::Exec)?
        }
        other => other?,
    };
    Ok(make_code(cx, &code).into_object())
}

/// A method's function, then a function's or a generator's code; other things as they are.
fn unwrapped(cx: Ctx, object: &Object) -> PyResult {
    let mut at = object.to_ref();
    if let Some(function) = cx.get_attr_opt(&at, &names().func)? {
        at = function;
    }
    for name in ["__code__", "gi_code", "ag_code", "cr_code"] {
        if let Some(code) = cx.get_attr_opt(&at, &cx.intern(name))? {
            return Ok(code);
        }
    }
    Ok(at)
}

fn dont_know(cx: Ctx, object: &Object) -> crate::objects::Raised {
    cx.type_error(format_args!("don't know how to disassemble {} objects", object.ty().name_text()))
}

fn code_object(cx: Ctx, object: &Object) -> PyResult<Ref<Code>> {
    let mut at = unwrapped(cx, object)?;
    if let Some(text) = at.downcast::<StrObject>() {
        at = try_compile(cx, &text.to_string_lossy(), "<disassembly>")?;
    }
    let error = |at: &Object| dont_know(cx, at);
    match is_code(&at) {
        true => at.downcast_ref::<Code>().map_err(|at| error(&at)),
        false => Err(error(&at)),
    }
}

fn get_code_object(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    Ok(code_object(cx, x)?.into_object())
}

/// `print(text, file=file)`.
fn print(cx: Ctx, text: &str, file: &Ref) -> PyResult<()> {
    let print = cx.builtin("print")?;
    let values = [cx.new_str(text.strip_suffix('\n').unwrap_or(text)).into_object(), file.clone()];
    let keywords = cx.new_tuple(vec![cx.intern("file").into_object()]);
    cx.call_args(&print, Args::new(&values, Some(&keywords))).map(drop)
}

/// What the keywords of the printing functions ask for.
#[derive(Clone)]
struct Options {
    file: Ref,
    depth: Option<i64>,
    show_caches: bool,
}

impl Options {
    fn new(cx: Ctx, file: Option<Ref>, depth: Option<Ref>, show_caches: Option<Ref>) -> PyResult<Self> {
        Ok(Options {
            file: file.unwrap_or_else(|| cx.none()),
            depth: match depth.filter(|depth| !cx.is_none(depth)) {
                Some(depth) => Some(cx.to_i64(&depth)?),
                None => None,
            },
            show_caches: show_caches.map_or(Ok(false), |flag| cx.is_true(&flag))?,
        })
    }
}

fn signature(
    name: &'static str,
    params: &'static [&'static str],
    required: usize,
    max_positional: usize,
) -> Signature {
    Signature { name, params, required, max_positional }
}

fn dis(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut out = [const { None }; 5];
    bind(cx, &signature("dis", &["x", "file", "depth", "show_caches", "adaptive"], 0, 1), args, &mut out)?;
    let [x, file, depth, show_caches, _] = out;
    let options = Options::new(cx, file, depth, show_caches)?;
    match x.filter(|x| !cx.is_none(x)) {
        Some(x) => show(cx, &x, &options)?,
        None => show_traceback(cx, None, &options)?,
    }
    Ok(cx.none())
}

fn show(cx: Ctx, x: &Object, options: &Options) -> PyResult<()> {
    let x = unwrapped(cx, x)?;
    if let Some(dict) = cx.get_attr_opt(&x, &names().dict)? {
        return show_namespace(cx, &dict, options);
    }
    if is_code(&x) {
        let Some(code) = x.downcast::<Code>() else { return Ok(()) };
        return show_nested(cx, code, options.depth, options);
    }
    if x.is_instance(types().bytes) || x.is_instance(types().bytearray) {
        let bytes = cx.with_bytes(&x, <[u8]>::to_vec)?;
        let show_caches = options.show_caches;
        let subject = Subject { bytes, code: None, line_offset: 0, with_handlers: false, show_caches };
        return print_rows(cx, &rows::text(cx, &subject, -1)?, options);
    }
    if let Some(text) = x.downcast::<StrObject>() {
        let code = try_compile(cx, &text.to_string_lossy(), "<dis>")?;
        return show(cx, &code, options);
    }
    Err(dont_know(cx, &x))
}

/// Nothing is printed for code without instructions, not even a line end.
fn print_rows(cx: Ctx, text: &str, options: &Options) -> PyResult<()> {
    if text.is_empty() { Ok(()) } else { print(cx, text, &options.file) }
}

/// Everything in a class or module that may have code, by name.
fn show_namespace(cx: Ctx, dict: &Object, options: &Options) -> PyResult<()> {
    let pairs = cx.call_method(dict, &names().items, &[])?;
    let sorted = cx.builtin("sorted")?;
    let sorted = cx.call(&sorted, &[pairs])?;
    for pair in cx.collect(&sorted)? {
        let (name, value) = (cx.sequence_item(&pair, 0)?, cx.sequence_item(&pair, 1)?);
        if !rows::may_have_code(&value) {
            continue;
        }
        print(cx, &format!("Disassembly of {}:", cx.str(&name)?.to_string_lossy()), &options.file)?;
        match show(cx, &value, options) {
            Ok(()) => {}
            Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
                let error = cx.take_exception(raised);
                let message = cx.str(error.as_object())?.to_string_lossy();
                print(cx, &format!("Sorry: {message}"), &options.file)?;
            }
            Err(raised) => return Err(raised),
        }
        print(cx, "", &options.file)?;
    }
    Ok(())
}

/// A code object and, as deep as asked, those among its constants.
fn show_nested(cx: Ctx, code: &Code, depth: Option<i64>, options: &Options) -> PyResult<()> {
    let mut pending = vec![(code.object.to_ref(), depth, false)];
    while let Some((next, depth, is_nested)) = pending.pop() {
        let Some(code) = next.downcast::<Code>() else { continue };
        if is_nested {
            print(cx, &format!("\nDisassembly of {}:", cx.repr_text(&next)?), &options.file)?;
        }
        let subject = Subject { show_caches: options.show_caches, ..Subject::of_code(code) };
        print_rows(cx, &rows::text(cx, &subject, -1)?, options)?;
        if depth.is_none_or(|depth| depth > 0) {
            let nested = code.consts.as_slice().iter().rev().filter(|item| is_code(item));
            pending.extend(nested.map(|item| (item.clone(), depth.map(|depth| depth - 1), true)));
        }
    }
    Ok(())
}

fn disassemble(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let params = &["co", "lasti", "file", "show_caches", "adaptive"];
    let mut out = [const { None }; 5];
    bind(cx, &signature("disassemble", params, 1, 2), args, &mut out)?;
    let [co, lasti, file, show_caches, _] = out;
    let options = Options::new(cx, file, None, show_caches)?;
    let lasti = lasti.map_or(Ok(-1), |lasti| cx.to_i64(&lasti))?;
    let Some(co) = co else { return Err(cx.system_error("bad internal call")) };
    show_at(cx, &co, lasti, &options)?;
    Ok(cx.none())
}

fn show_at(cx: Ctx, co: &Object, lasti: i64, options: &Options) -> PyResult<()> {
    let Some(code) = co.downcast_exact::<Code>() else {
        let name = co.ty().name_text();
        let message = format!("'{name}' object has no attribute 'co_lines'");
        return Err(cx.raise(exceptions().attribute_error, message));
    };
    let subject = Subject { show_caches: options.show_caches, ..Subject::of_code(code) };
    print_rows(cx, &rows::text(cx, &subject, lasti)?, options)
}

fn distb(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut out = [const { None }; 4];
    bind(cx, &signature("distb", &["tb", "file", "show_caches", "adaptive"], 0, 1), args, &mut out)?;
    let [tb, file, show_caches, _] = out;
    show_traceback(cx, tb.filter(|tb| !cx.is_none(tb)), &Options::new(cx, file, None, show_caches)?)?;
    Ok(cx.none())
}

/// A traceback's own frame; of the last uncaught exception's traceback, the innermost.
fn show_traceback(cx: Ctx, tb: Option<Ref>, options: &Options) -> PyResult<()> {
    let tb = match tb {
        Some(tb) => tb,
        None => match cx.sys_attr("last_traceback") {
            Some(last) => innermost_of(cx, last)?,
            None => return Err(cx.runtime_error("no last traceback to disassemble")),
        },
    };
    let frame = cx.get_attr(&tb, &cx.intern("tb_frame"))?;
    let code = cx.get_attr(&frame, &cx.intern("f_code"))?;
    let lasti = cx.get_attr(&tb, &cx.intern("tb_lasti"))?;
    let lasti = cx.to_i64(&lasti)?;
    show_at(cx, &code, lasti, options)
}

fn innermost_of(cx: Ctx, tb: Ref) -> PyResult {
    let mut at = tb;
    loop {
        let next = cx.get_attr(&at, &cx.intern("tb_next"))?;
        if cx.is_none(&next) {
            return Ok(at);
        }
        at = next;
    }
}

fn innermost(cx: Ctx, _: &Object, tb: &Ref) -> PyResult {
    innermost_of(cx, tb.clone())
}

/// The rows as instances of `Instruction`.
fn instances(cx: Ctx, rows: Vec<Row>) -> PyResult {
    let (instruction, positions) = (own(cx, "Instruction")?, own(cx, "Positions")?);
    let number = |value: Option<i64>| value.map_or_else(|| cx.none(), |value| cx.new_int(value));
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let place = row.positions.unwrap_or_default();
        let place = [place.line, place.end_line, place.col, place.end_col].map(|n| number(n.map(i64::from)));
        let fields = [
            cx.new_str(&row.opname).into_object(),
            cx.new_int(i64::from(row.opcode)),
            number(row.arg),
            row.argval,
            cx.new_str(&row.argrepr).into_object(),
            cx.new_int(i64::from(row.offset)),
            number(row.starts_line),
            cx.bool(row.is_jump_target),
            cx.call(&positions, &place)?,
        ];
        items.push(cx.call(&instruction, &fields)?);
    }
    cx.iter(cx.new_list(items)?.as_object())
}

fn get_instructions(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let params = &["x", "first_line", "show_caches", "adaptive"];
    let mut out = [const { None }; 4];
    bind(cx, &signature("get_instructions", params, 1, 1), args, &mut out)?;
    let [Some(x), first_line, show_caches, _] = out else { return Err(cx.system_error("bad call")) };
    let code = code_object(cx, &x)?;
    let line_offset = match first_line.filter(|line| !cx.is_none(line)) {
        Some(line) => cx.to_i64(&line)? - i64::from(code.plain.firstlineno),
        None => 0,
    };
    let show_caches = show_caches.map_or(Ok(false), |flag| cx.is_true(&flag))?;
    let subject = Subject { line_offset, show_caches, with_handlers: false, ..Subject::of_code(&code) };
    instances(cx, rows::rows(cx, &subject)?)
}

fn code_argument(cx: Ctx, object: &Object) -> PyResult<&Code> {
    match object.downcast_exact::<Code>() {
        Some(code) => Ok(code),
        None => {
            let name = object.ty().name_text();
            let message = format!("'{name}' object has no attribute 'co_code'");
            Err(cx.raise(exceptions().attribute_error, message))
        }
    }
}

/// `_instructions(code, line_offset, show_caches, with_handlers)`: for `Bytecode`.
fn instructions(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_instructions", args, 4, 4)?;
    let code = code_argument(cx, &args[0])?;
    let subject = Subject {
        line_offset: cx.to_i64(&args[1])?,
        show_caches: cx.is_true(&args[2])?,
        with_handlers: cx.is_true(&args[3])?,
        ..Subject::of_code(code)
    };
    instances(cx, rows::rows(cx, &subject)?)
}

/// `_text(code, lasti, line_offset, show_caches)`: for `Bytecode`.
fn text(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_text", args, 4, 4)?;
    let code = code_argument(cx, &args[0])?;
    let subject = Subject {
        line_offset: cx.to_i64(&args[2])?,
        show_caches: cx.is_true(&args[3])?,
        ..Subject::of_code(code)
    };
    Ok(cx.new_str(&rows::text(cx, &subject, cx.to_i64(&args[1])?)?).into_object())
}

/// `_line(instruction, lineno_width, mark_as_current, offset_width)`: for `Instruction`.
fn line(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_line", args, 4, 4)?;
    let field = |name: &str| cx.get_attr(&args[0], &cx.intern(name));
    let some = |value: Ref| -> PyResult<Option<String>> {
        if cx.is_none(&value) { Ok(None) } else { cx.repr_text(&value).map(Some) }
    };
    let (opname, argrepr) = (field("opname")?, field("argrepr")?);
    let (opname, argrepr) = (cx.str(&opname)?, cx.str(&argrepr)?);
    let (offset, is_jump_target) = (field("offset")?, field("is_jump_target")?);
    let shape = Shape {
        opname: &opname.to_string_lossy(),
        arg: some(field("arg")?)?,
        argrepr: &argrepr.to_string_lossy(),
        offset: cx.repr_text(&offset)?,
        line: some(field("starts_line")?)?,
        is_jump_target: cx.is_true(&is_jump_target)?,
    };
    let width = |value: &Ref| Ok(cx.to_i64(value)?.clamp(0, 1 << 16) as usize);
    let is_current = cx.is_true(&args[2])?;
    Ok(cx.new_str(&rows::line(&shape, width(&args[1])?, is_current, width(&args[3])?)).into_object())
}

fn findlinestarts(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    let pairs = rows::line_starts(code_argument(cx, code)?)
        .into_iter()
        .map(|(offset, line)| {
            cx.new_tuple(vec![cx.new_int(i64::from(offset)), cx.new_int(i64::from(line))]).into_object()
        })
        .collect();
    cx.iter(cx.new_list(pairs)?.as_object())
}

fn findlabels(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    let labels = cx.with_bytes(code, rows::labels)?;
    Ok(cx.new_list(labels.into_iter().map(|label| cx.new_int(label)).collect())?.into_object())
}

/// `_unpack_opargs(code)`: offset, opcode, argument.
fn unpack_opargs(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    let rows = cx.with_bytes(code, crate::code::dis::unpack)?;
    let row = |(offset, opcode, arg): (u32, u8, Option<i64>)| {
        let arg = arg.map_or_else(|| cx.none(), |arg| cx.new_int(arg));
        cx.new_tuple(vec![cx.new_int(i64::from(offset)), cx.new_int(i64::from(opcode)), arg]).into_object()
    };
    cx.iter(cx.new_list(rows.into_iter().map(row).collect())?.as_object())
}

fn parse_exception_table(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    let entry_type = own(cx, "_ExceptionTableEntry")?;
    let mut entries = Vec::new();
    for entry in exception_table::entries(&code_argument(cx, code)?.plain.exceptiontable) {
        let numbers = [entry.start, entry.end, entry.target, entry.depth].map(|n| cx.new_int(i64::from(n)));
        let [start, end, target, depth] = numbers;
        entries.push(cx.call(&entry_type, &[start, end, target, depth, cx.bool(entry.lasti)])?);
    }
    Ok(cx.new_list(entries)?.into_object())
}

const FLAG_NAMES: [(u64, &str); 10] = [
    (1, "OPTIMIZED"),
    (2, "NEWLOCALS"),
    (4, "VARARGS"),
    (8, "VARKEYWORDS"),
    (16, "NESTED"),
    (32, "GENERATOR"),
    (64, "NOFREE"),
    (128, "COROUTINE"),
    (256, "ITERABLE_COROUTINE"),
    (512, "ASYNC_GENERATOR"),
];

/// The names of set bits, unknown ones as numbers; a lone `0x0` for none.
fn flag_text(flags: u64) -> String {
    let mut names = Vec::new();
    for bit in (0..32).map(|shift| 1u64 << shift).filter(|bit| flags & bit != 0) {
        let known = FLAG_NAMES.iter().find(|(known, _)| *known == bit);
        names.push(known.map_or_else(|| format!("{bit:#x}"), |(_, name)| (*name).to_string()));
    }
    if flags >> 32 != 0 || flags == 0 {
        names.push(format!("{:#x}", flags >> 32 << 32));
    }
    names.join(", ")
}

fn pretty_flags(cx: Ctx, _: &Object, flags: &Ref) -> PyResult {
    Ok(cx.new_str(&flag_text(cx.to_i64(flags)? as u64)).into_object())
}

fn info_text(cx: Ctx, code: &Code) -> PyResult<String> {
    let attribute = |name: &str| -> PyResult<String> {
        let value = cx.get_attr(&code.object, &cx.intern(name))?;
        Ok(cx.str(&value)?.to_string_lossy())
    };
    let mut lines = Vec::new();
    for (label, name) in [
        ("Name:              ", "co_name"),
        ("Filename:          ", "co_filename"),
        ("Argument count:    ", "co_argcount"),
        ("Positional-only arguments: ", "co_posonlyargcount"),
        ("Kw-only arguments: ", "co_kwonlyargcount"),
        ("Number of locals:  ", "co_nlocals"),
        ("Stack size:        ", "co_stacksize"),
    ] {
        lines.push(format!("{label}{}", attribute(name)?));
    }
    lines.push(format!("Flags:             {}", flag_text(u64::from(code.plain.flags))));
    for (title, name) in [
        ("Constants:", "co_consts"),
        ("Names:", "co_names"),
        ("Variable names:", "co_varnames"),
        ("Free variables:", "co_freevars"),
        ("Cell variables:", "co_cellvars"),
    ] {
        let items = cx.get_attr(&code.object, &cx.intern(name))?;
        let Some(items) = items.downcast::<TupleObject>().filter(|items| !items.is_empty()) else { continue };
        lines.push(title.to_string());
        for (index, item) in items.as_slice().iter().enumerate() {
            let shown = match name {
                "co_consts" => cx.repr_text(item)?,
                _ => cx.str(item)?.to_string_lossy(),
            };
            lines.push(format!("{index:4}: {shown}"));
        }
    }
    Ok(lines.join("\n"))
}

fn code_info(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    let code = code_object(cx, x)?;
    Ok(cx.new_str(&info_text(cx, &code)?).into_object())
}

fn show_code(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut out = [const { None }; 2];
    bind(cx, &signature("show_code", &["co", "file"], 1, 1), args, &mut out)?;
    let [Some(co), file] = out else { return Err(cx.system_error("bad call")) };
    let code = code_object(cx, &co)?;
    print(cx, &info_text(cx, &code)?, &file.unwrap_or_else(|| cx.none()))?;
    Ok(cx.none())
}

/// The constant that an instruction loads; what stands for the unknown, when it loads none.
fn loaded(cx: Ctx, code: &Code, opcode: u8, arg: Option<i64>) -> PyResult<Option<Ref>> {
    let kind = Opcode::from_u8(opcode).map(Opcode::arg_kind);
    if kind != Some(ArgKind::Const) {
        return Ok(None);
    }
    if opcode != crate::code::opcode::op::LOAD_CONST {
        return unknown(cx).map(Some);
    }
    let index = arg.and_then(|arg| usize::try_from(arg).ok()).unwrap_or(usize::MAX);
    match code.consts.as_slice().get(index) {
        Some(value) => Ok(Some(value.clone())),
        None => Err(cx.raise(exceptions().index_error, "tuple index out of range")),
    }
}

/// `_find_imports(code)`: name, level and from-list of each import.
fn find_imports(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    use crate::code::opcode::op;
    let code = code_argument(cx, code)?;
    let all = crate::code::dis::unpack(&code.plain.code);
    let all: Vec<_> = all.into_iter().filter(|(_, opcode, _)| *opcode != op::EXTENDED_ARG).collect();
    let mut found = Vec::new();
    for three in all.windows(3) {
        let [(_, level_op, level_arg), (_, from_op, from_arg), (_, op::IMPORT_NAME, Some(arg))] = three
        else {
            continue;
        };
        let level = loaded(cx, code, *level_op, *level_arg)?;
        let from_list = loaded(cx, code, *from_op, *from_arg)?;
        let name = usize::try_from(*arg).ok().and_then(|index| code.names.as_slice().get(index));
        if let (Some(level), Some(from_list), Some(name)) = (level, from_list, name) {
            found.push(cx.new_tuple(vec![name.clone(), level, from_list]).into_object());
        }
    }
    cx.iter(cx.new_list(found)?.as_object())
}

/// `_find_store_names(code)`: the globals that it writes.
fn find_store_names(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    use crate::code::opcode::op;
    let code = code_argument(cx, code)?;
    let stored = crate::code::dis::unpack(&code.plain.code)
        .into_iter()
        .filter(|(_, opcode, _)| matches!(*opcode, op::STORE_NAME | op::STORE_GLOBAL))
        .filter_map(|(_, _, arg)| code.names.as_slice().get(usize::try_from(arg?).ok()?).cloned())
        .collect();
    cx.iter(cx.new_list(stored)?.as_object())
}

/// `_show_file(path)`: what `ouro dis FILE` prints; source or a compiled file.
fn show_file(cx: Ctx, _: &Object, path: &Ref) -> PyResult {
    let shown = path.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let bytes = match crate::vm::outside::read_file(&shown) {
        Ok(bytes) => bytes,
        Err(error) => return Err(cx.raise_os_error(&error, Some(path.clone()))),
    };
    let code: Arc<_>;
    let live = if shown.ends_with(".pyc") || bytes.starts_with(&pyc::MAGIC) {
        code = crate::vm::run::read_compiled(cx, &bytes)?;
        make_foreign_code(cx, &code)
    } else {
        code = crate::vm::run::compile_bytes(cx, &bytes, &shown)?;
        make_code(cx, &code)
    };
    show_nested(cx, &live, None, &Options::new(cx, None, None, None)?)?;
    Ok(cx.none())
}

/// `_show_source(text)`: what `ouro dis -c CODE` prints.
fn show_source(cx: Ctx, _: &Object, text: &Ref) -> PyResult {
    let text = text.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let code = compile_text(cx, &text, "<string>", Mode::Exec)?;
    show_nested(cx, &make_code(cx, &code), None, &Options::new(cx, None, None, None)?)?;
    Ok(cx.none())
}

const PUBLIC: [&str; 11] = [
    "code_info",
    "dis",
    "disassemble",
    "distb",
    "disco",
    "findlinestarts",
    "findlabels",
    "show_code",
    "get_instructions",
    "Instruction",
    "Bytecode",
];

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let flags = cx.new_dict();
    for (bit, name) in FLAG_NAMES {
        flags.set(cx, &cx.new_int(bit as i64), cx.new_str(name).into_object())?;
    }
    module.add(cx, "COMPILER_FLAG_NAMES", flags.into_object())?;
    // The names of `opcode` are names of `dis` too.
    let opcode = crate::vm::import::import_module(cx, "opcode")?;
    let mut all: Vec<Ref> = PUBLIC.iter().map(|name| cx.intern(name).into_object()).collect();
    let listed = cx.get_attr(&opcode, &names().all)?;
    for name in cx.collect(&listed)? {
        let Some(text) = name.downcast::<StrObject>() else { continue };
        module.add(cx, &text.to_string_lossy(), cx.get_attr(&opcode, text)?)?;
        all.push(name);
    }
    module.add(cx, "__all__", cx.new_list(all)?.into_object())?;
    let Some(dict) = module.dict.get() else { return Ok(()) };
    let code = compile_text(cx, include_str!("classes.py"), "<frozen dis>", Mode::Exec)?;
    dict.set_str(cx, &names().name, cx.intern("dis").into_object())?;
    if let Some(builtins) = cx.vm().builtins.get() {
        dict.set_str(cx, &names().builtins, builtins.into_object())?;
    }
    let code = make_code(cx, &code);
    crate::vm::import_find::run_code(cx, code, &dict, None)?;
    dict.set_str(cx, &names().name, cx.intern("_dis").into_object())
}

/// Gives the library's `dis` everything that is here, but for what says which module it is.
pub fn install(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let (Some(to), own) = (module.dict.get(), crate::vm::import::import_module(cx, "_dis")?) else {
        return Ok(());
    };
    let from = cx.get_attr(&own, &names().dict)?;
    let Some(from) = from.downcast::<DictObject>() else { return Ok(()) };
    for (name, value) in from.to_vec() {
        let Some(text) = name.downcast::<StrObject>() else { continue };
        let shown = text.to_string_lossy();
        if !(shown.starts_with("__") && shown != "__all__") {
            to.set_str(cx, text, value)?;
        }
    }
    Ok(())
}

fn opcode_number(cx: Ctx, object: &Object) -> PyResult<Option<Opcode>> {
    let number = cx.to_i32(object)?;
    let known = u8::try_from(number).ok().and_then(Opcode::from_u8);
    Ok(known.filter(|opcode| *opcode != Opcode::CLASSIC))
}

/// `stack_effect(opcode, oparg=None, /, *, jump=None)`.
fn stack_effect(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    use crate::code::opcode::Branch;
    if args.pos().is_empty() {
        return Err(cx.type_error("stack_effect() takes at least 1 positional argument (0 given)"));
    }
    check_count(cx, "stack_effect", args.pos(), 1, 2)?;
    let mut jump = None;
    for (name, value) in args.keywords() {
        if !name.eq_str("jump") {
            return Err(cx.type_error(format_args!(
                "'{}' is an invalid keyword argument for stack_effect()",
                name.to_string_lossy()
            )));
        }
        jump = Some(value.clone());
    }
    let opcode = opcode_number(cx, &args.pos()[0])?;
    let number = cx.to_i32(&args.pos()[0])?;
    let oparg = args.pos().get(1).filter(|oparg| !cx.is_none(oparg));
    if number < i32::from(HAVE_ARGUMENT) && oparg.is_some() {
        return Err(cx.value_error("stack_effect: opcode does not permit oparg but oparg was specified"));
    }
    if number >= i32::from(HAVE_ARGUMENT) && oparg.is_none() {
        return Err(cx.value_error("stack_effect: opcode requires oparg but oparg was not specified"));
    }
    let arg = oparg.map_or(Ok(0), |oparg| cx.to_i32(oparg))? as u32;
    let truth = match &jump {
        None => None,
        Some(jump) if cx.is_none(jump) => None,
        Some(jump) if jump.is(crate::objects::singletons::bool(true)) => Some(true),
        Some(jump) if jump.is(crate::objects::singletons::bool(false)) => Some(false),
        Some(_) => return Err(cx.value_error("stack_effect: jump must be False, True or None")),
    };
    let Some(opcode) = opcode else { return Err(cx.value_error("invalid opcode or oparg")) };
    let (falls, jumps) = (opcode.stack_effect(arg, Branch::Falls), opcode.stack_effect(arg, Branch::Jumps));
    let effect = match truth {
        Some(true) => jumps,
        Some(false) => falls,
        None => falls.max(jumps),
    };
    Ok(cx.new_int(i64::from(effect)))
}

fn specialization_stats(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.none())
}

fn exec_opcode(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    opcodes::fill(cx, module)
}

mod opcodes;

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_dis",
    doc: Some("Disassembler of Python byte code into mnemonics."),
    functions: &[
        MethodDef::keywords("dis", dis, "Shows the bytecode of something that has code, or of source."),
        MethodDef::keywords("distb", distb, "Shows the bytecode of a traceback's frame."),
        MethodDef::keywords("disassemble", disassemble, "Shows the bytecode of a code object."),
        MethodDef::keywords("disco", disassemble, "Shows the bytecode of a code object."),
        MethodDef::keywords("get_instructions", get_instructions, "Iterates over the instructions."),
        MethodDef::keywords("show_code", show_code, "Prints what code_info() says."),
        MethodDef::one("code_info", code_info, "Describes a code object, or what has one."),
        MethodDef::one("pretty_flags", pretty_flags, "The names of the flags of a code object."),
        MethodDef::one("findlinestarts", findlinestarts, "Offsets and lines of what begins a line."),
        MethodDef::one("findlabels", findlabels, "The offsets that are jumped to."),
        MethodDef::one("_get_code_object", get_code_object, ""),
        MethodDef::one("_innermost", innermost, ""),
        MethodDef::fast("_instructions", instructions, ""),
        MethodDef::fast("_text", text, ""),
        MethodDef::fast("_line", line, ""),
        MethodDef::one("_unpack_opargs", unpack_opargs, ""),
        MethodDef::one("_parse_exception_table", parse_exception_table, ""),
        MethodDef::one("_find_imports", find_imports, ""),
        MethodDef::one("_find_store_names", find_store_names, ""),
        MethodDef::one("_show_file", show_file, ""),
        MethodDef::one("_show_source", show_source, ""),
    ],
    exec: Some(exec),
};

pub static OPCODE_C: ModuleSpec = ModuleSpec {
    name: "_opcode",
    doc: Some("Opcode support module."),
    functions: &[
        MethodDef::keywords(
            "stack_effect",
            stack_effect,
            "stack_effect($module, opcode, oparg=None, /, *, jump=None)\n--\n\nCompute the stack effect of the opcode.",
        ),
        MethodDef::no_args(
            "get_specialization_stats",
            specialization_stats,
            "get_specialization_stats($module, /)\n--\n\nReturn the specialization stats",
        ),
    ],
    exec: None,
};

pub static OPCODE: ModuleSpec = ModuleSpec {
    name: "opcode",
    doc: Some("The operations of the virtual machine: names, numbers, and what their arguments mean."),
    functions: &[],
    exec: Some(exec_opcode),
};
