//! Comprehensions and generator expressions.

use super::super::ast::*;
use super::{Codegen, FrameBlock, Res, UnitKind};
use crate::code::object::Const;
use crate::code::opcode::Opcode::*;

impl<'a> Codegen<'a> {
    pub(super) fn comprehension(&mut self, loc: Location, comp: &'a Comp) -> Res {
        if comp.kind == CompKind::Leaky {
            return self.leaky_comprehension(comp);
        }
        let name = match comp.kind {
            CompKind::Generator => "<genexpr>",
            CompKind::List | CompKind::Leaky => "<listcomp>",
            CompKind::Set => "<setcomp>",
            CompKind::Dict => "<dictcomp>",
        };
        let outer_kind = self.unit_ref().kind;
        self.enter(&Identifier::from(name), UnitKind::Comprehension, comp.id, loc.line)?;
        self.set_loc(loc);
        let is_async = self.scope().coroutine;
        let collects = comp.kind != CompKind::Generator;
        if is_async && collects && !matches!(outer_kind, UnitKind::AsyncFunction | UnitKind::Comprehension) {
            return self.error("asynchronous comprehension outside of an asynchronous function");
        }
        match comp.kind {
            CompKind::Generator => {}
            CompKind::List | CompKind::Leaky => self.op_arg(BUILD_LIST, 0),
            CompKind::Set => self.op_arg(BUILD_SET, 0),
            CompKind::Dict => self.op_arg(BUILD_MAP, 0),
        }
        self.generator(comp, 0, 0)?;
        if collects {
            self.op(RETURN_VALUE);
        }
        let code = self.leave(true)?;
        self.make_closure(code, 0)?;
        let Some(outermost) = comp.generators.first() else { return Ok(()) };
        self.expr(&outermost.iter)?;
        self.op(if outermost.is_async { GET_AITER } else { GET_ITER });
        self.op_arg(PRECALL, 0);
        self.op_arg(CALL, 0);
        if is_async && collects {
            self.op_arg(GET_AWAITABLE, 0);
            self.load_const(Const::None);
            self.yield_from(true);
        }
        Ok(())
    }

    fn generator(&mut self, comp: &'a Comp, index: usize, depth: u32) -> Res {
        if comp.generators[index].is_async {
            self.async_generator(comp, index, depth)
        } else {
            self.sync_generator(comp, index, depth)
        }
    }

    fn sync_generator(&mut self, comp: &'a Comp, index: usize, mut depth: u32) -> Res {
        let start = self.new_block();
        let if_cleanup = self.new_block();
        let anchor = self.new_block();
        let part = &comp.generators[index];
        let mut loops = true;
        if index == 0 {
            self.unit().argcount = 1;
            self.op_arg(LOAD_FAST, 0);
        } else {
            // `for y in [f(x)]` is an assignment.
            let single = match &part.iter.kind {
                ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => match elts.as_slice() {
                    [one] if !one.is_starred() => Some(one),
                    _ => None,
                },
                _ => None,
            };
            match single {
                Some(one) => {
                    self.expr(one)?;
                    loops = false;
                }
                None => {
                    self.expr(&part.iter)?;
                    self.op(GET_ITER);
                }
            }
        }
        if loops {
            depth += 1;
            self.use_block(start);
            self.jump(FOR_ITER, anchor);
        }
        self.expr(&part.target)?;
        for test in &part.ifs {
            self.jump_if(test, if_cleanup, false)?;
        }
        if index + 1 < comp.generators.len() {
            self.generator(comp, index + 1, depth)?;
        } else {
            self.element(comp, depth)?;
        }
        self.use_block(if_cleanup);
        if loops {
            self.jump(JUMP, start);
            self.use_block(anchor);
        }
        Ok(())
    }

    fn async_generator(&mut self, comp: &'a Comp, index: usize, mut depth: u32) -> Res {
        let start = self.new_block();
        let except = self.new_block();
        let if_cleanup = self.new_block();
        let part = &comp.generators[index];
        if index == 0 {
            self.unit().argcount = 1;
            self.op_arg(LOAD_FAST, 0);
        } else {
            self.expr(&part.iter)?;
            self.op(GET_AITER);
        }
        self.use_block(start);
        self.push_block(FrameBlock::AsyncComprehension)?;
        self.jump(SETUP_FINALLY, except);
        self.op(GET_ANEXT);
        self.load_const(Const::None);
        self.yield_from(true);
        self.op(POP_BLOCK);
        self.expr(&part.target)?;
        for test in &part.ifs {
            self.jump_if(test, if_cleanup, false)?;
        }
        depth += 1;
        if index + 1 < comp.generators.len() {
            self.generator(comp, index + 1, depth)?;
        } else {
            self.element(comp, depth)?;
        }
        self.use_block(if_cleanup);
        self.jump(JUMP, start);
        self.unit().blocks.pop();
        self.use_block(except);
        self.op(END_ASYNC_FOR);
        Ok(())
    }

    fn element(&mut self, comp: &'a Comp, depth: u32) -> Res {
        self.expr(&comp.elt)?;
        match comp.kind {
            CompKind::Generator => {
                self.yield_();
                self.op(POP_TOP);
            }
            CompKind::List | CompKind::Leaky => self.op_arg(LIST_APPEND, depth + 1),
            CompKind::Set => self.op_arg(SET_ADD, depth + 1),
            CompKind::Dict => {
                if let Some(value) = &comp.value {
                    self.expr(value)?;
                }
                self.op_arg(MAP_ADD, depth + 1);
            }
        }
        Ok(())
    }
}
