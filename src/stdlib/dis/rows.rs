//! Instructions as `dis` shows them: arguments resolved with the live objects of a code object.

use crate::code::dis::unpack;
use crate::code::location::Location;
use crate::code::opcode::{ArgKind, BINARY_OPERATORS, COMPARE_OPERATORS, Opcode, op};
use crate::code::{exception_table, location};
use crate::memory::{Layout, Object, Ref};
use crate::objects::{PyResult, StrObject, TupleObject, exceptions, types};
use crate::vm::Ctx;
use crate::vm::code_object::Code;

/// One row: the fields of `dis.Instruction` in their order.
pub(super) struct Row {
    pub opcode: u8,
    pub opname: String,
    pub arg: Option<i64>,
    pub argval: Ref,
    pub argrepr: String,
    pub offset: u32,
    pub starts_line: Option<i64>,
    pub is_jump_target: bool,
    pub positions: Option<Location>,
}

/// What is to be shown, and with what.
pub(super) struct Subject<'a> {
    pub bytes: Vec<u8>,
    /// Where names and constants come from; bare bytes have none.
    pub code: Option<&'a Code>,
    pub line_offset: i64,
    /// Handlers are jump targets too.
    pub with_handlers: bool,
    pub show_caches: bool,
}

impl<'a> Subject<'a> {
    pub fn of_code(code: &'a Code) -> Self {
        Subject {
            bytes: code.plain.code.clone(),
            code: Some(code),
            line_offset: 0,
            with_handlers: true,
            show_caches: false,
        }
    }
}

/// The name of an opcode; `<3>` for a number that is none.
pub(super) fn name_of(opcode: u8) -> String {
    match Opcode::from_u8(opcode).filter(|opcode| !opcode.is_pseudo()) {
        Some(opcode) => opcode.name().to_string(),
        None => format!("<{opcode}>"),
    }
}

fn kind_of(opcode: u8) -> ArgKind {
    Opcode::from_u8(opcode).filter(|opcode| !opcode.is_pseudo()).map_or(ArgKind::Plain, Opcode::arg_kind)
}

/// Where a jump at an offset goes.
pub(super) fn jump_target(opcode: u8, offset: u32, arg: i64) -> Option<i64> {
    match kind_of(opcode) {
        ArgKind::Jump => Some(i64::from(offset) + 2 + 2 * arg),
        ArgKind::JumpBack => Some(i64::from(offset) + 2 - 2 * arg),
        _ => None,
    }
}

/// The offsets that instructions jump to, each once, in the order in which they are met.
pub(super) fn labels(bytes: &[u8]) -> Vec<i64> {
    let mut labels = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (offset, opcode, arg) in unpack(bytes) {
        if let Some(target) = arg.and_then(|arg| jump_target(opcode, offset, arg))
            && seen.insert(target)
        {
            labels.push(target);
        }
    }
    labels
}

/// Offsets and lines of the instructions that begin a line.
pub(super) fn line_starts(code: &Code) -> Vec<(u32, i32)> {
    location::line_starts(&code.plain.linetable, code.plain.firstlineno).collect()
}

/// All rows of a subject.
pub(super) fn rows(cx: Ctx, subject: &Subject<'_>) -> PyResult<Vec<Row>> {
    let starts = subject.code.map(line_starts).unwrap_or_default();
    let mut targets = labels(&subject.bytes);
    let mut places = Vec::new();
    if let Some(code) = subject.code {
        places = location::positions(&code.plain.linetable, code.plain.firstlineno).collect();
        if subject.with_handlers {
            let entries = exception_table::entries(&code.plain.exceptiontable);
            targets.extend(entries.filter(|e| e.start < e.end).map(|e| i64::from(e.target)));
        }
    }
    targets.sort_unstable();
    let place =
        |offset: u32| subject.code.map(|_| places.get(offset as usize / 2).copied().unwrap_or_default());
    let mut rows = Vec::new();
    for (offset, opcode, arg) in unpack(&subject.bytes) {
        let start = starts.binary_search_by_key(&offset, |&(offset, _)| offset).ok();
        let (argval, argrepr) = argument(cx, subject.code, opcode, offset, arg)?;
        rows.push(Row {
            opcode,
            opname: name_of(opcode),
            arg,
            argval,
            argrepr,
            offset,
            starts_line: start.map(|index| i64::from(starts[index].1) + subject.line_offset),
            is_jump_target: targets.binary_search(&i64::from(offset)).is_ok(),
            positions: place(offset),
        });
        let caches = Opcode::from_u8(opcode).map_or(0, |opcode| opcode.caches() as u32);
        for slot in 1..=if subject.show_caches { caches } else { 0 } {
            rows.push(Row {
                opcode: op::CACHE,
                opname: "CACHE".to_string(),
                arg: Some(0),
                argval: cx.none(),
                argrepr: String::new(),
                offset: offset + 2 * slot,
                starts_line: None,
                is_jump_target: false,
                positions: place(offset + 2 * slot),
            });
        }
    }
    Ok(rows)
}

fn out_of_range(cx: Ctx) -> crate::objects::Raised {
    cx.raise(exceptions().index_error, "tuple index out of range")
}

/// An item of a tuple of names, as value and text.
fn name_at(cx: Ctx, names: &TupleObject, index: i64) -> PyResult<(Ref, String)> {
    let found = usize::try_from(index).ok().and_then(|index| names.as_slice().get(index));
    let name = found.ok_or_else(|| out_of_range(cx))?;
    let text = name.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    Ok((name.clone(), text))
}

/// What an argument stands for, and how that is shown.
fn argument(
    cx: Ctx,
    code: Option<&Code>,
    opcode: u8,
    offset: u32,
    arg: Option<i64>,
) -> PyResult<(Ref, String)> {
    let Some(arg) = arg else { return Ok((cx.none(), String::new())) };
    let number = cx.new_int(arg);
    if let Some(target) = jump_target(opcode, offset, arg) {
        return Ok((cx.new_int(target), format!("to {target}")));
    }
    let unknown = || super::unknown(cx).map(|value| (value, String::new()));
    Ok(match (opcode, kind_of(opcode)) {
        (op::LOAD_CONST, _) => match code {
            Some(code) => {
                let index = usize::try_from(arg).ok();
                let value = index.and_then(|index| code.consts.as_slice().get(index));
                let value = value.ok_or_else(|| out_of_range(cx))?;
                (value.clone(), cx.repr_text(value)?)
            }
            None => unknown()?,
        },
        (_, ArgKind::Const) => unknown()?,
        (op::LOAD_GLOBAL, _) => match code {
            Some(code) => {
                let (name, text) = name_at(cx, &code.names, arg >> 1)?;
                (name, if arg & 1 != 0 { format!("NULL + {text}") } else { text })
            }
            None => unknown()?,
        },
        (_, ArgKind::Name) => match code {
            Some(code) => name_at(cx, &code.names, arg)?,
            None => unknown()?,
        },
        (_, ArgKind::Local | ArgKind::Deref) => match code {
            Some(code) => name_at(cx, &code.localsplusnames, arg)?,
            None => unknown()?,
        },
        (_, ArgKind::Compare) => {
            let name = usize::try_from(arg).ok().and_then(|index| COMPARE_OPERATORS.get(index));
            let name = name.ok_or_else(|| out_of_range(cx))?;
            (cx.new_str(name).into_object(), (*name).to_string())
        }
        (op::FORMAT_VALUE, _) => {
            let conversion = ["", "str", "repr", "ascii"][arg as usize & 3];
            let converter = match conversion {
                "" => cx.none(),
                "str" => types().str.to_object(),
                name => cx.builtin(name)?,
            };
            let has_format = arg & 4 != 0;
            let text = match (conversion, has_format) {
                (_, false) => conversion.to_string(),
                ("", true) => "with format".to_string(),
                (_, true) => format!("{conversion}, with format"),
            };
            (cx.new_tuple(vec![converter, cx.bool(has_format)]).into_object(), text)
        }
        (op::MAKE_FUNCTION, _) => {
            let parts = ["defaults", "kwdefaults", "annotations", "closure"];
            let present = parts.iter().enumerate().filter(|(bit, _)| arg >> bit & 1 == 1);
            (number, present.map(|(_, part)| *part).collect::<Vec<_>>().join(", "))
        }
        (op::BINARY_OP, _) => {
            let name = usize::try_from(arg).ok().and_then(|index| BINARY_OPERATORS.get(index));
            let name = name.ok_or_else(|| cx.raise(exceptions().index_error, "list index out of range"))?;
            (number, (*name).to_string())
        }
        _ => (number, String::new()),
    })
}

/// The rows as lines, with the handlers of a code object below them.
pub(super) fn text(cx: Ctx, subject: &Subject<'_>, lasti: i64) -> PyResult<String> {
    use std::fmt::Write;
    let starts = subject.code.map(line_starts).unwrap_or_default();
    let line_width = match starts.iter().map(|(_, line)| i64::from(*line) + subject.line_offset).max() {
        None => 0,
        Some(line) if line >= 1000 => line.to_string().len(),
        Some(_) => 3,
    };
    let last_offset = subject.bytes.len() as i64 - 2;
    let offset_width = if last_offset >= 10000 { last_offset.to_string().len() } else { 4 };
    let mut out = String::new();
    for row in rows(cx, subject)? {
        if line_width > 0 && row.starts_line.is_some() && row.offset > 0 {
            out.push('\n');
        }
        let shape = Shape {
            opname: &row.opname,
            arg: row.arg.map(|arg| arg.to_string()),
            argrepr: &row.argrepr,
            offset: row.offset.to_string(),
            line: row.starts_line.map(|line| line.to_string()),
            is_jump_target: row.is_jump_target,
        };
        out.push_str(&line(&shape, line_width, i64::from(row.offset) == lasti, offset_width));
        out.push('\n');
    }
    if let Some(code) = subject.code {
        let mut entries = exception_table::entries(&code.plain.exceptiontable).peekable();
        if entries.peek().is_some() {
            out.push_str("ExceptionTable:\n");
        }
        for entry in entries {
            let lasti = if entry.lasti { " lasti" } else { "" };
            let end = i64::from(entry.end) - 2;
            let _ = writeln!(out, "  {} to {end} -> {} [{}]{lasti}", entry.start, entry.target, entry.depth);
        }
    }
    Ok(out)
}

/// What a line shows, as text.
pub(super) struct Shape<'a> {
    pub opname: &'a str,
    pub arg: Option<String>,
    pub argrepr: &'a str,
    pub offset: String,
    pub line: Option<String>,
    pub is_jump_target: bool,
}

/// One line, without its end.
pub(super) fn line(row: &Shape<'_>, line_width: usize, is_current: bool, offset_width: usize) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    if line_width > 0 {
        let _ = write!(text, "{:>line_width$} ", row.line.as_deref().unwrap_or(""));
    }
    text.push_str(if is_current { "--> " } else { "    " });
    text.push_str(if row.is_jump_target { ">> " } else { "   " });
    let _ = write!(text, "{:>offset_width$} {:<20}", row.offset, row.opname);
    if let Some(arg) = &row.arg {
        let _ = write!(text, " {arg:>5}");
        if !row.argrepr.is_empty() {
            let _ = write!(text, " ({})", row.argrepr);
        }
    }
    text.trim_end().to_string()
}

/// Whether an object is shown by name when a class or module is: something that may have code.
pub(super) fn may_have_code(object: &Object) -> bool {
    let t = types();
    [t.method, t.function, t.code, t.classmethod, t.staticmethod, t.type_]
        .iter()
        .any(|ty| object.is_instance(ty))
}
