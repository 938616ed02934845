//! Assignment: unpacking, augmented, annotated.

use super::super::ast::*;
use super::{Codegen, Res, UnitKind};
use crate::code::classic;
use crate::code::opcode::Opcode::*;

/// `BINARY_OP` argument of an augmented assignment.
fn inplace_arg(op: Operator) -> u32 {
    13 + match op {
        Operator::Add => 0,
        Operator::BitAnd => 1,
        Operator::FloorDiv => 2,
        Operator::LShift => 3,
        Operator::MatMult => 4,
        Operator::Mult => 5,
        Operator::Mod => 6,
        Operator::BitOr => 7,
        Operator::Pow => 8,
        Operator::RShift => 9,
        Operator::Sub => 10,
        Operator::Div | Operator::ClassicDiv => 11,
        Operator::BitXor => 12,
    }
}

impl<'a> Codegen<'a> {
    /// Stores into a list or tuple of targets.
    pub(super) fn unpack(&mut self, elts: &'a [Expr]) -> Res {
        let count = elts.len();
        let mut starred = false;
        for (at, elt) in elts.iter().enumerate() {
            if !elt.is_starred() {
                continue;
            }
            if starred {
                return self.error("multiple starred expressions in assignment");
            }
            if at >= 1 << 8 || count - at > 1 << 23 {
                return self.error("too many expressions in star-unpacking assignment");
            }
            self.op_arg(UNPACK_EX, (at + ((count - at - 1) << 8)) as u32);
            starred = true;
        }
        if !starred {
            self.op_arg(UNPACK_SEQUENCE, count as u32);
        }
        elts.iter().try_for_each(|elt| match &elt.kind {
            ExprKind::Starred { value, .. } => self.expr(value),
            _ => self.expr(elt),
        })
    }

    pub(super) fn aug_assign(
        &mut self,
        loc: Location,
        target: &'a Expr,
        op: Operator,
        value: &'a Expr,
    ) -> Res {
        self.set_loc(target.loc);
        match &target.kind {
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value)?;
                self.op_arg(COPY, 1);
                self.start_at_attribute(target, attr);
                self.op_name(LOAD_ATTR, attr);
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)?;
                self.op_arg(COPY, 2);
                self.op_arg(COPY, 2);
                self.op(BINARY_SUBSCR);
            }
            ExprKind::Name { id, .. } => self.name_op(id, Ctx::Load)?,
            _ => return self.error("illegal expression for augmented assignment"),
        }
        self.set_loc(loc);
        self.expr(value)?;
        match op {
            Operator::ClassicDiv => self.op_arg(CLASSIC, classic::INPLACE_DIVIDE),
            op => self.op_arg(BINARY_OP, inplace_arg(op)),
        }
        self.set_loc(target.loc);
        match &target.kind {
            ExprKind::Attribute { attr, .. } => {
                self.start_at_attribute(target, attr);
                self.op_arg(SWAP, 2);
                self.forbidden(attr, Ctx::Store)?;
                self.op_name(STORE_ATTR, attr);
            }
            ExprKind::Subscript { .. } => {
                self.op_arg(SWAP, 3);
                self.op_arg(SWAP, 2);
                self.op(STORE_SUBSCR);
            }
            ExprKind::Name { id, .. } => self.name_op(id, Ctx::Store)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn ann_assign(
        &mut self,
        target: &'a Expr,
        annotation: &'a Expr,
        value: Option<&'a Expr>,
        simple: bool,
    ) -> Res {
        if let Some(value) = value {
            self.expr(value)?;
            self.expr(target)?;
        }
        let evaluates = matches!(self.unit_ref().kind, UnitKind::Module | UnitKind::Class);
        match &target.kind {
            ExprKind::Name { id, .. } => {
                self.forbidden(id, Ctx::Store)?;
                if simple && evaluates {
                    self.annotation(annotation)?;
                    let name = self.name_arg(&Identifier::from("__annotations__"));
                    self.op_arg(LOAD_NAME, name);
                    let mangled = self.mangle(id);
                    self.load_text(&mangled);
                    self.op(STORE_SUBSCR);
                }
            }
            ExprKind::Attribute { value: object, attr, .. } => {
                self.forbidden(attr, Ctx::Store)?;
                if value.is_none() {
                    self.evaluate_and_drop(object)?;
                }
            }
            ExprKind::Subscript { value: object, slice, .. } => {
                if value.is_none() {
                    self.evaluate_and_drop(object)?;
                    self.check_annotated_subscript(slice)?;
                }
            }
            _ => return self.error("illegal target for annotation"),
        }
        if !simple && !self.future_annotations() && evaluates {
            self.evaluate_and_drop(annotation)?;
        }
        Ok(())
    }

    fn evaluate_and_drop(&mut self, expr: &'a Expr) -> Res {
        self.expr(expr)?;
        self.op(POP_TOP);
        Ok(())
    }

    fn check_annotated_subscript(&mut self, slice: &'a Expr) -> Res {
        match &slice.kind {
            ExprKind::Slice { lower, upper, step } => {
                [lower, upper, step].into_iter().flatten().try_for_each(|bound| self.evaluate_and_drop(bound))
            }
            ExprKind::Tuple { elts, .. } => {
                elts.iter().try_for_each(|elt| self.check_annotated_subscript(elt))
            }
            _ => self.evaluate_and_drop(slice),
        }
    }
}
