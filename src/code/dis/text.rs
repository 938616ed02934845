//! Rows to text.

use std::fmt::Write;

use super::super::object::{CodeObject, Const};
use super::super::{exception_table, location};
use super::{Instruction, instructions};

/// How to print; `Default` is what `dis.dis(code)` does.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// The byte offset to mark with `-->`.
    pub lasti: Option<u32>,
    pub show_caches: bool,
    /// How deep to follow nested code objects; `None` for all the way, as by default.
    pub depth: Option<u32>,
}

const OPNAME_WIDTH: usize = 20;
const ARG_WIDTH: usize = 5;

/// The text of `dis.dis(code)`, nested code objects included.
///
/// `const_repr` gives the `repr` of a constant, code objects included: their addresses are the
/// caller's to know.
pub fn disassemble(code: &CodeObject, const_repr: &dyn Fn(&Const) -> String, options: Options) -> String {
    let mut out = String::new();
    write_code(&mut out, code, const_repr, options);
    let mut pending: Vec<(&Const, Option<u32>)> = nested(code, options.depth);
    while let Some((item, depth)) = pending.pop() {
        let Const::Code(code) = item else { continue };
        let _ = writeln!(out, "\nDisassembly of {}:", const_repr(item));
        write_code(&mut out, code, const_repr, Options { lasti: None, ..options });
        pending.extend(nested(code, depth));
    }
    out
}

/// Nested code objects, last first, as a stack wants them.
fn nested(code: &CodeObject, depth: Option<u32>) -> Vec<(&Const, Option<u32>)> {
    if depth == Some(0) {
        return Vec::new();
    }
    let codes = code.consts.iter().rev().filter(|item| matches!(item, Const::Code(_)));
    codes.map(|item| (item, depth.map(|depth| depth - 1))).collect()
}

fn write_code(out: &mut String, code: &CodeObject, const_repr: &dyn Fn(&Const) -> String, options: Options) {
    let last_line = location::line_starts(&code.linetable, code.firstlineno).map(|(_, line)| line).max();
    let line_width = match last_line {
        None => 0,
        Some(line) if line >= 1000 => line.to_string().len(),
        Some(_) => 3,
    };
    let last_offset = code.code.len().saturating_sub(2);
    let offset_width = if last_offset >= 10000 { last_offset.to_string().len() } else { 4 };
    for row in instructions(code, const_repr, options.show_caches) {
        if line_width > 0 && row.starts_line.is_some() && row.offset > 0 {
            out.push('\n');
        }
        let current = options.lasti == Some(row.offset);
        out.push_str(format_row(&row, line_width, offset_width, current).trim_end());
        out.push('\n');
    }
    let mut entries = exception_table::entries(&code.exceptiontable).peekable();
    if entries.peek().is_some() {
        out.push_str("ExceptionTable:\n");
    }
    for entry in entries {
        let lasti = if entry.lasti { " lasti" } else { "" };
        let end = i64::from(entry.end) - 2;
        let _ = writeln!(out, "  {} to {end} -> {} [{}]{lasti}", entry.start, entry.target, entry.depth);
    }
}

fn format_row(row: &Instruction, line_width: usize, offset_width: usize, current: bool) -> String {
    let mut text = String::new();
    if line_width > 0 {
        let line = row.starts_line.map(|line| line.to_string()).unwrap_or_default();
        let _ = write!(text, "{line:>line_width$} ");
    }
    text.push_str(if current { "--> " } else { "    " });
    text.push_str(if row.is_jump_target { ">> " } else { "   " });
    let _ = write!(text, "{:>offset_width$} {:<OPNAME_WIDTH$}", row.offset, row.opname);
    if let Some(arg) = row.arg {
        let _ = write!(text, " {arg:>ARG_WIDTH$}");
        if !row.argrepr.is_empty() {
            let _ = write!(text, " ({})", row.argrepr);
        }
    }
    text
}
