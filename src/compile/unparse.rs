//! Expressions back to text, as `from __future__ import annotations` stores them.

use super::ast::*;
use crate::code::object::{Const, Text};
use crate::syntax::is_printable;

/// Binding strength, weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    fn next(self) -> Level {
        use Level::*;
        const ALL: [Level; 16] = [
            Tuple, Test, Or, And, Not, Compare, BitOr, BitXor, BitAnd, Shift, Arith, Term, Factor, Power,
            Await, Atom,
        ];
        ALL[(self as usize + 1).min(15)]
    }
}

/// The text of an expression in the reference's canonical form.
pub fn unparse(expr: &Expr) -> Text {
    let mut out = String::new();
    write(expr, Level::Test, &mut out);
    Text::from(out)
}

fn paren(out: &mut String, needed: bool, body: impl FnOnce(&mut String)) {
    if needed {
        out.push('(');
    }
    body(out);
    if needed {
        out.push(')');
    }
}

fn list(items: &[Expr], out: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(item, Level::Test, out);
    }
}

fn operator(op: Operator) -> (&'static str, Level) {
    match op {
        Operator::Add => (" + ", Level::Arith),
        Operator::Sub => (" - ", Level::Arith),
        Operator::Mult => (" * ", Level::Term),
        Operator::MatMult => (" @ ", Level::Term),
        Operator::Div | Operator::ClassicDiv => (" / ", Level::Term),
        Operator::Mod => (" % ", Level::Term),
        Operator::LShift => (" << ", Level::Shift),
        Operator::RShift => (" >> ", Level::Shift),
        Operator::BitOr => (" | ", Level::BitOr),
        Operator::BitXor => (" ^ ", Level::BitXor),
        Operator::BitAnd => (" & ", Level::BitAnd),
        Operator::FloorDiv => (" // ", Level::Term),
        Operator::Pow => (" ** ", Level::Power),
    }
}

fn write(expr: &Expr, level: Level, out: &mut String) {
    match &expr.kind {
        ExprKind::Repr(value) => {
            out.push_str("repr(");
            write(value, Level::Test, out);
            out.push(')');
        }
        ExprKind::BoolOp { op, values } => {
            let (word, own) = if *op == BoolOp::And { (" and ", Level::And) } else { (" or ", Level::Or) };
            paren(out, level > own, |out| {
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        out.push_str(word);
                    }
                    write(value, own.next(), out);
                }
            });
        }
        ExprKind::NamedExpr { target, value } => paren(out, level > Level::Tuple, |out| {
            write(target, Level::Atom, out);
            out.push_str(" := ");
            write(value, Level::Atom, out);
        }),
        ExprKind::BinOp { left, op, right } => {
            let (word, own) = operator(*op);
            let right_first = *op == Operator::Pow;
            paren(out, level > own, |out| {
                write(left, if right_first { own.next() } else { own }, out);
                out.push_str(word);
                write(right, if right_first { own } else { own.next() }, out);
            });
        }
        ExprKind::UnaryOp { op, operand } => {
            let (word, own) = match op {
                UnaryOp::Invert => ("~", Level::Factor),
                UnaryOp::Not => ("not ", Level::Not),
                UnaryOp::UAdd => ("+", Level::Factor),
                UnaryOp::USub => ("-", Level::Factor),
            };
            paren(out, level > own, |out| {
                out.push_str(word);
                write(operand, own, out);
            });
        }
        ExprKind::Lambda { args, body, .. } => paren(out, level > Level::Test, |out| {
            out.push_str("lambda");
            let mut text = String::new();
            arguments(args, &mut text);
            // A blank only where a positional parameter comes first.
            if !args.posonlyargs.is_empty() || !args.args.is_empty() {
                out.push(' ');
            }
            out.push_str(&text);
            out.push_str(": ");
            write(body, Level::Test, out);
        }),
        ExprKind::IfExp { test, body, orelse } => paren(out, level > Level::Test, |out| {
            write(body, Level::Test.next(), out);
            out.push_str(" if ");
            write(test, Level::Test.next(), out);
            out.push_str(" else ");
            write(orelse, Level::Test, out);
        }),
        ExprKind::Dict { keys, values } => {
            out.push('{');
            for (at, (key, value)) in keys.iter().zip(values).enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                match key {
                    Some(key) => {
                        write(key, Level::Test, out);
                        out.push_str(": ");
                        write(value, Level::Test, out);
                    }
                    None => {
                        out.push_str("**");
                        write(value, Level::BitOr, out);
                    }
                }
            }
            out.push('}');
        }
        ExprKind::Set(elts) => {
            out.push('{');
            list(elts, out);
            out.push('}');
        }
        ExprKind::Comp(comp) => comprehension(comp, out),
        ExprKind::Await(value) => paren(out, level > Level::Await, |out| {
            out.push_str("await ");
            write(value, Level::Atom, out);
        }),
        ExprKind::Yield(value) => {
            out.push_str("(yield");
            if let Some(value) = value {
                out.push(' ');
                write(value, Level::Test, out);
            }
            out.push(')');
        }
        ExprKind::YieldFrom(value) => {
            out.push_str("(yield from ");
            write(value, Level::Test, out);
            out.push(')');
        }
        ExprKind::Compare { left, ops, comparators } => paren(out, level > Level::Compare, |out| {
            write(left, Level::Compare.next(), out);
            for (op, right) in ops.iter().zip(comparators) {
                out.push_str(match op {
                    CmpOp::Eq => " == ",
                    CmpOp::NotEq => " != ",
                    CmpOp::Lt => " < ",
                    CmpOp::LtE => " <= ",
                    CmpOp::Gt => " > ",
                    CmpOp::GtE => " >= ",
                    CmpOp::Is => " is ",
                    CmpOp::IsNot => " is not ",
                    CmpOp::In => " in ",
                    CmpOp::NotIn => " not in ",
                });
                write(right, Level::Compare.next(), out);
            }
        }),
        ExprKind::Call { func, args, keywords } => {
            write(func, Level::Atom, out);
            // A lone generator expression brings its own parentheses.
            if let ([Expr { kind: ExprKind::Comp(comp), .. }], []) = (args.as_slice(), keywords.as_slice())
                && comp.kind == CompKind::Generator
            {
                comprehension(comp, out);
                return;
            }
            out.push('(');
            list(args, out);
            for (at, keyword) in keywords.iter().enumerate() {
                if at > 0 || !args.is_empty() {
                    out.push_str(", ");
                }
                match &keyword.arg {
                    Some(name) => {
                        out.push_str(name);
                        out.push('=');
                    }
                    None => out.push_str("**"),
                }
                write(&keyword.value, Level::Test, out);
            }
            out.push(')');
        }
        ExprKind::FormattedValue { .. } | ExprKind::JoinedStr(_) => {
            let mut body = String::new();
            format_part(expr, &mut body);
            out.push('f');
            out.push_str(&quote(body.chars().map(u32::from).collect()));
        }
        ExprKind::Constant { value, unicode } => {
            if *unicode {
                out.push('u');
            }
            constant(value, out);
        }
        ExprKind::Attribute { value, attr, .. } => {
            write(value, Level::Atom, out);
            // `1.real` would be a float.
            if matches!(value.as_constant(), Some(Const::Int(_))) {
                out.push(' ');
            }
            out.push('.');
            out.push_str(attr);
        }
        ExprKind::Subscript { value, slice, .. } => {
            write(value, Level::Atom, out);
            out.push('[');
            write(slice, Level::Tuple, out);
            out.push(']');
        }
        ExprKind::Starred { value, .. } => {
            out.push('*');
            write(value, Level::BitOr, out);
        }
        ExprKind::Name { id, .. } => out.push_str(id),
        ExprKind::List { elts, .. } => {
            out.push('[');
            list(elts, out);
            out.push(']');
        }
        ExprKind::Tuple { elts, .. } => {
            if elts.is_empty() {
                out.push_str("()");
                return;
            }
            paren(out, level > Level::Tuple, |out| {
                list(elts, out);
                if elts.len() == 1 {
                    out.push(',');
                }
            });
        }
        ExprKind::Slice { lower, upper, step } => {
            if let Some(lower) = lower {
                write(lower, Level::Test, out);
            }
            out.push(':');
            if let Some(upper) = upper {
                write(upper, Level::Test, out);
            }
            if let Some(step) = step {
                out.push(':');
                write(step, Level::Test, out);
            }
        }
    }
}

fn arguments(args: &Arguments, out: &mut String) {
    let mut parts: Vec<String> = Vec::new();
    let positional: Vec<&Arg> = args.posonlyargs.iter().chain(&args.args).collect();
    let first_default = positional.len() - args.defaults.len().min(positional.len());
    for (at, arg) in positional.iter().enumerate() {
        let mut part = arg.name.to_string();
        if at >= first_default {
            part.push('=');
            write(&args.defaults[at - first_default], Level::Test, &mut part);
        }
        parts.push(part);
        if at + 1 == args.posonlyargs.len() {
            parts.push("/".to_string());
        }
    }
    match &args.vararg {
        Some(arg) => parts.push(format!("*{}", arg.name)),
        None if !args.kwonlyargs.is_empty() => parts.push("*".to_string()),
        None => {}
    }
    for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
        let mut part = arg.name.to_string();
        if let Some(default) = default {
            part.push('=');
            write(default, Level::Test, &mut part);
        }
        parts.push(part);
    }
    if let Some(arg) = &args.kwarg {
        parts.push(format!("**{}", arg.name));
    }
    out.push_str(&parts.join(", "));
}

fn comprehension(comp: &Comp, out: &mut String) {
    let (open, close) = match comp.kind {
        CompKind::Generator => ('(', ')'),
        CompKind::List | CompKind::Leaky => ('[', ']'),
        CompKind::Set | CompKind::Dict => ('{', '}'),
    };
    out.push(open);
    write(&comp.elt, Level::Test, out);
    if let Some(value) = &comp.value {
        out.push_str(": ");
        write(value, Level::Test, out);
    }
    for part in &comp.generators {
        out.push_str(if part.is_async { " async for " } else { " for " });
        write(&part.target, Level::Tuple, out);
        out.push_str(" in ");
        write(&part.iter, Level::Test.next(), out);
        for test in &part.ifs {
            out.push_str(" if ");
            write(test, Level::Test.next(), out);
        }
    }
    out.push(close);
}

/// The inside of an f-string literal.
fn format_part(expr: &Expr, out: &mut String) {
    match &expr.kind {
        ExprKind::JoinedStr(values) => values.iter().for_each(|value| format_part(value, out)),
        ExprKind::Constant { value: Const::Str(text), .. } => {
            out.push_str(&text.to_string().replace('{', "{{").replace('}', "}}"));
        }
        ExprKind::FormattedValue { value, conversion, format_spec } => {
            let mut inner = String::new();
            write(value, Level::Test.next(), &mut inner);
            out.push('{');
            if inner.starts_with('{') {
                out.push(' ');
            }
            out.push_str(&inner);
            if *conversion != 0 {
                out.push('!');
                out.push(*conversion as char);
            }
            if let Some(spec) = format_spec {
                out.push(':');
                format_part(spec, out);
            }
            out.push('}');
        }
        _ => write(expr, Level::Test, out),
    }
}

/// A string literal as `repr` writes it.
fn quote(points: Vec<u32>) -> String {
    let holds = |quote: char| points.contains(&u32::from(quote));
    let quote = if holds('\'') && !holds('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for point in points {
        let Some(c) = char::from_u32(point) else {
            out.push_str(&format!("\\u{point:04x}"));
            continue;
        };
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push_str(&format!("\\x{point:02x}")),
            c if !c.is_ascii() && !is_printable(c) => out.push_str(&match point {
                0..=0xff => format!("\\x{point:02x}"),
                0x100..=0xffff => format!("\\u{point:04x}"),
                _ => format!("\\U{point:08x}"),
            }),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "1e309".to_string() } else { "-1e309".to_string() };
    }
    // The shortest digits that read back as the same number, laid out as Python does.
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        if plain.contains('.') { plain } else { format!("{plain}.0") }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    }
}

fn constant(value: &Const, out: &mut String) {
    match value {
        Const::None => out.push_str("None"),
        Const::True => out.push_str("True"),
        Const::False => out.push_str("False"),
        Const::Ellipsis => out.push_str("..."),
        Const::Int(value) | Const::Long(value) => out.push_str(&value.to_string()),
        Const::Float(value) => out.push_str(&float_text(*value)),
        Const::Complex { re, im } => {
            let part = |value: f64| {
                let text = float_text(value);
                text.strip_suffix(".0").unwrap_or(&text).to_string()
            };
            if *re == 0.0 && re.is_sign_positive() {
                out.push_str(&format!("{}j", part(*im)));
            } else {
                let sign = if im.is_sign_negative() { "" } else { "+" };
                out.push_str(&format!("({}{sign}{}j)", part(*re), part(*im)));
            }
        }
        Const::Str(text) | Const::Unicode(text) => out.push_str(&quote(text.code_points().collect())),
        Const::Bytes(bytes) => {
            let mut text = String::new();
            for byte in bytes.iter() {
                match byte {
                    b'\\' => text.push_str("\\\\"),
                    b'\n' => text.push_str("\\n"),
                    b'\r' => text.push_str("\\r"),
                    b'\t' => text.push_str("\\t"),
                    0x20..=0x7e => text.push(*byte as char),
                    _ => text.push_str(&format!("\\x{byte:02x}")),
                }
            }
            let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
            out.push('b');
            out.push(quote);
            out.push_str(&if quote == '\'' { text.replace('\'', "\\'") } else { text });
            out.push(quote);
        }
        Const::Tuple(values) => {
            out.push('(');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                constant(value, out);
            }
            if values.len() == 1 {
                out.push(',');
            }
            out.push(')');
        }
        Const::FrozenSet(values) => {
            out.push_str("frozenset({");
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                constant(value, out);
            }
            out.push_str("})");
        }
        Const::Code(_) => out.push_str("<code>"),
    }
}
