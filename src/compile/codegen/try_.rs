//! `try`.

use super::super::ast::*;
use super::{Codegen, FrameBlock, Res};
use crate::code::opcode::Opcode::*;

impl<'a> Codegen<'a> {
    pub(super) fn try_finally(
        &mut self,
        body: &'a [Stmt],
        handlers: &'a [ExceptHandler],
        orelse: &'a [Stmt],
        finalbody: &'a [Stmt],
        star: bool,
    ) -> Res {
        let inner = self.new_block();
        let end = self.new_block();
        let exit = self.new_block();
        let cleanup = self.new_block();
        self.jump(SETUP_FINALLY, end);
        self.use_block(inner);
        self.push_block(FrameBlock::FinallyTry(finalbody))?;
        if handlers.is_empty() {
            self.stmts(body)?;
        } else {
            self.try_except(body, handlers, orelse, star)?;
        }
        self.op_no_line(POP_BLOCK);
        self.unit().blocks.pop();
        self.stmts(finalbody)?;
        self.jump_no_line(JUMP, exit);

        self.use_block(end);
        self.push_block(FrameBlock::FinallyEnd)?;
        self.unset_loc();
        self.jump(SETUP_CLEANUP, cleanup);
        if self.is_classic() {
            self.push_finally();
        } else {
            self.op(PUSH_EXC_INFO);
        }
        self.stmts(finalbody)?;
        self.unit().blocks.pop();
        self.op_arg(RERAISE, 0);
        self.use_block(cleanup);
        self.pop_except_and_reraise();
        self.use_block(exit);
        Ok(())
    }

    pub(super) fn try_except(
        &mut self,
        body: &'a [Stmt],
        handlers: &'a [ExceptHandler],
        orelse: &'a [Stmt],
        star: bool,
    ) -> Res {
        if star {
            return self.try_star(body, handlers, orelse);
        }
        let inner = self.new_block();
        let mut except = self.new_block();
        let end = self.new_block();
        let cleanup = self.new_block();
        self.jump(SETUP_FINALLY, except);
        self.use_block(inner);
        self.push_block(FrameBlock::TryExcept)?;
        self.stmts(body)?;
        self.unit().blocks.pop();
        self.op_no_line(POP_BLOCK);
        self.stmts(orelse)?;
        self.jump_no_line(JUMP, end);
        self.use_block(except);
        self.unset_loc();
        self.jump(SETUP_CLEANUP, cleanup);
        self.op(PUSH_EXC_INFO);
        self.push_block(FrameBlock::ExceptionHandler)?;
        for (at, handler) in handlers.iter().enumerate() {
            self.set_loc(handler.loc);
            if handler.typ.is_none() && at + 1 < handlers.len() {
                return self.error("default 'except:' must be last");
            }
            except = self.new_block();
            if let Some(typ) = &handler.typ {
                self.expr(typ)?;
                self.op(CHECK_EXC_MATCH);
                self.jump(POP_JUMP_IF_FALSE, except);
            }
            if let Some(target) = &handler.target {
                // Bound for good: nothing to undo afterwards.
                let cleanup_body = self.new_block();
                self.expr(target)?;
                self.drop_traceback();
                self.use_block(cleanup_body);
                self.unit().blocks.push(FrameBlock::HandlerCleanup(None));
                self.stmts(&handler.body)?;
                self.unit().blocks.pop();
                self.unset_loc();
                self.op(POP_BLOCK);
                self.op(POP_EXCEPT);
                self.jump(JUMP, end);
            } else if let Some(name) = &handler.name {
                let cleanup_end = self.new_block();
                let cleanup_body = self.new_block();
                self.name_op(name, Ctx::Store)?;
                self.jump(SETUP_CLEANUP, cleanup_end);
                self.use_block(cleanup_body);
                self.push_block(FrameBlock::HandlerCleanup(Some(name)))?;
                self.stmts(&handler.body)?;
                self.unit().blocks.pop();
                self.unset_loc();
                self.op(POP_BLOCK);
                self.op(POP_BLOCK);
                self.op(POP_EXCEPT);
                self.unbind(name)?;
                self.jump(JUMP, end);
                self.use_block(cleanup_end);
                self.unset_loc();
                self.unbind(name)?;
                self.op_arg(RERAISE, 1);
            } else {
                let cleanup_body = self.new_block();
                self.op(POP_TOP);
                if self.is_classic() {
                    self.drop_traceback();
                }
                self.use_block(cleanup_body);
                self.push_block(FrameBlock::HandlerCleanup(None))?;
                self.stmts(&handler.body)?;
                self.unit().blocks.pop();
                self.unset_loc();
                self.op(POP_BLOCK);
                self.op(POP_EXCEPT);
                self.jump(JUMP, end);
            }
            self.use_block(except);
        }
        self.unset_loc();
        self.unit().blocks.pop();
        self.op_arg(RERAISE, 0);
        self.use_block(cleanup);
        self.pop_except_and_reraise();
        self.use_block(end);
        Ok(())
    }

    /// `try`/`except*`. On the stack during the handlers: the original exception, a list of what
    /// the handlers raised, and what no handler has taken yet.
    fn try_star(&mut self, body: &'a [Stmt], handlers: &'a [ExceptHandler], orelse: &'a [Stmt]) -> Res {
        let inner = self.new_block();
        let mut except = self.new_block();
        let else_block = self.new_block();
        let end = self.new_block();
        let cleanup = self.new_block();
        let reraise_star = self.new_block();
        self.jump(SETUP_FINALLY, except);
        self.use_block(inner);
        self.push_block(FrameBlock::TryExcept)?;
        self.stmts(body)?;
        self.unit().blocks.pop();
        self.op_no_line(POP_BLOCK);
        self.jump_no_line(JUMP, else_block);
        self.use_block(except);
        self.unset_loc();
        self.jump(SETUP_CLEANUP, cleanup);
        self.op(PUSH_EXC_INFO);
        self.push_block(FrameBlock::ExceptionGroupHandler)?;
        for (at, handler) in handlers.iter().enumerate() {
            self.set_loc(handler.loc);
            except = self.new_block();
            let except_with_error = self.new_block();
            let no_match = self.new_block();
            if at == 0 {
                self.op_arg(COPY, 1);
                self.op_arg(BUILD_LIST, 0);
                self.op_arg(SWAP, 2);
            }
            if let Some(typ) = &handler.typ {
                self.expr(typ)?;
                self.op(CHECK_EG_MATCH);
                self.op_arg(COPY, 1);
                self.jump(POP_JUMP_IF_NONE, no_match);
            }
            let cleanup_end = self.new_block();
            let cleanup_body = self.new_block();
            match &handler.name {
                Some(name) => self.name_op(name, Ctx::Store)?,
                None => self.op(POP_TOP),
            }
            self.jump(SETUP_CLEANUP, cleanup_end);
            self.use_block(cleanup_body);
            self.push_block(FrameBlock::HandlerCleanup(handler.name.as_ref()))?;
            self.stmts(&handler.body)?;
            self.unit().blocks.pop();
            self.unset_loc();
            self.op(POP_BLOCK);
            if let Some(name) = &handler.name {
                self.unbind(name)?;
            }
            self.jump(JUMP, except);
            self.use_block(cleanup_end);
            self.unset_loc();
            if let Some(name) = &handler.name {
                self.unbind(name)?;
            }
            self.op_arg(LIST_APPEND, 3);
            self.op(POP_TOP);
            self.jump(JUMP, except_with_error);
            self.use_block(except);
            self.op(NOP);
            self.jump(JUMP, except_with_error);
            self.use_block(no_match);
            self.op(POP_TOP);
            self.use_block(except_with_error);
            if at + 1 == handlers.len() {
                self.op_arg(LIST_APPEND, 1);
                self.jump(JUMP, reraise_star);
            }
        }
        self.unset_loc();
        self.unit().blocks.pop();
        let reraise = self.new_block();
        self.use_block(reraise_star);
        self.op(PREP_RERAISE_STAR);
        self.op_arg(COPY, 1);
        self.jump(POP_JUMP_IF_NOT_NONE, reraise);
        self.op(POP_TOP);
        self.op(POP_BLOCK);
        self.op(POP_EXCEPT);
        self.jump(JUMP, end);
        self.use_block(reraise);
        self.op(POP_BLOCK);
        self.op_arg(SWAP, 2);
        self.op(POP_EXCEPT);
        self.op_arg(RERAISE, 0);
        self.use_block(cleanup);
        self.pop_except_and_reraise();
        self.use_block(else_block);
        self.stmts(orelse)?;
        self.use_block(end);
        Ok(())
    }
}
