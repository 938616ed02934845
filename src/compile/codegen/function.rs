//! Functions and lambdas.

use std::sync::Arc;

use super::super::ast::*;
use super::{Codegen, Res, UnitKind};
use crate::code::object::{CodeObject, Const, Text, kind};
use crate::code::opcode::Opcode::*;
use crate::compile::symtable::{Place, ScopeKind};

impl<'a> Codegen<'a> {
    pub(super) fn function_def(&mut self, def: &'a FunctionDef, loc: Location) -> Res {
        self.check_args(&def.args)?;
        self.decorators(&def.decorators)?;
        let firstlineno = def.decorators.first().map_or(loc.line, |first| first.loc.line);
        let mut parts = self.defaults(&def.args)?;
        if self.annotations(&def.args, def.returns.as_ref())? {
            parts |= 4;
        }
        let kind = if def.is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        self.enter(&def.name, kind, def.id, firstlineno)?;
        let doc = if self.options.optimize < 2 { docstring(&def.body) } else { None };
        let first = doc.cloned().unwrap_or(Const::None);
        self.unit().consts.add(first);
        self.set_counts(&def.args);
        self.unpack_parameters(&def.args)?;
        self.stmts(&def.body[usize::from(doc.is_some())..])?;
        let code = self.leave(true)?;
        self.make_closure(code, parts)?;
        self.apply_decorators(&def.decorators);
        self.name_op(&def.name, Ctx::Store)
    }

    pub(super) fn lambda(&mut self, loc: Location, id: NodeId, args: &'a Arguments, body: &'a Expr) -> Res {
        self.check_args(args)?;
        let parts = self.defaults(args)?;
        self.enter(&Identifier::from("<lambda>"), UnitKind::Lambda, id, loc.line)?;
        // No docstring: the first constant is None.
        self.unit().consts.add(Const::None);
        self.set_counts(args);
        self.unpack_parameters(args)?;
        self.expr(body)?;
        let code = if self.scope().generator {
            self.leave(false)?
        } else {
            self.op(RETURN_VALUE);
            self.leave(true)?
        };
        self.make_closure(code, parts)
    }

    fn set_counts(&mut self, args: &Arguments) {
        let unit = self.unit();
        unit.argcount = (args.posonlyargs.len() + args.args.len()) as u32;
        unit.posonlyargcount = args.posonlyargs.len() as u32;
        unit.kwonlyargcount = args.kwonlyargs.len() as u32;
    }

    fn check_args(&mut self, args: &Arguments) -> Res {
        let all = args
            .posonlyargs
            .iter()
            .chain(&args.args)
            .chain(&args.vararg)
            .chain(&args.kwonlyargs)
            .chain(&args.kwarg);
        for arg in all {
            if &*arg.name == "__debug__" {
                return self.error("cannot assign to __debug__");
            }
        }
        Ok(())
    }

    pub(super) fn decorators(&mut self, decorators: &'a [Expr]) -> Res {
        decorators.iter().try_for_each(|decorator| self.expr(decorator))
    }

    pub(super) fn apply_decorators(&mut self, decorators: &[Expr]) {
        let loc = self.unit_ref().loc;
        for decorator in decorators.iter().rev() {
            self.set_loc(decorator.loc);
            self.op_arg(PRECALL, 0);
            self.op_arg(CALL, 0);
        }
        self.set_loc(loc);
    }

    /// Default values; gives the bits of `MAKE_FUNCTION`.
    fn defaults(&mut self, args: &'a Arguments) -> Res<u32> {
        let mut parts = 0;
        if !args.defaults.is_empty() {
            parts |= 1;
            args.defaults.iter().try_for_each(|value| self.expr(value))?;
            self.op_arg(BUILD_TUPLE, args.defaults.len() as u32);
        }
        let mut names = Vec::new();
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            if let Some(default) = default {
                let mangled = self.mangle(&arg.name);
                names.push(Const::Str(Text::from(&*mangled)));
                self.expr(default)?;
            }
        }
        if !names.is_empty() {
            parts |= 2;
            let count = names.len() as u32;
            self.load_const(Const::Tuple(names.into()));
            self.op_arg(BUILD_CONST_KEY_MAP, count);
        }
        Ok(parts)
    }

    /// A tuple of names and annotations; false when there are none.
    fn annotations(&mut self, args: &'a Arguments, returns: Option<&'a Expr>) -> Res<bool> {
        let mut count = 0;
        let all = args
            .args
            .iter()
            .chain(&args.posonlyargs)
            .chain(&args.vararg)
            .chain(&args.kwonlyargs)
            .chain(&args.kwarg);
        for arg in all {
            if let Some(annotation) = &arg.annotation {
                let mangled = self.mangle(&arg.name);
                self.load_text(&mangled);
                self.arg_annotation(annotation)?;
                count += 2;
            }
        }
        if let Some(returns) = returns {
            self.load_text("return");
            self.arg_annotation(returns)?;
            count += 2;
        }
        if count > 0 {
            self.op_arg(BUILD_TUPLE, count);
        }
        Ok(count > 0)
    }

    fn arg_annotation(&mut self, annotation: &'a Expr) -> Res {
        if !self.future_annotations()
            && let ExprKind::Starred { value, .. } = &annotation.kind
        {
            // `*args: *Ts`
            self.expr(value)?;
            self.op_arg(UNPACK_SEQUENCE, 1);
            return Ok(());
        }
        self.annotation(annotation)
    }

    /// A function object over finished code, with the cells it needs.
    pub(super) fn make_closure(&mut self, code: Arc<CodeObject>, mut parts: u32) -> Res {
        let frees: Vec<String> = code
            .localsplusnames
            .iter()
            .zip(&code.localspluskinds)
            .filter(|(_, k)| **k & kind::FREE != 0)
            .map(|(name, _)| name.to_string())
            .collect();
        if !frees.is_empty() {
            for name in &frees {
                let scope = self.scope();
                let is_cell = (scope.kind == ScopeKind::Class && name == "__class__")
                    || scope.lookup(name).and_then(|s| s.place) == Some(Place::Cell);
                let arg = if is_cell { self.deref_arg(name) } else { self.free_arg(name) };
                self.op_arg(LOAD_CLOSURE, arg);
            }
            parts |= 8;
            self.op_arg(BUILD_TUPLE, frees.len() as u32);
        }
        self.load_const(Const::Code(code));
        self.op_arg(MAKE_FUNCTION, parts);
        Ok(())
    }
}
