//! Values in a few words, made by ouro itself: no `__repr__` runs, nothing is allocated in the heap.
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::bytes::BytesObject;
use crate::objects::int::IntObject;
use crate::objects::look::as_class;
use crate::objects::{
    DictObject, ListObject, ModuleObject, StrObject, TupleObject, TypeFlags, exceptions, types,
};
use crate::vm::function::FunctionObject;

/// Characters of a text that are shown.
const TEXT: usize = 60;
/// Items of a container that are shown.
const ITEMS: usize = 8;
/// How deep containers are opened.
const DEPTH: usize = 2;

/// An object in a few words, on one line.
pub fn short(still: Still<'_>, object: &Object) -> String {
    let mut out = String::new();
    write(still, object, DEPTH, &mut out);
    out
}

fn write(still: Still<'_>, object: &Object, depth: usize, out: &mut String) {
    let types = types();
    if object.is_exact(types.none_type) {
        out.push_str("None");
    } else if object.is_exact(types.bool) {
        let truth = object
            .downcast::<IntObject>()
            .is_some_and(|int| int.to_bigint().sign() == num_bigint::Sign::Plus);
        out.push_str(if truth { "True" } else { "False" });
    } else if object.is_exact(types.ellipsis_type) {
        out.push_str("Ellipsis");
    } else if object.is_exact(types.not_implemented_type) {
        out.push_str("NotImplemented");
    } else if let Some(int) = object.downcast_exact::<IntObject>() {
        let value = int.to_bigint();
        // Printing a huge number takes long; its size says enough.
        if value.bits() > 400 {
            out.push_str(&format!("int of {} bits", value.bits()));
        } else {
            out.push_str(&value.to_string());
        }
    } else if let Some(float) = object.downcast_exact::<crate::objects::float::FloatObject>() {
        out.push_str(&float_text(float.value));
    } else if let Some(text) = object.downcast_exact::<StrObject>() {
        quoted(text, out);
    } else if let Some(bytes) = object.downcast_exact::<BytesObject>() {
        bytes_text(bytes.as_slice(), out);
    } else if let Some(list) = object.downcast_exact::<ListObject>() {
        items(still, list.len(), list.peek_slice().iter().map(|r| &**r), ("[", "]"), depth, out);
    } else if let Some(tuple) = object.downcast_exact::<TupleObject>() {
        let close = if tuple.len() == 1 { ",)" } else { ")" };
        items(still, tuple.len(), tuple.as_slice().iter().map(|r| &**r), ("(", close), depth, out);
    } else if let Some(dict) = object.downcast_exact::<DictObject>() {
        dict_text(still, dict, depth, out);
    } else if object.is_exact(types.set) || object.is_exact(types.frozenset) {
        let mut held = Vec::new();
        still.referents(object, &mut |item| held.push(item));
        let name = if object.is_exact(types.set) { "" } else { "frozenset" };
        out.push_str(name);
        items(still, held.len(), held.iter().copied(), ("{", "}"), depth, out);
    } else if let Some(function) = object.downcast_exact::<FunctionObject>() {
        out.push_str(&format!("<function {}>", peek_text(function.qualname.peek())));
    } else if object.is_instance(types.type_) {
        match as_class(object) {
            Some(class) => out.push_str(&format!("<class '{}'>", class.name_text())),
            None => out.push_str("<class>"),
        }
    } else if let Some(module) = object.downcast_exact::<ModuleObject>() {
        let name = module.dict.peek().and_then(|dict| entry(still, dict, "__name__"));
        let name =
            name.and_then(|n| n.downcast::<StrObject>()).map(StrObject::to_string_lossy).unwrap_or_default();
        out.push_str(&format!("<module '{name}'>"));
    } else if object.ty().has_flag(TypeFlags::BASE_EXC_SUBCLASS)
        && object.is_instance(exceptions().base_exception)
    {
        exception(still, object, depth, out);
    } else if let Some(cell) = object.downcast_exact::<crate::objects::cell::CellObject>() {
        match cell.contents.peek() {
            Some(held) if depth > 0 => {
                out.push_str("cell of ");
                write(still, held, depth - 1, out);
            }
            Some(_) => out.push_str("cell"),
            None => out.push_str("empty cell"),
        }
    } else {
        out.push_str(&format!("<{}>", object.ty().name_text()));
        derived(still, object, depth, out);
    }
}

/// Of an instance of a class derived from a simple built-in one, the value too.
fn derived(still: Still<'_>, object: &Object, depth: usize, out: &mut String) {
    if let Some(int) = object.downcast::<IntObject>() {
        out.push_str(&format!(" {}", int.to_bigint()));
    } else if let Some(text) = object.downcast::<StrObject>() {
        out.push(' ');
        quoted(text, out);
    } else if let Some(list) = object.downcast::<ListObject>() {
        out.push(' ');
        items(still, list.len(), list.peek_slice().iter().map(|r| &**r), ("[", "]"), depth, out);
    } else if let Some(tuple) = object.downcast::<TupleObject>() {
        out.push(' ');
        items(still, tuple.len(), tuple.as_slice().iter().map(|r| &**r), ("(", ")"), depth, out);
    } else if let Some(dict) = object.downcast::<DictObject>() {
        out.push(' ');
        dict_text(still, dict, depth, out);
    }
}

fn items<'a>(
    still: Still<'_>,
    len: usize,
    held: impl Iterator<Item = &'a Object>,
    (open, close): (&str, &str),
    depth: usize,
    out: &mut String,
) {
    if depth == 0 && len > 0 {
        out.push_str(&format!("{open}…{}", close.trim_start_matches(',')));
        return;
    }
    out.push_str(open);
    for (i, item) in held.take(ITEMS).enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write(still, item, depth - 1, out);
    }
    if len > ITEMS {
        out.push_str(&format!(", … {} in all", len));
    }
    out.push_str(close);
}

fn dict_text(still: Still<'_>, dict: &DictObject, depth: usize, out: &mut String) {
    if depth == 0 && !dict.is_empty() {
        out.push_str("{…}");
        return;
    }
    out.push('{');
    let mut shown = 0;
    dict.for_each_entry(&mut |key, value| {
        if shown < ITEMS {
            if shown > 0 {
                out.push_str(", ");
            }
            write(still, key, depth - 1, out);
            out.push_str(": ");
            write(still, value, depth - 1, out);
        }
        shown += 1;
    });
    if shown > ITEMS {
        out.push_str(&format!(", … {shown} in all"));
    }
    out.push('}');
}

fn exception(still: Still<'_>, object: &Object, depth: usize, out: &mut String) {
    out.push_str(&object.ty().name_text());
    out.push('(');
    if let Some(args) =
        object.downcast::<crate::objects::exceptions::ExceptionObject>().and_then(|e| e.args.peek())
    {
        for (i, item) in args.as_slice().iter().take(ITEMS).enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            write(still, item, depth.saturating_sub(1), out);
        }
    }
    out.push(')');
}

/// The value of a text key, found by comparing texts.
pub fn entry<'h>(still: Still<'h>, dict: &DictObject, name: &str) -> Option<&'h Object> {
    let mut found = None;
    dict.for_each_entry(&mut |key, value| {
        if key.downcast::<StrObject>().is_some_and(|key| key.eq_str(name)) {
            found = Some(still.keep(value));
        }
    });
    found
}

/// A text that may be missing.
pub fn peek_text(text: Option<&StrObject>) -> String {
    text.map(StrObject::to_string_lossy).unwrap_or_default()
}

fn quoted(text: &StrObject, out: &mut String) {
    let mut shown = String::new();
    let mut cut = false;
    for (i, point) in text.code_points().enumerate() {
        if i == TEXT {
            cut = true;
            break;
        }
        match char::from_u32(point) {
            Some('\'') => shown.push_str("\\'"),
            Some('\\') => shown.push_str("\\\\"),
            Some('\n') => shown.push_str("\\n"),
            Some('\r') => shown.push_str("\\r"),
            Some('\t') => shown.push_str("\\t"),
            Some(c) if c.is_control() => shown.push_str(&format!("\\x{point:02x}")),
            Some(c) => shown.push(c),
            None => shown.push_str(&format!("\\u{point:04x}")),
        }
    }
    out.push_str(&format!("'{shown}{}'", if cut { "…" } else { "" }));
}

fn bytes_text(bytes: &[u8], out: &mut String) {
    out.push_str("b'");
    for byte in bytes.iter().take(TEXT) {
        match byte {
            b'\'' => out.push_str("\\'"),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x20..=0x7e => out.push(char::from(*byte)),
            other => out.push_str(&format!("\\x{other:02x}")),
        }
    }
    out.push_str(if bytes.len() > TEXT { "…'" } else { "'" });
}

/// A float as Python writes it: shortest digits that give it back.
pub fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(rest) => ('-', rest),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    let text = value.to_string();
    if text.contains('.') { text } else { text + ".0" }
}
