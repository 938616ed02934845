//! What only Python 2.7 has: each construct as a `CLASSIC` instruction.

use super::super::ast::*;
use super::{Codegen, Res, UnitKind};
use crate::code::classic;
use crate::code::object::Const;
use crate::code::opcode::Opcode::*;

impl<'a> Codegen<'a> {
    /// Whether the source is in the classic dialect.
    pub(super) fn is_classic(&self) -> bool {
        self.options.classic
    }

    fn classic(&mut self, operation: u32) {
        self.op_arg(CLASSIC, operation);
    }

    pub(super) fn print(&mut self, dest: Option<&'a Expr>, values: &'a [Expr], newline: bool) -> Res {
        let Some(dest) = dest else {
            for value in values {
                self.expr(value)?;
                self.classic(classic::PRINT_ITEM);
            }
            if newline {
                self.classic(classic::PRINT_NEWLINE);
            }
            return Ok(());
        };
        self.expr(dest)?;
        for value in values {
            self.expr(value)?;
            self.classic(classic::PRINT_ITEM_TO);
        }
        self.classic(if newline { classic::PRINT_NEWLINE_TO } else { classic::PRINT_DONE });
        Ok(())
    }

    pub(super) fn exec(
        &mut self,
        body: &'a Expr,
        globals: Option<&'a Expr>,
        locals: Option<&'a Expr>,
    ) -> Res {
        self.expr(body)?;
        for scope in [globals, locals] {
            match scope {
                Some(scope) => self.expr(scope)?,
                None => self.load_const(Const::None),
            }
        }
        self.classic(classic::EXEC);
        Ok(())
    }

    pub(super) fn repr(&mut self, value: &'a Expr) -> Res {
        self.expr(value)?;
        self.classic(classic::REPR);
        Ok(())
    }

    /// `raise`, with the type, the value and the traceback that it is given.
    pub(super) fn classic_raise(&mut self, parts: &'a [Expr]) -> Res {
        parts.iter().try_for_each(|part| self.expr(part))?;
        if parts.is_empty() {
            self.op_arg(RAISE_VARARGS, 0);
            return Ok(());
        }
        self.classic(match parts.len() {
            1 => classic::PREPARE_RAISE,
            2 => classic::PREPARE_RAISE_VALUE,
            _ => classic::PREPARE_RAISE_TRACEBACK,
        });
        self.op_arg(RAISE_VARARGS, 1);
        Ok(())
    }

    /// A handler has matched: the traceback that lies under the exception is let go of.
    pub(super) fn drop_traceback(&mut self) {
        self.classic(classic::DROP_TRACEBACK);
    }

    /// The exception of a `finally` is taken up.
    pub(super) fn push_finally(&mut self) {
        self.classic(classic::PUSH_FINALLY);
    }

    /// A dict display: room for all entries, then each as it comes, its value before its key.
    pub(super) fn classic_dict(&mut self, keys: &'a [Option<Expr>], values: &'a [Expr]) -> Res {
        self.classic(classic::NEW_MAP + (values.len() as u32).min(0xffff));
        for (key, value) in keys.iter().zip(values) {
            self.expr(value)?;
            if let Some(key) = key {
                self.expr(key)?;
            }
            self.op_arg(SWAP, 2);
            self.op_arg(MAP_ADD, 1);
        }
        Ok(())
    }

    /// The bounds of `x[a:b]`; `x` itself is on the stack.
    fn bounds(&mut self, lower: Option<&'a Expr>, upper: Option<&'a Expr>) -> Res {
        for bound in [lower, upper] {
            match bound {
                Some(bound) => self.expr(bound)?,
                None => self.op(PUSH_NULL),
            }
        }
        Ok(())
    }

    /// `x[a:b]` without a step, which a class can answer on its own (`__getslice__`). False for anything else.
    pub(super) fn plain_slice(&mut self, value: &'a Expr, slice: &'a Expr, ctx: Ctx) -> Res<bool> {
        let ExprKind::Slice { lower, upper, step: None } = &slice.kind else { return Ok(false) };
        self.expr(value)?;
        self.bounds(lower.as_deref(), upper.as_deref())?;
        self.classic(match ctx {
            Ctx::Load => classic::GET_SLICE,
            Ctx::Store => classic::SET_SLICE,
            Ctx::Del => classic::DELETE_SLICE,
        });
        Ok(true)
    }

    pub(super) fn classic_class(&mut self, def: &'a ClassDef, loc: Location) -> Res {
        self.decorators(&def.decorators)?;
        let firstlineno = def.decorators.first().map_or(loc.line, |first| first.loc.line);
        self.load_text(&def.name);
        def.bases.iter().try_for_each(|base| self.expr(base))?;
        self.op_arg(BUILD_TUPLE, def.bases.len() as u32);
        self.enter(&def.name, UnitKind::Class, def.id, firstlineno)?;
        self.unit().private = Some(def.name.clone());
        self.load_name("__name__")?;
        self.store_name("__module__")?;
        self.body(&def.body)?;
        self.unset_loc();
        self.load_const(Const::None);
        self.op(RETURN_VALUE);
        let code = self.leave(true)?;
        self.make_closure(code, 0)?;
        self.classic(classic::BUILD_CLASS);
        self.apply_decorators(&def.decorators);
        self.name_op(&def.name, Ctx::Store)
    }

    /// Unpacks the parameters that are written as tuples.
    pub(super) fn unpack_parameters(&mut self, args: &'a Arguments) -> Res {
        for (index, target) in &args.unpack {
            let Some(arg) = args.args.get(*index as usize) else { continue };
            self.name_op(&arg.name, Ctx::Load)?;
            self.expr(target)?;
        }
        Ok(())
    }

    /// A list comprehension of the classic dialect: a loop in the scope where it stands.
    pub(super) fn leaky_comprehension(&mut self, comp: &'a Comp) -> Res {
        self.op_arg(BUILD_LIST, 0);
        self.leaky_generator(comp, 0)
    }

    fn leaky_generator(&mut self, comp: &'a Comp, index: usize) -> Res {
        let start = self.new_block();
        let skip = self.new_block();
        let anchor = self.new_block();
        let Some(part) = comp.generators.get(index) else { return Ok(()) };
        self.expr(&part.iter)?;
        self.op(GET_ITER);
        self.use_block(start);
        self.jump(FOR_ITER, anchor);
        self.expr(&part.target)?;
        for test in &part.ifs {
            self.jump_if(test, skip, false)?;
        }
        if index + 1 < comp.generators.len() {
            self.leaky_generator(comp, index + 1)?;
        } else {
            self.expr(&comp.elt)?;
            self.op_arg(LIST_APPEND, index as u32 + 2);
        }
        self.use_block(skip);
        self.jump(JUMP, start);
        self.use_block(anchor);
        Ok(())
    }
}
