//! Conditions and loops.

use super::super::ast::*;
use super::{Codegen, FrameBlock, Res};
use crate::code::object::Const;
use crate::code::opcode::Opcode::*;
use crate::compile::flow::BlockId;

impl<'a> Codegen<'a> {
    pub(super) fn if_(&mut self, test: &'a Expr, body: &'a [Stmt], orelse: &'a [Stmt]) -> Res {
        let end = self.new_block();
        let next = if orelse.is_empty() { end } else { self.new_block() };
        self.jump_if(test, next, false)?;
        self.stmts(body)?;
        if !orelse.is_empty() {
            self.jump_no_line(JUMP, end);
            self.use_block(next);
            self.stmts(orelse)?;
        }
        self.use_block(end);
        Ok(())
    }

    pub(super) fn for_(
        &mut self,
        target: &'a Expr,
        iter: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
    ) -> Res {
        let start = self.new_block();
        let inner = self.new_block();
        let cleanup = self.new_block();
        let end = self.new_block();
        self.push_block(FrameBlock::For { start, exit: end })?;
        self.expr(iter)?;
        self.op(GET_ITER);
        self.use_block(start);
        self.jump(FOR_ITER, cleanup);
        self.use_block(inner);
        self.expr(target)?;
        self.stmts(body)?;
        self.unset_loc();
        self.jump(JUMP, start);
        self.use_block(cleanup);
        self.unit().blocks.pop();
        self.stmts(orelse)?;
        self.use_block(end);
        Ok(())
    }

    pub(super) fn async_for(
        &mut self,
        target: &'a Expr,
        iter: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
    ) -> Res {
        if !self.may_await() {
            return self.error("'async for' outside async function");
        }
        let start = self.new_block();
        let except = self.new_block();
        let end = self.new_block();
        self.expr(iter)?;
        self.op(GET_AITER);
        self.use_block(start);
        self.push_block(FrameBlock::For { start, exit: end })?;
        self.jump(SETUP_FINALLY, except);
        self.op(GET_ANEXT);
        self.load_const(Const::None);
        self.yield_from(true);
        self.op(POP_BLOCK);
        self.expr(target)?;
        self.stmts(body)?;
        self.unset_loc();
        self.jump(JUMP, start);
        self.unit().blocks.pop();
        self.use_block(except);
        self.set_loc(iter.loc);
        self.op(END_ASYNC_FOR);
        self.stmts(orelse)?;
        self.use_block(end);
        Ok(())
    }

    pub(super) fn while_(
        &mut self,
        loc: Location,
        test: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
    ) -> Res {
        let start = self.new_block();
        let inner = self.new_block();
        let anchor = self.new_block();
        let end = self.new_block();
        self.use_block(start);
        self.push_block(FrameBlock::While { start, exit: end })?;
        self.jump_if(test, anchor, false)?;
        self.use_block(inner);
        self.stmts(body)?;
        self.set_loc(loc);
        self.jump_if(test, inner, true)?;
        self.unit().blocks.pop();
        self.use_block(anchor);
        self.stmts(orelse)?;
        self.use_block(end);
        Ok(())
    }

    /// Jumps to `next` if the truth of `test` is `cond`.
    pub(super) fn jump_if(&mut self, test: &'a Expr, next: BlockId, cond: bool) -> Res {
        match &test.kind {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => return self.jump_if(operand, next, !cond),
            ExprKind::BoolOp { op, values } => {
                let early = *op == BoolOp::Or;
                let aside = if early != cond { self.new_block() } else { next };
                if let Some((last, rest)) = values.split_last() {
                    for value in rest {
                        self.jump_if(value, aside, early)?;
                    }
                    self.jump_if(last, next, cond)?;
                }
                if aside != next {
                    self.use_block(aside);
                }
                return Ok(());
            }
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_block();
                let other = self.new_block();
                self.jump_if(test, other, false)?;
                self.jump_if(body, next, cond)?;
                self.jump_no_line(JUMP, end);
                self.use_block(other);
                self.jump_if(orelse, next, cond)?;
                self.use_block(end);
                return Ok(());
            }
            ExprKind::Compare { left, ops, comparators } => {
                self.set_loc(test.loc);
                if ops.len() > 1 {
                    self.check_compare(left, ops, comparators);
                    let cleanup = self.new_block();
                    self.expr(left)?;
                    let last = ops.len() - 1;
                    for at in 0..last {
                        self.expr(&comparators[at])?;
                        self.op_arg(SWAP, 2);
                        self.op_arg(COPY, 2);
                        self.compare_op(ops[at]);
                        self.jump(POP_JUMP_IF_FALSE, cleanup);
                    }
                    self.expr(&comparators[last])?;
                    self.compare_op(ops[last]);
                    self.jump(if cond { POP_JUMP_IF_TRUE } else { POP_JUMP_IF_FALSE }, next);
                    let end = self.new_block();
                    self.jump_no_line(JUMP, end);
                    self.use_block(cleanup);
                    self.op(POP_TOP);
                    if !cond {
                        self.jump_no_line(JUMP, next);
                    }
                    self.use_block(end);
                    return Ok(());
                }
            }
            _ => {}
        }
        self.expr(test)?;
        self.jump(if cond { POP_JUMP_IF_TRUE } else { POP_JUMP_IF_FALSE }, next);
        Ok(())
    }
}
