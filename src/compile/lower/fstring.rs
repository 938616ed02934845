//! f-strings, as `JoinedStr` and `FormattedValue`.
//!
//! In 3.11 every part of an f-string but the expressions inside the braces has the place of the
//! whole literal (all of a concatenation).

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::literal::Decoded;
use super::{Lower, Result_};
use crate::code::object::Const;
use crate::compile::ast::*;

/// The values of a `JoinedStr` under construction; literal text next to each other is one value.
struct Parts {
    loc: Location,
    text: Decoded,
    unicode: bool,
    values: Vec<Expr>,
}

impl Parts {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let value = Const::Str(std::mem::take(&mut self.text).finish());
            self.values.push(Expr::new(self.loc, ExprKind::Constant { value, unicode: self.unicode }));
        }
    }
}

impl Lower<'_> {
    /// An f-string, or a concatenation in which one takes part.
    pub(super) fn joined_str(&mut self, node: &ruff::ExprFString, loc: Location) -> Result_<ExprKind> {
        let unicode = match node.value.iter().next() {
            Some(ruff::FStringPart::Literal(part)) => self.parsed.text(part).starts_with('u'),
            _ => false,
        };
        let mut parts = Parts { loc, text: Decoded::default(), unicode, values: Vec::new() };
        for part in node.value.iter() {
            match part {
                ruff::FStringPart::Literal(literal) => self.string_part(literal, &mut parts.text),
                ruff::FStringPart::FString(fstring) => {
                    let text = self.parsed.text(fstring);
                    let prefix = &text[..text.find(['"', '\'']).unwrap_or(0)];
                    let raw = prefix.contains(['r', 'R']);
                    let own = self.location(fstring);
                    self.fstring_elements(&fstring.elements, raw, own, &mut parts)?;
                }
            }
        }
        parts.flush();
        Ok(ExprKind::JoinedStr(parts.values))
    }

    fn fstring_elements(
        &mut self,
        elements: &[ruff::InterpolatedStringElement],
        raw: bool,
        own: Location,
        parts: &mut Parts,
    ) -> Result_<()> {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => {
                    self.fstring_piece(literal, raw, &mut parts.text);
                }
                ruff::InterpolatedStringElement::Interpolation(field) => {
                    self.field(field, raw, own, parts)?
                }
            }
        }
        Ok(())
    }

    /// `{value!conversion:format_spec}`, with `=` its own text before it.
    fn field(
        &mut self,
        field: &ruff::InterpolatedElement,
        raw: bool,
        own: Location,
        parts: &mut Parts,
    ) -> Result_<()> {
        let mut conversion = field.conversion.to_byte().unwrap_or(0);
        if field.debug_text.is_some() {
            // Everything from the brace to what ends the expression, white space included.
            let start = field.start().to_usize() + 1;
            let after = self.debug_text_end(field);
            let text = self.source.get(start..after).unwrap_or("").to_string();
            parts.text.push_str(&text);
            if conversion == 0 && field.format_spec.is_none() {
                conversion = b'r';
            }
        }
        parts.flush();
        let mut value = Box::new(self.expr(&field.expression)?);
        if let ruff::Expr::Tuple(tuple) = &*field.expression
            && !tuple.parenthesized
        {
            // The braces, or what stands in their place, count as the parentheses of a bare tuple.
            let end = self.skip_trivia(tuple.end()) + TextSize::from(1);
            value.loc = self.range_location(TextRange::new(field.start(), end));
        }
        let format_spec = match &field.format_spec {
            None => None,
            Some(spec) => {
                let loc = parts.loc;
                let mut inner = Parts { loc, text: Decoded::default(), unicode: false, values: Vec::new() };
                self.fstring_elements(&spec.elements, raw, own, &mut inner)?;
                // What ends a specification, and the whole of it, stand where their own literal does.
                inner.loc = own;
                inner.flush();
                Some(Box::new(Expr::new(own, ExprKind::JoinedStr(inner.values))))
            }
        };
        let kind = ExprKind::FormattedValue { value, conversion, format_spec };
        parts.values.push(Expr::new(parts.loc, kind));
        Ok(())
    }

    /// Where the text of `{value = }` ends: after the `=` and the white space that follows it.
    fn debug_text_end(&self, field: &ruff::InterpolatedElement) -> usize {
        let bytes = self.source.as_bytes();
        let mut at = field.expression.end().to_usize();
        // Parentheses around the expression and white space may come before the sign.
        while bytes.get(at).is_some_and(|&byte| byte != b'=') && at < field.end().to_usize() {
            at += 1;
        }
        at += 1;
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
            at += 1;
        }
        at
    }
}
