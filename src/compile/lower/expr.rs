//! Expressions other than strings.

use num_bigint::BigInt;
use num_traits::Num;
use ruff_python_ast as ruff;

use super::stmt::operator;
use super::{Lower, Result_, literal};
use crate::code::object::Const;
use crate::compile::ast::*;

impl Lower<'_> {
    pub(super) fn expr(&mut self, expr: &ruff::Expr) -> Result_<Expr> {
        self.enter()?;
        let loc = self.location(expr);
        let kind = match expr {
            ruff::Expr::BoolOp(node) => ExprKind::BoolOp {
                op: match node.op {
                    ruff::BoolOp::And => BoolOp::And,
                    ruff::BoolOp::Or => BoolOp::Or,
                },
                values: self.exprs_of(&node.values)?,
            },
            ruff::Expr::Named(node) => {
                ExprKind::NamedExpr { target: self.boxed(&node.target)?, value: self.boxed(&node.value)? }
            }
            ruff::Expr::BinOp(node) => ExprKind::BinOp {
                left: self.boxed(&node.left)?,
                op: operator(node.op),
                right: self.boxed(&node.right)?,
            },
            ruff::Expr::UnaryOp(node) => ExprKind::UnaryOp {
                op: match node.op {
                    ruff::UnaryOp::Invert => UnaryOp::Invert,
                    ruff::UnaryOp::Not => UnaryOp::Not,
                    ruff::UnaryOp::UAdd => UnaryOp::UAdd,
                    ruff::UnaryOp::USub => UnaryOp::USub,
                },
                operand: self.boxed(&node.operand)?,
            },
            ruff::Expr::Lambda(node) => {
                let args = match &node.parameters {
                    Some(parameters) => self.parameters(parameters)?,
                    None => Arguments::default(),
                };
                ExprKind::Lambda { id: self.fresh_id(), args: Box::new(args), body: self.boxed(&node.body)? }
            }
            ruff::Expr::If(node) => ExprKind::IfExp {
                test: self.boxed(&node.test)?,
                body: self.boxed(&node.body)?,
                orelse: self.boxed(&node.orelse)?,
            },
            ruff::Expr::Dict(node) => {
                let mut keys = Vec::with_capacity(node.items.len());
                let mut values = Vec::with_capacity(node.items.len());
                for item in &node.items {
                    keys.push(item.key.as_ref().map(|key| self.expr(key)).transpose()?);
                    values.push(self.expr(&item.value)?);
                }
                ExprKind::Dict { keys, values }
            }
            ruff::Expr::Set(node) => ExprKind::Set(self.exprs_of(&node.elts)?),
            ruff::Expr::ListComp(node) => self.comp(CompKind::List, &node.elt, None, &node.generators)?,
            ruff::Expr::SetComp(node) => self.comp(CompKind::Set, &node.elt, None, &node.generators)?,
            ruff::Expr::DictComp(node) => match &node.key {
                Some(key) => self.comp(CompKind::Dict, key, Some(&node.value), &node.generators)?,
                None => {
                    return Err(self
                        .parsed
                        .error_at(node, "dict unpacking cannot be used in dict comprehension"));
                }
            },
            ruff::Expr::Generator(node) => {
                self.comp(CompKind::Generator, &node.elt, None, &node.generators)?
            }
            ruff::Expr::Await(node) => ExprKind::Await(self.boxed(&node.value)?),
            ruff::Expr::Yield(node) => ExprKind::Yield(self.optional(node.value.as_deref())?),
            ruff::Expr::YieldFrom(node) => ExprKind::YieldFrom(self.boxed(&node.value)?),
            ruff::Expr::Compare(node) => ExprKind::Compare {
                left: self.boxed(&node.left)?,
                ops: node.ops.iter().copied().map(comparison).collect(),
                comparators: self.exprs_of(&node.comparators)?,
            },
            ruff::Expr::Call(node) => {
                let func = self.boxed(&node.func)?;
                let (args, keywords) = self.arguments(&node.arguments)?;
                ExprKind::Call { func, args, keywords }
            }
            ruff::Expr::FString(node) => self.joined_str(node, loc)?,
            ruff::Expr::StringLiteral(node) => self.string(node)?,
            ruff::Expr::BytesLiteral(node) => self.bytes(node)?,
            ruff::Expr::NumberLiteral(node) => constant(self.number(node)?),
            ruff::Expr::BooleanLiteral(node) => constant(if node.value { Const::True } else { Const::False }),
            ruff::Expr::NoneLiteral(_) => constant(Const::None),
            ruff::Expr::EllipsisLiteral(_) => constant(Const::Ellipsis),
            ruff::Expr::Attribute(node) => ExprKind::Attribute {
                value: self.boxed(&node.value)?,
                attr: self.identifier(&node.attr),
                ctx: context(node.ctx),
            },
            ruff::Expr::Subscript(node) => ExprKind::Subscript {
                value: self.boxed(&node.value)?,
                slice: self.boxed(&node.slice)?,
                ctx: context(node.ctx),
            },
            ruff::Expr::Starred(node) => {
                ExprKind::Starred { value: self.boxed(&node.value)?, ctx: context(node.ctx) }
            }
            ruff::Expr::Name(node) => {
                ExprKind::Name { id: self.intern(node.id.as_str()), ctx: context(node.ctx) }
            }
            ruff::Expr::List(node) => {
                ExprKind::List { elts: self.exprs_of(&node.elts)?, ctx: context(node.ctx) }
            }
            ruff::Expr::Tuple(node) => {
                ExprKind::Tuple { elts: self.exprs_of(&node.elts)?, ctx: context(node.ctx) }
            }
            ruff::Expr::Slice(node) => ExprKind::Slice {
                lower: self.optional(node.lower.as_deref())?,
                upper: self.optional(node.upper.as_deref())?,
                step: self.optional(node.step.as_deref())?,
            },
            ruff::Expr::TString(node) => return Err(self.parsed.error_at(node, "invalid syntax")),
            ruff::Expr::IpyEscapeCommand(node) => return Err(self.parsed.error_at(node, "invalid syntax")),
        };
        self.leave();
        Ok(Expr { loc, kind })
    }

    fn exprs_of(&mut self, exprs: &[ruff::Expr]) -> Result_<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn comp(
        &mut self,
        kind: CompKind,
        elt: &ruff::Expr,
        value: Option<&ruff::Expr>,
        generators: &[ruff::Comprehension],
    ) -> Result_<ExprKind> {
        let comp = Comp {
            id: self.fresh_id(),
            kind,
            elt: self.expr(elt)?,
            value: value.map(|value| self.expr(value)).transpose()?,
            generators: generators
                .iter()
                .map(|generator| {
                    Ok(Comprehension {
                        target: self.expr(&generator.target)?,
                        iter: self.expr(&generator.iter)?,
                        ifs: self.exprs_of(&generator.ifs)?,
                        is_async: generator.is_async,
                    })
                })
                .collect::<Result_<_>>()?,
        };
        Ok(ExprKind::Comp(Box::new(comp)))
    }

    /// A number from its digits in the source.
    fn number(&mut self, node: &ruff::ExprNumberLiteral) -> Result_<Const> {
        let text = self.parsed.text(node).replace('_', "");
        Ok(match &node.value {
            ruff::Number::Int(_) => {
                let (radix, digits) = match text.as_bytes() {
                    [b'0', b'x' | b'X', ..] => (16, &text[2..]),
                    [b'0', b'o' | b'O', ..] => (8, &text[2..]),
                    [b'0', b'b' | b'B', ..] => (2, &text[2..]),
                    _ => (10, &text[..]),
                };
                if radix == 10 && digits.len() > literal::MAX_INT_DIGITS {
                    return Err(self.parsed.error_at(
                        node,
                        format!(
                            "Exceeds the limit ({} digits) for integer string conversion: value has {} \
                             digits; use sys.set_int_max_str_digits() to increase the limit - Consider \
                             hexadecimal for huge integer literals to avoid decimal conversion limits.",
                            literal::MAX_INT_DIGITS,
                            digits.len()
                        ),
                    ));
                }
                match BigInt::from_str_radix(digits, radix) {
                    Ok(value) => Const::Int(value),
                    Err(_) => return Err(self.parsed.error_at(node, "invalid decimal literal")),
                }
            }
            ruff::Number::Float(value) => Const::Float(text.parse().unwrap_or(*value)),
            ruff::Number::Complex { imag, .. } => {
                let digits = text.trim_end_matches(['j', 'J']);
                Const::Complex { re: 0.0, im: digits.parse().unwrap_or(*imag) }
            }
        })
    }
}

/// A constant node.
pub(super) fn constant(value: Const) -> ExprKind {
    ExprKind::Constant { value, unicode: false }
}

fn context(ctx: ruff::ExprContext) -> Ctx {
    match ctx {
        ruff::ExprContext::Store => Ctx::Store,
        ruff::ExprContext::Del => Ctx::Del,
        ruff::ExprContext::Load | ruff::ExprContext::Invalid => Ctx::Load,
    }
}

fn comparison(op: ruff::CmpOp) -> CmpOp {
    match op {
        ruff::CmpOp::Eq => CmpOp::Eq,
        ruff::CmpOp::NotEq => CmpOp::NotEq,
        ruff::CmpOp::Lt => CmpOp::Lt,
        ruff::CmpOp::LtE => CmpOp::LtE,
        ruff::CmpOp::Gt => CmpOp::Gt,
        ruff::CmpOp::GtE => CmpOp::GtE,
        ruff::CmpOp::Is => CmpOp::Is,
        ruff::CmpOp::IsNot => CmpOp::IsNot,
        ruff::CmpOp::In => CmpOp::In,
        ruff::CmpOp::NotIn => CmpOp::NotIn,
    }
}
