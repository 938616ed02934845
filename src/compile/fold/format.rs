//! `'…' % (a, b)` as an f-string: the format is read once, here, instead of at every run.

use crate::code::object::{Const, Text};
use crate::compile::ast::*;

/// Widths and precisions with this many digits are left to the run.
const MAX_DIGITS: usize = 3;

/// The parts of the f-string that formats `elts` as `format % elts` does. `None` if the format asks
/// for more than `%s`, `%r` and `%a`, or for another number of values.
pub fn joined(format: &Text, elts: &mut Vec<Expr>) -> Option<Vec<Expr>> {
    let points: Vec<u32> = format.code_points().collect();
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let text = literal(&points, &mut at);
        if at >= points.len() {
            fields.push((text, None));
            break;
        }
        fields.push((text, Some(field(&points, &mut at)?)));
    }
    if fields.len() != elts.len() + 1 {
        return None;
    }
    let mut parts = Vec::new();
    let mut values = std::mem::take(elts).into_iter();
    for (text, field) in fields {
        if !text.is_empty() {
            let value = Const::Str(Text::from_code_points(text));
            // The reference gives these no place.
            parts.push(Expr::new(Location::NONE, ExprKind::Constant { value, unicode: false }));
        }
        if let (Some((conversion, spec)), Some(value)) = (field, values.next()) {
            let loc = value.loc;
            let format_spec = spec.map(|spec| {
                let value = Const::Str(Text::from(spec));
                Box::new(Expr::new(Location::NONE, ExprKind::Constant { value, unicode: false }))
            });
            let value = Box::new(value);
            parts.push(Expr::new(loc, ExprKind::FormattedValue { value, conversion, format_spec }));
        }
    }
    Some(parts)
}

/// The text up to the next field, `%%` read as `%`.
fn literal(points: &[u32], at: &mut usize) -> Vec<u32> {
    let mut out = Vec::new();
    while let Some(&point) = points.get(*at) {
        if point == u32::from('%') {
            if points.get(*at + 1) != Some(&point) {
                break;
            }
            *at += 1;
        }
        out.push(point);
        *at += 1;
    }
    out
}

/// One field: its conversion, and its format specification if it has a width or a precision.
fn field(points: &[u32], at: &mut usize) -> Option<(u8, Option<String>)> {
    let mut next = || {
        *at += 1;
        points.get(*at).map(|&point| char::from_u32(point).unwrap_or('\0'))
    };
    let mut left = false;
    let mut ch = next()?;
    while matches!(ch, '-' | '+' | ' ' | '#' | '0') {
        left |= ch == '-';
        ch = next()?;
    }
    let width = number(&mut ch, &mut next)?;
    let mut precision = None;
    if ch == '.' {
        ch = next()?;
        precision = Some(number(&mut ch, &mut next)?.unwrap_or(0));
    }
    *at += 1;
    if !matches!(ch, 's' | 'r' | 'a') {
        return None;
    }
    let spec = (width.is_some() || precision.is_some()).then(|| {
        let mut spec = String::new();
        if let Some(width) = width {
            if !left && width > 0 {
                spec.push('>');
            }
            spec.push_str(&width.to_string());
        }
        if let Some(precision) = precision {
            spec.push_str(&format!(".{precision}"));
        }
        spec
    });
    Some((ch as u8, spec))
}

/// Digits from `ch` on; `ch` becomes what follows them. `Some(None)`: there are none.
fn number(ch: &mut char, next: &mut impl FnMut() -> Option<char>) -> Option<Option<u32>> {
    let mut value = None;
    let mut digits = 0;
    while let Some(digit) = ch.to_digit(10) {
        value = Some(value.unwrap_or(0) * 10 + digit);
        *ch = next()?;
        digits += 1;
        if digits >= MAX_DIGITS {
            return None;
        }
    }
    Some(value)
}
