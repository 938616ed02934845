//! `with` and `async with`.

use super::super::ast::*;
use super::{Codegen, FrameBlock, Res};
use crate::code::object::Const;
use crate::code::opcode::Opcode::*;
use crate::compile::flow::BlockId;

impl<'a> Codegen<'a> {
    pub(super) fn with(
        &mut self,
        loc: Location,
        items: &'a [WithItem],
        body: &'a [Stmt],
        is_async: bool,
    ) -> Res {
        if is_async && !self.may_await() {
            return self.error("'async with' outside async function");
        }
        let Some((item, rest)) = items.split_first() else { return self.stmts(body) };
        let block = self.new_block();
        let handler = self.new_block();
        let exit = self.new_block();
        let cleanup = self.new_block();
        self.expr(&item.context)?;
        if is_async {
            self.op(BEFORE_ASYNC_WITH);
            self.op_arg(GET_AWAITABLE, 1);
            self.load_const(Const::None);
            self.yield_from(true);
        } else {
            self.op(BEFORE_WITH);
        }
        self.jump(SETUP_WITH, handler);
        self.use_block(block);
        self.push_block(FrameBlock::With { loc, is_async })?;
        match &item.vars {
            Some(vars) => self.expr(vars)?,
            None => self.op(POP_TOP),
        }
        if rest.is_empty() {
            self.stmts(body)?;
        } else {
            self.with(loc, rest, body, is_async)?;
        }
        // What follows appears to happen on the line of the `with`.
        self.unit().blocks.pop();
        if !is_async {
            self.unset_loc();
        }
        self.op(POP_BLOCK);
        self.set_loc(loc);
        self.call_exit_with_nones();
        if is_async {
            self.op_arg(GET_AWAITABLE, 2);
            self.load_const(Const::None);
            self.yield_from(true);
        }
        self.op(POP_TOP);
        self.jump(JUMP, exit);

        self.use_block(handler);
        self.jump(SETUP_CLEANUP, cleanup);
        self.op(PUSH_EXC_INFO);
        self.op(WITH_EXCEPT_START);
        if is_async {
            self.op_arg(GET_AWAITABLE, 2);
            self.load_const(Const::None);
            self.yield_from(true);
        }
        self.with_except_finish(cleanup);
        self.use_block(exit);
        Ok(())
    }

    fn with_except_finish(&mut self, cleanup: BlockId) {
        let suppress = self.new_block();
        self.jump(POP_JUMP_IF_TRUE, suppress);
        self.op_arg(RERAISE, 2);
        self.use_block(cleanup);
        let loc = self.unit_ref().loc;
        self.unset_loc();
        self.pop_except_and_reraise();
        self.set_loc(loc);
        self.use_block(suppress);
        self.op(POP_TOP);
        self.op(POP_BLOCK);
        self.op(POP_EXCEPT);
        self.op(POP_TOP);
        self.op(POP_TOP);
        let exit = self.new_block();
        self.jump(JUMP, exit);
        self.use_block(exit);
        self.unset_loc();
    }

    pub(super) fn pop_except_and_reraise(&mut self) {
        self.op_arg(COPY, 3);
        self.op(POP_EXCEPT);
        self.op_arg(RERAISE, 1);
    }
}
