//! The neutral text of code objects: the Rust side of `tests/tools/dump_code.py`.

use std::fmt::Write;

use ouro::code::object::{CodeObject, Const, Text, kind};
use ouro::compile::{Options, compile, compile_with_warnings};
use ouro::syntax::{Columns, ErrorKind, Mode, Origin, SyntaxError, decode_source};

/// Compiles source bytes and gives the text of their code objects, or of the error.
pub fn dump_source(bytes: &[u8], mode: Mode, optimize: u8) -> String {
    let options = Options { optimize, columns: Columns::of_bytes(bytes), ..Options::default() };
    let compiled = decode_source(bytes, "<dump>", Origin::Bytes)
        .and_then(|text| compile(&text, "<dump>", mode, options));
    let mut out = String::new();
    match compiled {
        Ok(code) => dump(&code, &mut out),
        Err(error) => dump_error(&error, &mut out),
    }
    out
}

/// Everything that can be told of a compilation: code objects and warnings, or the error with its
/// line (`tests/generator/generate.py` has the other side).
#[allow(dead_code)]
pub fn result(bytes: &[u8], as_text: bool, mode: Mode, optimize: u8) -> String {
    let columns = if as_text { Columns::Chars } else { Columns::of_bytes(bytes) };
    let options = Options { optimize, columns, ..Options::default() };
    let text = match (as_text, std::str::from_utf8(bytes)) {
        (true, Ok(text)) => Ok(text.to_string()),
        _ => decode_source(bytes, "<dump>", Origin::Bytes),
    };
    let compiled = text.and_then(|text| compile_with_warnings(&text, "<dump>", mode, options));
    let mut out = String::new();
    match compiled {
        Ok((code, warnings)) => {
            dump(&code, &mut out);
            for warning in warnings {
                let _ = write!(out, "warning {} {} ", warning.category, warning.lineno);
                push_text(&Text::from(&*warning.message), &mut out);
                out.push('\n');
            }
        }
        Err(error) => {
            dump_error(&error, &mut out);
            if !matches!(error.kind, ErrorKind::Recursion | ErrorKind::Value | ErrorKind::Memory) {
                out.pop();
                out.push(' ');
                match &error.text {
                    Some(text) => push_text(&Text::from(&**text), &mut out),
                    None => out.push_str("None"),
                }
                out.push('\n');
            }
        }
    }
    out
}

fn dump_error(error: &SyntaxError, out: &mut String) {
    let class = error.kind.class_name();
    if matches!(error.kind, ErrorKind::Recursion | ErrorKind::Value | ErrorKind::Memory) {
        let _ = writeln!(out, "error {class}");
        return;
    }
    let number = |value: Option<i64>| value.map_or("None".to_string(), |value| value.to_string());
    let _ = write!(out, "error {class} {} {}", number(error.lineno), number(error.offset));
    let _ = write!(out, " {} {} ", number(error.end_lineno), number(error.end_offset));
    push_text(&Text::from(&*error.message), out);
    out.push('\n');
}

fn dump(code: &CodeObject, out: &mut String) {
    out.push_str("code ");
    push_text(&code.qualname, out);
    out.push(' ');
    push_text(&code.name, out);
    let _ = write!(out, "\nhead {} {} {}", code.argcount, code.posonlyargcount, code.kwonlyargcount);
    let _ = writeln!(out, " flags {:#x} line {} stack {}", code.flags, code.firstlineno, code.stacksize);
    for (key, bit) in [("vars", kind::LOCAL), ("cells", kind::CELL), ("free", kind::FREE)] {
        let slots = code.localsplusnames.iter().zip(&code.localspluskinds);
        push_names(key, slots.filter(|&(_, &kind)| kind & bit != 0).map(|(name, _)| name), out);
    }
    push_names("names", code.names.iter(), out);
    for value in &code.consts {
        out.push_str("const ");
        out.push_str(&constant(value));
        out.push('\n');
    }
    for (key, bytes) in [("bytes", &code.code), ("lines", &code.linetable), ("table", &code.exceptiontable)] {
        let _ = writeln!(out, "{key} {}", hex(bytes));
    }
    for value in &code.consts {
        if let Const::Code(inner) = value {
            dump(inner, out);
        }
    }
}

fn push_names<'a>(key: &str, names: impl Iterator<Item = &'a Text>, out: &mut String) {
    out.push_str(key);
    for name in names {
        out.push(' ');
        push_text(name, out);
    }
    out.push('\n');
}

fn push_text(text: &Text, out: &mut String) {
    out.push('"');
    for point in text.code_points() {
        match u8::try_from(point) {
            Ok(byte @ b' '..=b'~') if byte != b'"' && byte != b'\\' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\{{{point:x}}}");
            }
        }
    }
    out.push('"');
}

fn constant(value: &Const) -> String {
    let list = |values: &[Const]| values.iter().map(constant).collect::<Vec<String>>();
    match value {
        Const::None => "None".to_string(),
        Const::True => "True".to_string(),
        Const::False => "False".to_string(),
        Const::Ellipsis => "...".to_string(),
        Const::Int(value) | Const::Long(value) => format!("{value:#x}"),
        Const::Float(value) => format!("f{:016x}", value.to_bits()),
        Const::Complex { re, im } => format!("c{:016x},{:016x}", re.to_bits(), im.to_bits()),
        Const::Str(value) | Const::Unicode(value) => {
            let mut out = String::new();
            push_text(value, &mut out);
            out
        }
        Const::Bytes(value) => format!("b{}", hex(value)),
        Const::Tuple(values) => format!("({})", list(values).join(", ")),
        Const::FrozenSet(values) => {
            let mut values = list(values);
            values.sort();
            format!("{{{}}}", values.join(", "))
        }
        Const::Code(code) => {
            let mut out = "code ".to_string();
            push_text(&code.qualname, &mut out);
            out
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
