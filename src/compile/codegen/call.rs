//! Calls.

use super::super::ast::*;
use super::expr::inferred_type;
use super::{Codegen, Res, STACK_USE_GUIDELINE};
use crate::code::object::{Const, Text};
use crate::code::opcode::Opcode::*;
use crate::compile::symtable::DEF_IMPORT;

impl<'a> Codegen<'a> {
    pub(super) fn call(
        &mut self,
        expr: &'a Expr,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> Res {
        self.validate_keywords(keywords)?;
        if self.method_call(expr, func, args, keywords)? {
            return Ok(());
        }
        self.check_caller(func);
        self.set_loc(func.loc);
        self.op(PUSH_NULL);
        self.set_loc(expr.loc);
        self.expr(func)?;
        self.call_helper(0, args, keywords)
    }

    fn validate_keywords(&mut self, keywords: &[Keyword]) -> Res {
        for (at, keyword) in keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else { continue };
            self.forbidden(name, Ctx::Store)?;
            for other in &keywords[at + 1..] {
                if other.arg.as_ref() == Some(name) {
                    return self.error_at(other.loc, format!("keyword argument repeated: {name}"));
                }
            }
        }
        Ok(())
    }

    /// Warns of calling what cannot be called.
    fn check_caller(&mut self, func: &Expr) {
        let never = matches!(
            func.kind,
            ExprKind::Constant { .. }
                | ExprKind::Tuple { .. }
                | ExprKind::List { .. }
                | ExprKind::Dict { .. }
                | ExprKind::Set(_)
                | ExprKind::Comp(_)
                | ExprKind::JoinedStr(_)
                | ExprKind::FormattedValue { .. }
        );
        if never {
            let loc = self.unit_ref().loc;
            let name = inferred_type(func).unwrap_or("object");
            self.source.warn(loc, format!("'{name}' object is not callable; perhaps you missed a comma?"));
        }
    }

    /// Whether a name is bound by an import at module level.
    fn is_imported(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name { id, .. } => {
                self.table.scopes[0].lookup(id).is_some_and(|symbol| symbol.flags & DEF_IMPORT != 0)
            }
            _ => false,
        }
    }

    /// `object.method(...)` without a bound method, where nothing speaks against it.
    fn method_call(
        &mut self,
        expr: &'a Expr,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> Res<bool> {
        let ExprKind::Attribute { value, attr, ctx: Ctx::Load } = &func.kind else { return Ok(false) };
        if self.is_imported(value) {
            return Ok(false);
        }
        let count = args.len() + keywords.len();
        if count + usize::from(!keywords.is_empty()) >= STACK_USE_GUIDELINE
            || args.iter().any(Expr::is_starred)
            || keywords.iter().any(|keyword| keyword.arg.is_none())
        {
            return Ok(false);
        }
        self.expr(value)?;
        self.set_loc(func.loc);
        self.start_at_attribute(func, attr);
        self.op_name(LOAD_METHOD, attr);
        args.iter().try_for_each(|arg| self.expr(arg))?;
        if !keywords.is_empty() {
            self.keyword_values(keywords)?;
        }
        self.set_loc(expr.loc);
        self.start_at_attribute(func, attr);
        self.op_arg(PRECALL, count as u32);
        self.op_arg(CALL, count as u32);
        Ok(true)
    }

    fn keyword_values(&mut self, keywords: &'a [Keyword]) -> Res {
        keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
        let names: Vec<Const> = keywords
            .iter()
            .map(|keyword| Const::Str(Text::from(keyword.arg.as_deref().unwrap_or_default())))
            .collect();
        let index = self.unit().consts.add(Const::Tuple(names.into()));
        self.op_arg(KW_NAMES, index);
        Ok(())
    }

    /// The call proper; `pushed` arguments are on the stack already.
    pub(super) fn call_helper(&mut self, pushed: u32, args: &'a [Expr], keywords: &'a [Keyword]) -> Res {
        self.validate_keywords(keywords)?;
        let simple = args.len() + keywords.len() * 2 <= STACK_USE_GUIDELINE
            && !args.iter().any(Expr::is_starred)
            && keywords.iter().all(|keyword| keyword.arg.is_some());
        if simple {
            args.iter().try_for_each(|arg| self.expr(arg))?;
            if !keywords.is_empty() {
                self.keyword_values(keywords)?;
            }
            let count = pushed + (args.len() + keywords.len()) as u32;
            self.op_arg(PRECALL, count);
            self.op_arg(CALL, count);
            return Ok(());
        }
        match args {
            [Expr { kind: ExprKind::Starred { value, .. }, .. }] if pushed == 0 => self.expr(value)?,
            _ => self.gather(args, pushed, BUILD_LIST, LIST_APPEND, LIST_EXTEND, true)?,
        }
        if !keywords.is_empty() {
            let mut have_dict = false;
            let mut pending = 0;
            for (at, keyword) in keywords.iter().enumerate() {
                if keyword.arg.is_some() {
                    pending += 1;
                    continue;
                }
                if pending > 0 {
                    self.keyword_dict(&keywords[at - pending..at])?;
                    if have_dict {
                        self.op_arg(DICT_MERGE, 1);
                    }
                    have_dict = true;
                    pending = 0;
                }
                if !have_dict {
                    self.op_arg(BUILD_MAP, 0);
                    have_dict = true;
                }
                self.expr(&keyword.value)?;
                self.op_arg(DICT_MERGE, 1);
            }
            if pending > 0 {
                self.keyword_dict(&keywords[keywords.len() - pending..])?;
                if have_dict {
                    self.op_arg(DICT_MERGE, 1);
                }
            }
        }
        self.op_arg(CALL_FUNCTION_EX, u32::from(!keywords.is_empty()));
        Ok(())
    }

    /// A dict of keyword arguments (`compiler_subkwargs`).
    fn keyword_dict(&mut self, keywords: &'a [Keyword]) -> Res {
        let count = keywords.len();
        let big = count * 2 > STACK_USE_GUIDELINE;
        let name = |keyword: &Keyword| Const::Str(Text::from(keyword.arg.as_deref().unwrap_or_default()));
        if count > 1 && !big {
            keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
            let names: Vec<Const> = keywords.iter().map(name).collect();
            self.load_const(Const::Tuple(names.into()));
            self.op_arg(BUILD_CONST_KEY_MAP, count as u32);
            return Ok(());
        }
        if big {
            self.op_no_line(BUILD_MAP);
        }
        for keyword in keywords {
            self.load_const(name(keyword));
            self.expr(&keyword.value)?;
            if big {
                let none = Location::NONE;
                self.emit(crate::compile::flow::Instr::new(MAP_ADD, 1, none), none);
            }
        }
        if !big {
            self.op_arg(BUILD_MAP, count as u32);
        }
        Ok(())
    }
}
