//! Disassembly: code to rows, and rows to the text that 3.11's `dis.dis` prints.

mod text;

use super::object::{CodeObject, Const};
use super::opcode::{ArgKind, BINARY_OPERATORS, COMPARE_OPERATORS, HAVE_ARGUMENT, Opcode, op};
use super::{exception_table, location};

pub use text::{Options, disassemble};

/// One instruction, as `dis.Instruction` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    pub opcode: u8,
    /// `LOAD_FAST`; `<3>` for a number that is no opcode.
    pub opname: String,
    /// The argument with its `EXTENDED_ARG`s, `None` for opcodes without one.
    pub arg: Option<u32>,
    /// What the argument means, for people; empty where there is nothing to add.
    pub argrepr: String,
    /// Byte offset in `co_code`.
    pub offset: u32,
    /// The line, where this is the first instruction of one.
    pub starts_line: Option<i32>,
    pub is_jump_target: bool,
    /// Where a jump goes, as a byte offset.
    pub target: Option<i64>,
}

/// The instructions of a code object in order. `const_repr` gives the `repr` of a constant.
/// With `show_caches`, inline-cache slots are rows of their own.
pub fn instructions(
    code: &CodeObject,
    const_repr: &dyn Fn(&Const) -> String,
    show_caches: bool,
) -> Vec<Instruction> {
    let starts: Vec<(u32, i32)> = location::line_starts(&code.linetable, code.firstlineno).collect();
    let decoded = decode(&code.code);
    let mut targets: Vec<i64> = decoded.iter().filter_map(|raw| raw.target()).collect();
    let handlers = exception_table::entries(&code.exceptiontable).filter(|entry| entry.start < entry.end);
    targets.extend(handlers.map(|entry| i64::from(entry.target)));
    targets.sort_unstable();

    let mut rows = Vec::with_capacity(decoded.len());
    for raw in decoded {
        let start = starts.binary_search_by_key(&raw.offset, |&(offset, _)| offset);
        let name = Opcode::from_u8(raw.opcode).filter(|opcode| !opcode.is_pseudo());
        rows.push(Instruction {
            opcode: raw.opcode,
            opname: name.map_or_else(|| format!("<{}>", raw.opcode), |opcode| opcode.name().to_string()),
            arg: raw.arg,
            argrepr: argument(code, &raw, const_repr),
            offset: raw.offset,
            starts_line: start.ok().map(|index| starts[index].1),
            is_jump_target: targets.binary_search(&i64::from(raw.offset)).is_ok(),
            target: raw.target(),
        });
        for slot in 0..if show_caches { raw.caches() } else { 0 } {
            rows.push(Instruction {
                opcode: op::CACHE,
                opname: "CACHE".to_string(),
                arg: Some(0),
                argrepr: String::new(),
                offset: raw.offset + 2 + 2 * slot,
                starts_line: None,
                is_jump_target: false,
                target: None,
            });
        }
    }
    rows
}

/// The instructions of bare bytecode: offset, opcode and the argument with its prefixes, signed as the
/// virtual machine's C `int` is.
pub fn unpack(code: &[u8]) -> Vec<(u32, u8, Option<i64>)> {
    decode(code)
        .iter()
        .map(|raw| (raw.offset, raw.opcode, raw.arg.map(|arg| i64::from(arg as i32))))
        .collect()
}

struct Raw {
    offset: u32,
    opcode: u8,
    arg: Option<u32>,
}

impl Raw {
    fn caches(&self) -> u32 {
        Opcode::from_u8(self.opcode).map_or(0, |opcode| opcode.caches() as u32)
    }

    fn target(&self) -> Option<i64> {
        let distance = i64::from(self.arg?) * 2;
        let next = i64::from(self.offset) + 2;
        match Opcode::from_u8(self.opcode).filter(|opcode| !opcode.is_pseudo())?.arg_kind() {
            ArgKind::Jump => Some(next + distance),
            ArgKind::JumpBack => Some(next - distance),
            _ => None,
        }
    }
}

fn decode(code: &[u8]) -> Vec<Raw> {
    let mut raws = Vec::with_capacity(code.len() / 2);
    let mut extended = 0u32;
    let mut skip = 0;
    for (index, unit) in code.chunks_exact(2).enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let opcode = unit[0];
        let mut arg = None;
        if opcode >= HAVE_ARGUMENT {
            let value = u32::from(unit[1]) | extended;
            extended = if opcode == op::EXTENDED_ARG { value << 8 } else { 0 };
            arg = Some(value);
        }
        let raw = Raw { offset: index as u32 * 2, opcode, arg };
        skip = raw.caches();
        raws.push(raw);
    }
    raws
}

fn argument(code: &CodeObject, raw: &Raw, const_repr: &dyn Fn(&Const) -> String) -> String {
    let Some(arg) = raw.arg else { return String::new() };
    if let Some(target) = raw.target() {
        return format!("to {target}");
    }
    let index = arg as usize;
    let name = |index: usize| code.names.get(index).map(ToString::to_string).unwrap_or_default();
    match raw.opcode {
        op::LOAD_CONST => code.consts.get(index).map(const_repr).unwrap_or_default(),
        op::LOAD_GLOBAL if arg & 1 == 1 => format!("NULL + {}", name(index >> 1)),
        op::LOAD_GLOBAL => name(index >> 1),
        op::FORMAT_VALUE => {
            let conversion = ["", "str", "repr", "ascii"][index & 3];
            match (conversion, arg & 4 != 0) {
                (_, false) => conversion.to_string(),
                ("", true) => "with format".to_string(),
                (_, true) => format!("{conversion}, with format"),
            }
        }
        op::MAKE_FUNCTION => {
            let parts = ["defaults", "kwdefaults", "annotations", "closure"];
            let present = parts.iter().enumerate().filter(|(bit, _)| arg >> bit & 1 == 1);
            present.map(|(_, part)| *part).collect::<Vec<_>>().join(", ")
        }
        op::BINARY_OP => BINARY_OPERATORS.get(index).copied().unwrap_or_default().to_string(),
        opcode => match Opcode::from_u8(opcode).filter(|opcode| !opcode.is_pseudo()).map(Opcode::arg_kind) {
            Some(ArgKind::Name) => name(index),
            Some(ArgKind::Local | ArgKind::Deref) => {
                code.localsplusnames.get(index).map(ToString::to_string).unwrap_or_default()
            }
            Some(ArgKind::Compare) => COMPARE_OPERATORS.get(index).copied().unwrap_or_default().to_string(),
            _ => String::new(),
        },
    }
}

#[cfg(test)]
mod tests;
