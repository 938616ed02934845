//! `_dis`: disassembly, over the native disassembler. `dis` shows it to programs.

use std::collections::HashMap;

use crate::code::dis::{self as native, Options};
use crate::code::location;
use crate::code::object::Const;
use crate::code::opcode::{COMPARE_OPERATORS, HAVE_ARGUMENT, Opcode};
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::bind;
use crate::objects::module::ModuleObject;
use crate::objects::native_type::NativeType;
use crate::objects::spec::{MemberDef, MethodDef, Signature, TypeSpec};
use crate::objects::structseq::{constructible, field, new_instance};
use crate::objects::{Args, DictObject, ModuleSpec, PyResult, StrObject, names, types};
use crate::vm::Ctx;
use crate::vm::code_object::{Code, make_code};

static INSTRUCTION: NativeType = NativeType::new(&INSTRUCTION_SPEC);

static FIELDS: &[MemberDef] = &[
    field::<0>("opname", "Human readable name for operation"),
    field::<1>("opcode", "Numeric code for operation"),
    field::<2>("arg", "Numeric argument to operation (if any), otherwise None"),
    field::<3>("argval", "Resolved arg value (if known), otherwise same as arg"),
    field::<4>("argrepr", "Human readable description of operation argument"),
    field::<5>("offset", "Start index of operation within bytecode sequence"),
    field::<6>("starts_line", "Line started by this opcode (if any), otherwise None"),
    field::<7>("is_jump_target", "True if other code jumps to here, otherwise False"),
    field::<8>("positions", "Span of source code covered by this instruction"),
];

static INSTRUCTION_SPEC: TypeSpec = constructible("Instruction", "Details for a bytecode operation.", FIELDS);

/// Reprs of all constants of a code object and those within, by place.
fn const_reprs(cx: Ctx, code: &Code, reprs: &mut HashMap<*const Const, String>) -> PyResult<()> {
    for (plain, live) in code.plain.consts.iter().zip(code.consts.as_slice()) {
        reprs.insert(std::ptr::from_ref(plain), cx.repr_text(live)?);
        if let Some(nested) = live.downcast::<Code>() {
            const_reprs(cx, nested, reprs)?;
        }
    }
    Ok(())
}

fn text_of(cx: Ctx, code: &Code, options: Options) -> PyResult<String> {
    let mut reprs = HashMap::new();
    const_reprs(cx, code, &mut reprs)?;
    let show = |item: &Const| reprs.get(&std::ptr::from_ref(item)).cloned().unwrap_or_default();
    Ok(native::disassemble(&code.plain, &show, options))
}

/// The code behind a method, function, generator or code object.
fn code_of(cx: Ctx, object: &Object) -> PyResult<Option<Ref<Code>>> {
    let mut at = object.to_ref();
    if let Some(function) = cx.get_attr_opt(&at, &names().func)? {
        at = function;
    }
    for name in ["__code__", "gi_code", "ag_code", "cr_code"] {
        if let Some(code) = cx.get_attr_opt(&at, &cx.intern(name))? {
            at = code;
            break;
        }
    }
    if let Some(text) = at.downcast::<StrObject>() {
        let text = text.to_string_lossy();
        let code = crate::vm::run::compile_text(cx, &text, "<dis>", crate::syntax::Mode::Exec)?;
        return Ok(Some(make_code(cx, &code)));
    }
    Ok(at.downcast_ref::<Code>().ok())
}

fn print(cx: Ctx, text: &str, file: Option<&Ref>) -> PyResult<()> {
    let print = cx.builtin("print")?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut values = vec![cx.new_str(text).into_object()];
    match file.filter(|file| !cx.is_none(file)) {
        None => cx.call(&print, &values).map(drop),
        Some(file) => {
            values.push(file.clone());
            let keywords = cx.new_tuple(vec![cx.intern("file").into_object()]);
            cx.call_args(&print, Args::new(&values, Some(&keywords))).map(drop)
        }
    }
}

fn dis(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature {
        name: "dis",
        params: &["x", "file", "depth", "show_caches", "adaptive"],
        required: 0,
        max_positional: 1,
    };
    let mut out = [const { None }; 5];
    bind(cx, &signature, args, &mut out)?;
    let [x, file, depth, show_caches, _] = out;
    let depth = match depth.filter(|depth| !cx.is_none(depth)) {
        Some(depth) => Some(cx.to_size(&depth)?.max(0) as u32),
        None => None,
    };
    let show_caches = show_caches.map_or(Ok(false), |flag| cx.is_true(&flag))?;
    let Some(x) = x.filter(|x| !cx.is_none(x)) else {
        return Err(cx.runtime_error("no last traceback to disassemble"));
    };
    show(cx, &x, file.as_ref(), Options { lasti: None, show_caches, depth })?;
    Ok(cx.none())
}

fn show(cx: Ctx, x: &Object, file: Option<&Ref>, options: Options) -> PyResult<()> {
    if let Some(code) = code_of(cx, x)? {
        return print(cx, &text_of(cx, &code, options)?, file);
    }
    let Some(dict) = cx.get_attr_opt(x, &names().dict)? else {
        return Err(
            cx.type_error(format_args!("don't know how to disassemble {} objects", x.ty().name_text()))
        );
    };
    // Classes and modules: everything in them that has code, by name.
    let mut items = Vec::new();
    let pairs = cx.call_method(&dict, &names().items, &[])?;
    for pair in cx.collect(&pairs)? {
        items.push((cx.sequence_item(&pair, 0)?, cx.sequence_item(&pair, 1)?));
    }
    let key = |item: &(Ref, Ref)| item.0.downcast::<StrObject>().map(StrObject::to_string_lossy);
    items.sort_by_key(key);
    for (name, value) in items {
        let t = types();
        let wanted = [t.method, t.function, t.code, t.classmethod, t.staticmethod, t.type_];
        if !wanted.iter().any(|ty| value.is_instance(ty)) {
            continue;
        }
        print(cx, &format!("Disassembly of {}:", cx.str(&name)?.to_string_lossy()), file)?;
        match show(cx, &value, file, options) {
            Ok(()) => {}
            Err(raised) if cx.raised_is(&raised, crate::objects::exceptions().type_error) => {
                let error = cx.take_exception(raised);
                let message = cx.str(error.as_object())?.to_string_lossy();
                print(cx, &format!("Sorry: {message}"), file)?;
            }
            Err(raised) => return Err(raised),
        }
        print(cx, "", file)?;
    }
    Ok(())
}

fn disassemble(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature {
        name: "disassemble",
        params: &["co", "lasti", "file", "show_caches", "adaptive"],
        required: 1,
        max_positional: 2,
    };
    let mut out = [const { None }; 5];
    bind(cx, &signature, args, &mut out)?;
    let [co, lasti, file, show_caches, _] = out;
    let Some(code) = co.and_then(|co| co.downcast_ref::<Code>().ok()) else {
        return Err(cx.type_error("disassemble() needs a code object"));
    };
    let lasti = lasti.map_or(Ok(-1), |lasti| cx.to_i64(&lasti))?;
    let show_caches = show_caches.map_or(Ok(false), |flag| cx.is_true(&flag))?;
    let options = Options { lasti: u32::try_from(lasti).ok(), show_caches, depth: Some(0) };
    print(cx, &text_of(cx, &code, options)?, file.as_ref())?;
    Ok(cx.none())
}

fn get_instructions(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature {
        name: "get_instructions",
        params: &["x", "first_line", "show_caches", "adaptive"],
        required: 1,
        max_positional: 1,
    };
    let mut out = [const { None }; 4];
    bind(cx, &signature, args, &mut out)?;
    let [x, _, show_caches, _] = out;
    let Some(x) = x else { return Err(cx.system_error("bad internal call")) };
    let show_caches = show_caches.map_or(Ok(false), |flag| cx.is_true(&flag))?;
    let Some(code) = code_of(cx, &x)? else {
        return Err(
            cx.type_error(format_args!("don't know how to disassemble {} objects", x.ty().name_text()))
        );
    };
    let mut reprs = HashMap::new();
    const_reprs(cx, &code, &mut reprs)?;
    let shown = |item: &Const| reprs.get(&std::ptr::from_ref(item)).cloned().unwrap_or_default();
    let mut items = Vec::new();
    for row in native::instructions(&code.plain, &shown, show_caches) {
        let arg = row.arg.map_or_else(|| cx.none(), |arg| cx.new_int(i64::from(arg)));
        let value = match (row.target, row.arg) {
            (Some(target), _) => cx.new_int(target),
            (None, Some(arg)) if matches!(row.opname.as_str(), "LOAD_CONST" | "KW_NAMES") => {
                code.consts.as_slice().get(arg as usize).cloned().unwrap_or_else(|| arg_copy(&x))
            }
            (None, Some(_)) if row.argrepr.is_empty() => arg.clone(),
            (None, Some(_)) => cx.new_str(row.argrepr.trim_start_matches("NULL + ")).into_object(),
            (None, None) => cx.none(),
        };
        let line = row.starts_line.map_or_else(|| cx.none(), |line| cx.new_int(i64::from(line)));
        let fields = vec![
            cx.new_str(&row.opname).into_object(),
            cx.new_int(i64::from(row.opcode)),
            arg,
            value,
            cx.new_str(&row.argrepr).into_object(),
            cx.new_int(i64::from(row.offset)),
            line,
            cx.bool(row.is_jump_target),
            cx.none(),
        ];
        items.push(new_instance(cx, INSTRUCTION.get(cx)?, FIELDS.len(), fields));
    }
    cx.iter(cx.new_list(items)?.as_object())
}

fn arg_copy(object: &Object) -> Ref {
    object.to_ref()
}

fn findlinestarts(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    let Some(code) = code.downcast::<Code>() else { return Err(cx.type_error("a code object is required")) };
    let pairs = location::line_starts(&code.plain.linetable, code.plain.firstlineno)
        .map(|(offset, line)| {
            cx.new_tuple(vec![cx.new_int(i64::from(offset)), cx.new_int(i64::from(line))]).into_object()
        })
        .collect();
    cx.iter(cx.new_list(pairs)?.as_object())
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "Instruction", INSTRUCTION.make_structseq(cx, FIELDS.len())?.to_object())?;
    let flags = [
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
    let dict = cx.new_dict();
    for (bit, name) in flags {
        dict.set(cx, &cx.new_int(bit), cx.new_str(name).into_object())?;
    }
    module.add(cx, "COMPILER_FLAG_NAMES", dict.into_object())?;
    let (mut opnames, opmap): (Vec<Ref>, Ref<DictObject>) = (Vec::new(), cx.new_dict());
    for number in 0..=255u8 {
        match Opcode::from_u8(number).filter(|opcode| !opcode.is_pseudo()) {
            Some(opcode) => {
                opmap.set_str(cx, &cx.intern(opcode.name()), cx.new_int(i64::from(number)))?;
                opnames.push(cx.new_str(opcode.name()).into_object());
            }
            None => opnames.push(cx.new_str(&format!("<{number}>")).into_object()),
        }
    }
    module.add(cx, "opname", cx.new_list(opnames)?.into_object())?;
    module.add(cx, "opmap", opmap.into_object())?;
    module.add(cx, "HAVE_ARGUMENT", cx.new_int(i64::from(HAVE_ARGUMENT)))?;
    module.add(cx, "EXTENDED_ARG", cx.new_int(144))?;
    let compare = COMPARE_OPERATORS.iter().map(|name| cx.new_str(name).into_object()).collect();
    module.add(cx, "cmp_op", cx.new_tuple(compare).into_object())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_dis",
    doc: Some("Disassembler of bytecode."),
    functions: &[
        MethodDef::keywords(
            "dis",
            dis,
            "Shows the bytecode of functions, methods, classes, modules, code or source.",
        ),
        MethodDef::keywords("disassemble", disassemble, "Shows the bytecode of a code object."),
        MethodDef::keywords("disco", disassemble, "Shows the bytecode of a code object."),
        MethodDef::keywords("get_instructions", get_instructions, "Iterates over the instructions."),
        MethodDef::one(
            "findlinestarts",
            findlinestarts,
            "Offsets and lines of those instructions that begin a line.",
        ),
    ],
    exec: Some(exec),
};
