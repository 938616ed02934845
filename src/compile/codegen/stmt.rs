//! Bodies and simple statements.

use super::super::ast::*;
use super::{Codegen, FrameBlock, Res, UnitKind};
use crate::code::object::Const;
use crate::code::opcode::Opcode::*;
use crate::compile::symtable::ScopeKind;

/// Whether a body annotates a name, not looking into nested scopes (`find_ann`).
pub(super) fn has_annotation(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::AnnAssign { .. } => true,
        StmtKind::For { body, orelse, .. }
        | StmtKind::While { body, orelse, .. }
        | StmtKind::If { body, orelse, .. } => has_annotation(body) || has_annotation(orelse),
        StmtKind::With { body, .. } => has_annotation(body),
        StmtKind::Match { cases, .. } => cases.iter().any(|case| has_annotation(&case.body)),
        StmtKind::Try { body, handlers, orelse, finalbody, .. } => {
            handlers.iter().any(|handler| has_annotation(&handler.body))
                || has_annotation(body)
                || has_annotation(finalbody)
                || has_annotation(orelse)
        }
        _ => false,
    })
}

impl<'a> Codegen<'a> {
    /// The body of a module or class: annotations, docstring, statements.
    pub(super) fn body(&mut self, body: &'a [Stmt]) -> Res {
        if let Some(first) = body.first()
            && self.unit_ref().kind == UnitKind::Module
        {
            self.set_loc(first.loc);
        }
        if has_annotation(body) {
            self.op(SETUP_ANNOTATIONS);
        }
        let mut rest = body;
        if self.options.optimize < 2
            && docstring(body).is_some()
            && let StmtKind::Expr(value) = &body[0].kind
        {
            self.expr(value)?;
            self.unset_loc();
            self.store_name("__doc__")?;
            rest = &body[1..];
        }
        self.stmts(rest)
    }

    pub(super) fn stmts(&mut self, body: &'a [Stmt]) -> Res {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Res {
        self.set_loc(stmt.loc);
        self.unit().furthest = stmt.loc.line;
        match &stmt.kind {
            StmtKind::FunctionDef(def) => self.function_def(def, stmt.loc),
            StmtKind::ClassDef(def) => self.class_def(def, stmt.loc),
            StmtKind::Return(value) => self.return_(stmt.loc, value.as_deref()),
            StmtKind::Delete(targets) => targets.iter().try_for_each(|target| self.expr(target)),
            StmtKind::Assign { targets, value } => {
                self.expr(value)?;
                for (at, target) in targets.iter().enumerate() {
                    if at + 1 < targets.len() {
                        self.op_arg(COPY, 1);
                    }
                    self.expr(target)?;
                }
                Ok(())
            }
            StmtKind::AugAssign { target, op, value } => self.aug_assign(stmt.loc, target, *op, value),
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.ann_assign(target, annotation, value.as_deref(), *simple)
            }
            StmtKind::For { target, iter, body, orelse, is_async } => {
                if *is_async {
                    self.async_for(target, iter, body, orelse)
                } else {
                    self.for_(target, iter, body, orelse)
                }
            }
            StmtKind::While { test, body, orelse } => self.while_(stmt.loc, test, body, orelse),
            StmtKind::If { test, body, orelse } => self.if_(test, body, orelse),
            StmtKind::With { items, body, is_async } => self.with(stmt.loc, items, body, *is_async),
            StmtKind::Match { subject, cases } => self.match_(subject, cases),
            StmtKind::Raise { exc, cause } => {
                let mut count = 0;
                for part in [exc, cause].into_iter().flatten() {
                    self.expr(part)?;
                    count += 1;
                }
                self.op_arg(RAISE_VARARGS, count);
                Ok(())
            }
            StmtKind::ClassicRaise(parts) => self.classic_raise(parts),
            StmtKind::Print { dest, values, newline } => self.print(dest.as_deref(), values, *newline),
            StmtKind::Exec { body, globals, locals } => {
                self.exec(body, globals.as_deref(), locals.as_deref())
            }
            StmtKind::Try { body, handlers, orelse, finalbody, star } => {
                if finalbody.is_empty() {
                    self.try_except(body, handlers, orelse, *star)
                } else {
                    self.try_finally(body, handlers, orelse, finalbody, *star)
                }
            }
            StmtKind::Assert { test, msg } => self.assert(test, msg.as_deref()),
            StmtKind::Import(names) => self.import(names),
            StmtKind::ImportFrom { module, names, level } => {
                self.import_from(stmt.loc, module.as_ref(), names, *level)
            }
            StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            StmtKind::Expr(value) => self.expression_statement(value),
            StmtKind::Pass => {
                self.op(NOP);
                Ok(())
            }
            StmtKind::Break => self.break_(),
            StmtKind::Continue => self.continue_(),
        }
    }

    fn expression_statement(&mut self, value: &'a Expr) -> Res {
        if self.interactive && self.units.len() <= 1 {
            self.expr(value)?;
            self.op(PRINT_EXPR);
            return Ok(());
        }
        if value.as_constant().is_some() {
            // Ignored, but its line can be stopped at.
            self.op(NOP);
            return Ok(());
        }
        self.expr(value)?;
        self.unset_loc();
        self.op(POP_TOP);
        Ok(())
    }

    fn return_(&mut self, loc: Location, value: Option<&'a Expr>) -> Res {
        let scope = self.scope();
        if scope.kind != ScopeKind::Function {
            return self.error("'return' outside function");
        }
        if value.is_some() && scope.coroutine && scope.generator {
            return self.error("'return' with value in async generator");
        }
        let constant = value.and_then(Expr::as_constant);
        let keep = value.is_some() && constant.is_none();
        if let Some(value) = value {
            if keep {
                self.expr(value)?;
            } else {
                self.set_loc(value.loc);
                self.op(NOP);
            }
        }
        if value.is_none_or(|value| value.loc.line != loc.line) {
            self.set_loc(loc);
            self.op(NOP);
        }
        self.unwind_all(keep, false)?;
        match (value, constant) {
            (None, _) => self.load_const(Const::None),
            (Some(_), Some(constant)) => self.load_const(constant.clone()),
            _ => {}
        }
        self.op(RETURN_VALUE);
        Ok(())
    }

    fn break_(&mut self) -> Res {
        let origin = self.unit_ref().loc;
        self.op(NOP);
        match self.unwind_all(false, true)? {
            Some(block @ (FrameBlock::While { exit, .. } | FrameBlock::For { exit, .. })) => {
                self.unwind(&block, false)?;
                self.jump(JUMP, exit);
                Ok(())
            }
            _ => self.error_at(origin, "'break' outside loop"),
        }
    }

    fn continue_(&mut self) -> Res {
        let origin = self.unit_ref().loc;
        self.op(NOP);
        match self.unwind_all(false, true)? {
            Some(FrameBlock::While { start, .. } | FrameBlock::For { start, .. }) => {
                self.jump(JUMP, start);
                Ok(())
            }
            _ => self.error_at(origin, "'continue' not properly in loop"),
        }
    }

    fn assert(&mut self, test: &'a Expr, msg: Option<&'a Expr>) -> Res {
        let always_true = match &test.kind {
            ExprKind::Tuple { elts, .. } => !elts.is_empty(),
            ExprKind::Constant { value: Const::Tuple(values), .. } => !values.is_empty(),
            _ => false,
        };
        if always_true {
            let loc = self.unit_ref().loc;
            self.source.warn(loc, "assertion is always true, perhaps remove parentheses?");
        }
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.new_block();
        self.jump_if(test, end, true)?;
        self.op(LOAD_ASSERTION_ERROR);
        if let Some(msg) = msg {
            self.expr(msg)?;
            self.op_arg(PRECALL, 0);
            self.op_arg(CALL, 0);
        }
        self.op_arg(RAISE_VARARGS, 1);
        self.use_block(end);
        Ok(())
    }
}
