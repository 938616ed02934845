//! Turning an expression that has been read into something to assign to or delete.

use super::{Parser, Res};
use crate::compile::ast::*;

impl Parser<'_> {
    /// Marks a target. `Ctx::Store` or `Ctx::Del`.
    pub(super) fn target(&self, mut expr: Expr, ctx: Ctx) -> Res<Expr> {
        self.mark(&mut expr, ctx)?;
        Ok(expr)
    }

    fn mark(&self, expr: &mut Expr, wanted: Ctx) -> Res<()> {
        let loc = expr.loc;
        let what = match &mut expr.kind {
            ExprKind::Name { id, ctx } => {
                if &**id == "None" {
                    return Err(self.error_at(loc, "cannot assign to None"));
                }
                *ctx = wanted;
                return Ok(());
            }
            ExprKind::Attribute { attr, ctx, .. } => {
                if &**attr == "None" && wanted == Ctx::Store {
                    return Err(self.error_at(loc, "cannot assign to None"));
                }
                *ctx = wanted;
                return Ok(());
            }
            ExprKind::Subscript { ctx, .. } => {
                *ctx = wanted;
                return Ok(());
            }
            ExprKind::List { elts, ctx } => {
                *ctx = wanted;
                return elts.iter_mut().try_for_each(|elt| self.mark(elt, wanted));
            }
            ExprKind::Tuple { elts, ctx } => {
                if elts.is_empty() {
                    "()"
                } else {
                    *ctx = wanted;
                    return elts.iter_mut().try_for_each(|elt| self.mark(elt, wanted));
                }
            }
            ExprKind::Lambda { .. } => "lambda",
            ExprKind::Call { .. } => "function call",
            ExprKind::BoolOp { .. } | ExprKind::BinOp { .. } | ExprKind::UnaryOp { .. } => "operator",
            ExprKind::Comp(comp) => match comp.kind {
                CompKind::Generator => "generator expression",
                CompKind::List | CompKind::Leaky => "list comprehension",
                CompKind::Set => "set comprehension",
                CompKind::Dict => "dict comprehension",
            },
            ExprKind::Yield(_) => "yield expression",
            ExprKind::Compare { .. } => "comparison",
            ExprKind::Repr(_) => "repr",
            ExprKind::IfExp { .. } => "conditional expression",
            ExprKind::Constant { value: crate::code::object::Const::None, .. } => {
                return Err(self.error_at(loc, "cannot assign to None"));
            }
            _ => "literal",
        };
        let verb = if wanted == Ctx::Store { "assign to" } else { "delete" };
        Err(self.error_at(loc, &format!("can't {verb} {what}")))
    }

    /// Checks the target of an augmented assignment.
    pub(super) fn augmented_target(&self, expr: Expr) -> Res<Expr> {
        match &expr.kind {
            ExprKind::Name { .. } | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {
                self.target(expr, Ctx::Store)
            }
            ExprKind::Comp(comp) if comp.kind == CompKind::Generator => {
                Err(self.error_at(expr.loc, "augmented assignment to generator expression not possible"))
            }
            ExprKind::Yield(_) => {
                Err(self.error_at(expr.loc, "augmented assignment to yield expression not possible"))
            }
            ExprKind::List { .. } | ExprKind::Tuple { .. } => {
                Err(self.error_at(expr.loc, "illegal expression for augmented assignment"))
            }
            _ => self.target(expr, Ctx::Store),
        }
    }
}
