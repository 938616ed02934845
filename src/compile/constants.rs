//! The constants of a code object while it is being made: each value once.

use std::hash::{Hash, Hasher};

use num_traits::Zero;
use rustc_hash::{FxHashMap, FxHasher};

use super::flow::Graph;
use crate::code::object::{CodeObject, Const, Text};
use crate::code::opcode::Opcode::{KW_NAMES, LOAD_CONST};

/// Constants in order of first use.
#[derive(Debug, Default)]
pub struct Constants {
    values: Vec<Const>,
    /// From the hash of a constant's type and exact value to the first that has it.
    index: FxHashMap<u64, u32>,
}

impl Constants {
    /// The index of a constant, which is added if it is new.
    pub fn add(&mut self, value: Const) -> u32 {
        if has_nan(&value) {
            // Equal to nothing, not even to itself.
            self.values.push(value);
            return self.values.len() as u32 - 1;
        }
        let hash = hash(&value);
        let at = self.values.len() as u32;
        if let Some(&first) = self.index.get(&hash) {
            let known = self.values.iter().skip(first as usize).position(|known| same(known, &value));
            if let Some(offset) = known {
                return first + offset as u32;
            }
        } else {
            self.index.insert(hash, at);
        }
        self.values.push(value);
        at
    }

    /// As [`Constants::add`]; for values that the optimizer makes.
    pub fn append(&mut self, value: Const) -> u32 {
        self.add(value)
    }

    /// The constant at an index.
    pub fn get(&self, at: u32) -> &Const {
        self.values.get(at as usize).unwrap_or(&Const::None)
    }

    /// Drops the constants after the last one in use. The first always stays: it may be a docstring.
    pub fn trim(&mut self, graph: &Graph) {
        let mut last = 0;
        for id in graph.order() {
            for instr in &graph.blocks[id].instrs {
                if matches!(instr.op, LOAD_CONST | KW_NAMES) {
                    last = last.max(instr.arg as usize);
                }
            }
        }
        self.values.truncate(last + 1);
    }

    pub fn into_values(self) -> Vec<Const> {
        self.values
    }
}

fn has_nan(value: &Const) -> bool {
    match value {
        Const::Float(value) => value.is_nan(),
        Const::Complex { re, im } => re.is_nan() || im.is_nan(),
        Const::Tuple(values) => values.iter().any(has_nan),
        _ => false,
    }
}

/// A hash that is the same for constants that are one.
fn hash(value: &Const) -> u64 {
    let mut hasher = FxHasher::default();
    match value {
        Const::None | Const::True | Const::False | Const::Ellipsis => {}
        Const::Int(value) | Const::Long(value) => value.hash(&mut hasher),
        Const::Float(value) => value.to_bits().hash(&mut hasher),
        Const::Complex { re, im } => (re.to_bits(), im.to_bits()).hash(&mut hasher),
        Const::Str(value) | Const::Unicode(value) => value.as_bytes().hash(&mut hasher),
        Const::Bytes(value) => value.hash(&mut hasher),
        Const::Tuple(values) => values.iter().for_each(|value| hasher.write_u64(hash(value))),
        // In any order.
        Const::FrozenSet(values) => {
            hasher.write_u64(values.iter().fold(0, |sum, value| hash(value).wrapping_add(sum)));
        }
        Const::Code(code) => (code.firstlineno, &code.code, &code.linetable).hash(&mut hasher),
    }
    std::mem::discriminant(value).hash(&mut hasher);
    hasher.finish()
}

/// Whether two constants are of one type and exact value.
fn same(a: &Const, b: &Const) -> bool {
    match (a, b) {
        (Const::None, Const::None) | (Const::True, Const::True) | (Const::False, Const::False) => true,
        (Const::Int(a), Const::Int(b)) => a == b,
        (Const::Str(a), Const::Str(b)) => a.as_bytes() == b.as_bytes(),
        (Const::Bytes(a), Const::Bytes(b)) => a == b,
        (Const::Float(a), Const::Float(b)) => a.to_bits() == b.to_bits(),
        _ if std::mem::discriminant(a) != std::mem::discriminant(b) => false,
        _ => key(a) == key(b),
    }
}

/// A byte string that two constants share exactly if they are of one type and value.
fn key(value: &Const) -> Vec<u8> {
    let mut out = Vec::new();
    push_key(value, &mut out);
    out
}

fn push_key(value: &Const, out: &mut Vec<u8>) {
    let sized = |out: &mut Vec<u8>, tag: u8, bytes: &[u8]| {
        out.push(tag);
        out.extend((bytes.len() as u64).to_le_bytes());
        out.extend(bytes);
    };
    match value {
        Const::None => out.push(b'N'),
        Const::True => out.push(b'T'),
        Const::False => out.push(b'F'),
        Const::Ellipsis => out.push(b'.'),
        Const::Int(value) => sized(out, b'i', &value.to_signed_bytes_le()),
        Const::Long(value) => sized(out, b'l', &value.to_signed_bytes_le()),
        Const::Unicode(value) => sized(out, b'u', value.as_bytes()),
        Const::Float(value) => sized(out, b'f', &value.to_bits().to_le_bytes()),
        Const::Complex { re, im } => {
            sized(out, b'c', &re.to_bits().to_le_bytes());
            out.extend(im.to_bits().to_le_bytes());
        }
        Const::Str(value) => sized(out, b's', value.as_bytes()),
        Const::Bytes(value) => sized(out, b'b', value),
        Const::Tuple(values) => {
            sized(out, b'(', &(values.len() as u64).to_le_bytes());
            values.iter().for_each(|value| push_key(value, out));
        }
        Const::FrozenSet(values) => {
            let mut keys: Vec<Vec<u8>> = values.iter().map(key).collect();
            keys.sort();
            sized(out, b'{', &(values.len() as u64).to_le_bytes());
            keys.iter().for_each(|key| sized(out, b'k', key));
        }
        Const::Code(code) => push_code_key(code, out),
    }
}

/// Code objects are compared by what Python's `==` looks at: not by their qualified names.
fn push_code_key(code: &CodeObject, out: &mut Vec<u8>) {
    out.push(b'o');
    let head = [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.flags];
    head.iter().for_each(|number| out.extend(number.to_le_bytes()));
    out.extend(code.firstlineno.to_le_bytes());
    let mut list = |values: &[Const]| push_key(&Const::Tuple(values.into()), out);
    list(&code.consts);
    let text = |text: &Text| Const::Str(text.clone());
    list(&[text(&code.name)]);
    list(&code.names.iter().map(text).collect::<Vec<Const>>());
    list(&code.localsplusnames.iter().map(text).collect::<Vec<Const>>());
    for bytes in [&code.localspluskinds, &code.code, &code.linetable, &code.exceptiontable] {
        out.extend((bytes.len() as u64).to_le_bytes());
        out.extend(bytes);
    }
}

/// The truth value of a constant.
pub fn is_true(value: &Const) -> bool {
    match value {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::Code(_) => true,
        Const::Int(value) | Const::Long(value) => !value.is_zero(),
        Const::Float(value) => *value != 0.0,
        Const::Complex { re, im } => *re != 0.0 || *im != 0.0,
        Const::Str(value) | Const::Unicode(value) => !value.is_empty(),
        Const::Bytes(value) => !value.is_empty(),
        Const::Tuple(values) | Const::FrozenSet(values) => !values.is_empty(),
    }
}
