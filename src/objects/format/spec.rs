//! Format specifiers: `[[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision][type]`.

use crate::objects::str::unicode;
use crate::objects::{PyResult, Raised, StrObject};
use crate::vm::Ctx;

/// A parsed specifier with the type's defaults filled in.
pub struct Spec {
    pub fill: u32,
    /// `<`, `>`, `^` or `=`.
    pub align: char,
    /// Whether the alignment (or the fill by a leading zero) was written.
    pub align_given: bool,
    /// `+`, `-` or space.
    pub sign: Option<char>,
    pub no_negative_zero: bool,
    pub alternate: bool,
    pub width: Option<usize>,
    /// `,` or `_`.
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    /// The presentation type; 0 where none was given and the type has no default.
    pub kind: u32,
}

fn as_align(point: u32) -> Option<char> {
    char::from_u32(point).filter(|c| matches!(c, '<' | '>' | '^' | '='))
}

/// A decimal number at `at`, in any script; `None` where there is no digit.
pub fn number(cx: Ctx, points: &[u32], at: &mut usize) -> PyResult<Option<usize>> {
    let mut value: Option<usize> = None;
    while let Some(digit) = points.get(*at).and_then(|&point| unicode::decimal(point)) {
        let next = value.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(digit as usize));
        match next {
            Some(next) if next <= isize::MAX as usize => value = Some(next),
            _ => return Err(cx.value_error("Too many decimal digits in format string")),
        }
        *at += 1;
    }
    Ok(value)
}

impl Spec {
    /// Parses a specifier for a value of the type named `ty`. `kind` and `align` are the type's
    /// defaults (`'\0'` for no default type).
    pub fn parse(cx: Ctx, spec: &StrObject, ty: &str, kind: char, align: char) -> PyResult<Spec> {
        let points: Vec<u32> = spec.code_points().collect();
        let mut parsed = Spec {
            fill: ' '.into(),
            align,
            align_given: false,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: None,
            grouping: None,
            precision: None,
            kind: kind.into(),
        };
        let mut at = 0;
        let mut fill_given = false;
        if let Some(align) = points.get(1).copied().and_then(as_align) {
            parsed.fill = points[0];
            parsed.align = align;
            (fill_given, parsed.align_given, at) = (true, true, 2);
        } else if let Some(align) = points.first().copied().and_then(as_align) {
            parsed.align = align;
            (parsed.align_given, at) = (true, 1);
        }
        let is = |at: usize, c: char| points.get(at) == Some(&c.into());
        if let Some(sign) = [' ', '+', '-'].into_iter().find(|&sign| is(at, sign)) {
            parsed.sign = Some(sign);
            at += 1;
        }
        if is(at, 'z') {
            parsed.no_negative_zero = true;
            at += 1;
        }
        if is(at, '#') {
            parsed.alternate = true;
            at += 1;
        }
        if !fill_given && is(at, '0') {
            parsed.fill = '0'.into();
            if !parsed.align_given && align == '>' {
                parsed.align = '=';
            }
            at += 1;
        }
        parsed.width = number(cx, &points, &mut at)?;
        if is(at, ',') {
            parsed.grouping = Some(',');
            at += 1;
        }
        if is(at, '_') {
            if parsed.grouping.is_some() {
                return Err(cx.value_error("Cannot specify both ',' and '_'."));
            }
            parsed.grouping = Some('_');
            at += 1;
        }
        if is(at, ',') && parsed.grouping == Some('_') {
            return Err(cx.value_error("Cannot specify both ',' and '_'."));
        }
        if is(at, '.') {
            at += 1;
            parsed.precision = number(cx, &points, &mut at)?;
            if parsed.precision.is_none() {
                return Err(cx.value_error("Format specifier missing precision"));
            }
        }
        match points.len() - at {
            0 => {}
            1 => parsed.kind = points[at],
            _ => {
                return Err(cx.value_error(format_args!(
                    "Invalid format specifier '{}' for object of type '{ty}'",
                    spec.to_string_lossy()
                )));
            }
        }
        if let Some(grouping) = parsed.grouping {
            let fits = match char::from_u32(parsed.kind) {
                Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0') => true,
                Some('b' | 'o' | 'x' | 'X') => grouping == '_',
                _ => false,
            };
            if !fits {
                return Err(cx.value_error(format_args!(
                    "Cannot specify '{grouping}' with '{}'.",
                    shown(parsed.kind)
                )));
            }
        }
        Ok(parsed)
    }

    /// "Unknown format code 'd' for object of type 'str'".
    #[cold]
    pub fn unknown_kind(&self, cx: Ctx, ty: &str) -> Raised {
        cx.value_error(format_args!("Unknown format code '{}' for object of type '{ty}'", shown(self.kind)))
    }
}

/// A character in a message: itself if it is ASCII and visible, else its number.
fn shown(point: u32) -> String {
    match char::from_u32(point) {
        Some(c) if (33..128).contains(&point) => c.to_string(),
        _ => format!("\\x{point:x}"),
    }
}
