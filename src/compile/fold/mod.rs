//! Folding of constant expressions on the tree, before the symbol table sees it.
//!
//! Children are folded before their parent. What would raise an error, or would make a constant
//! that is too large, stays as it is written and is computed when the code runs. A folded node
//! keeps its place in the source.

mod arith;
mod format;
mod value;

pub use value::frozen_set;

use super::ast::*;
use super::constants::is_true;
use crate::code::object::Const;

/// Folds a module in place.
///
/// `future_annotations`: annotations will be turned back into text and stay as they are.
pub fn fold(module: &mut Module, optimize: u8, future_annotations: bool) {
    let fold = Fold { debug: optimize == 0, annotations: !future_annotations, classic: false };
    fold.module(module);
}

/// The same for the classic dialect, which folds less.
pub fn fold_classic(module: &mut Module, optimize: u8) {
    Fold { debug: optimize == 0, annotations: true, classic: true }.module(module);
}

struct Fold {
    /// The value of `__debug__`.
    debug: bool,
    /// Whether annotations are code.
    annotations: bool,
    /// Lists that are only iterated over stay lists, and large ints are longs.
    classic: bool,
}

impl Fold {
    fn module(&self, module: &mut Module) {
        match module {
            Module::Module(body) => self.documented(body),
            Module::Interactive(body) => self.body(body),
            Module::Expression(value) => self.expr(value),
        }
    }
}

fn set_constant(node: &mut Expr, value: Const) {
    node.kind = ExprKind::Constant { value, unicode: false };
}

impl Fold {
    fn body(&self, body: &mut [Stmt]) {
        body.iter_mut().for_each(|stmt| self.stmt(stmt));
    }

    /// A body that may begin with a docstring. An expression that only becomes a string by folding
    /// must not be taken for one.
    fn documented(&self, body: &mut [Stmt]) {
        let documented = docstring(body).is_some();
        self.body(body);
        if documented || docstring(body).is_none() {
            return;
        }
        if let Some(Stmt { kind: StmtKind::Expr(value), .. }) = body.first_mut() {
            let inner = (**value).clone();
            value.kind = ExprKind::JoinedStr(vec![inner]);
        }
    }

    fn stmt(&self, stmt: &mut Stmt) {
        match &mut stmt.kind {
            StmtKind::FunctionDef(def) => {
                self.arguments(&mut def.args);
                self.documented(&mut def.body);
                self.exprs(&mut def.decorators);
                if self.annotations {
                    self.exprs(&mut def.returns);
                }
            }
            StmtKind::ClassDef(def) => {
                self.exprs(&mut def.bases);
                def.keywords.iter_mut().for_each(|keyword| self.expr(&mut keyword.value));
                self.documented(&mut def.body);
                self.exprs(&mut def.decorators);
            }
            StmtKind::Return(value) => self.boxed(value),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign { targets, value } => {
                self.exprs(targets);
                self.expr(value);
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target);
                self.expr(value);
            }
            StmtKind::AnnAssign { target, annotation, value, .. } => {
                self.expr(target);
                if self.annotations {
                    self.expr(annotation);
                }
                self.boxed(value);
            }
            StmtKind::For { target, iter, body, orelse, is_async } => {
                self.expr(target);
                self.expr(iter);
                self.body(body);
                self.body(orelse);
                if !*is_async && !self.classic {
                    iterable(iter);
                }
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr(test);
                self.body(body);
                self.body(orelse);
            }
            StmtKind::With { items, body, .. } => {
                for item in items {
                    self.expr(&mut item.context);
                    self.exprs(&mut item.vars);
                }
                self.body(body);
            }
            StmtKind::Match { subject, cases } => {
                self.expr(subject);
                for case in cases {
                    self.pattern(&mut case.pattern);
                    self.exprs(&mut case.guard);
                    self.body(&mut case.body);
                }
            }
            StmtKind::Raise { exc, cause } => {
                self.boxed(exc);
                self.boxed(cause);
            }
            StmtKind::Try { body, handlers, orelse, finalbody, .. } => {
                self.body(body);
                for handler in handlers {
                    self.exprs(&mut handler.typ);
                    self.body(&mut handler.body);
                }
                self.body(orelse);
                self.body(finalbody);
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test);
                self.boxed(msg);
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::ClassicRaise(parts) => self.exprs(parts),
            StmtKind::Print { dest, values, .. } => {
                self.boxed(dest);
                self.exprs(values);
            }
            StmtKind::Exec { body, globals, locals } => {
                self.expr(body);
                self.boxed(globals);
                self.boxed(locals);
            }
            StmtKind::Import(_)
            | StmtKind::ImportFrom { .. }
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue => {}
        }
    }

    fn arguments(&self, args: &mut Arguments) {
        if self.annotations {
            let plain = args.posonlyargs.iter_mut().chain(&mut args.args).chain(&mut args.kwonlyargs);
            for arg in plain.chain(&mut args.vararg).chain(&mut args.kwarg) {
                self.exprs(&mut arg.annotation);
            }
        }
        args.kw_defaults.iter_mut().for_each(|value| self.exprs(value));
        self.exprs(&mut args.defaults);
    }

    fn pattern(&self, pattern: &mut Pattern) {
        match &mut pattern.kind {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) | PatternKind::Star(_) => {}
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => self.patterns(patterns),
            PatternKind::Mapping { keys, patterns, .. } => {
                self.exprs(keys);
                self.patterns(patterns);
            }
            PatternKind::Class { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls);
                self.patterns(patterns);
                self.patterns(kwd_patterns);
            }
            PatternKind::As { pattern, .. } => {
                if let Some(pattern) = pattern {
                    self.pattern(pattern);
                }
            }
        }
    }

    fn patterns(&self, patterns: &mut [Pattern]) {
        patterns.iter_mut().for_each(|pattern| self.pattern(pattern));
    }

    fn exprs<'a>(&self, nodes: impl IntoIterator<Item = &'a mut Expr>) {
        nodes.into_iter().for_each(|node| self.expr(node));
    }

    fn boxed(&self, node: &mut Option<Box<Expr>>) {
        if let Some(node) = node {
            self.expr(node);
        }
    }

    fn expr(&self, node: &mut Expr) {
        // A chain of operators nests as deeply as it is long.
        stacker::maybe_grow(64 << 10, 1 << 20, || self.expr_inner(node));
    }

    fn expr_inner(&self, node: &mut Expr) {
        match &mut node.kind {
            ExprKind::BoolOp { values, .. } | ExprKind::Set(values) | ExprKind::JoinedStr(values) => {
                self.exprs(values)
            }
            ExprKind::List { elts, .. } => self.exprs(elts),
            // The target of a named expression is a plain name.
            ExprKind::NamedExpr { value, .. } => self.expr(value),
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left);
                self.expr(right);
                if self.classic {
                    classic_binary(node);
                } else {
                    binary(node);
                }
            }
            ExprKind::UnaryOp { operand, .. } => {
                self.expr(operand);
                unary(node);
            }
            ExprKind::Lambda { args, body, .. } => {
                self.arguments(args);
                self.expr(body);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test);
                self.expr(body);
                self.expr(orelse);
            }
            ExprKind::Dict { keys, values } => {
                keys.iter_mut().for_each(|key| self.exprs(key));
                self.exprs(values);
            }
            ExprKind::Comp(comp) => {
                self.expr(&mut comp.elt);
                self.exprs(&mut comp.value);
                for generator in &mut comp.generators {
                    self.expr(&mut generator.target);
                    self.expr(&mut generator.iter);
                    self.exprs(&mut generator.ifs);
                    if !self.classic {
                        iterable(&mut generator.iter);
                    }
                }
            }
            ExprKind::Await(value) | ExprKind::YieldFrom(value) | ExprKind::Repr(value) => self.expr(value),
            ExprKind::Yield(value) => self.boxed(value),
            ExprKind::Compare { left, ops, comparators } => {
                self.expr(left);
                self.exprs(&mut *comparators);
                if let (Some(CmpOp::In | CmpOp::NotIn), Some(last)) = (ops.last(), comparators.last_mut()) {
                    iterable(last);
                }
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func);
                self.exprs(args);
                keywords.iter_mut().for_each(|keyword| self.expr(&mut keyword.value));
            }
            ExprKind::FormattedValue { value, format_spec, .. } => {
                self.expr(value);
                self.boxed(format_spec);
            }
            ExprKind::Attribute { value, .. } | ExprKind::Starred { value, .. } => self.expr(value),
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value);
                self.expr(slice);
                subscript(node);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.boxed(lower);
                self.boxed(upper);
                self.boxed(step);
            }
            ExprKind::Tuple { elts, ctx } => {
                self.exprs(&mut *elts);
                if *ctx == Ctx::Load
                    && let Some(values) = constants(elts)
                {
                    set_constant(node, Const::Tuple(values.into()));
                }
            }
            ExprKind::Name { id, ctx } => {
                if *ctx == Ctx::Load && &**id == "__debug__" {
                    let value = if self.debug { Const::True } else { Const::False };
                    set_constant(node, value);
                }
            }
            ExprKind::Constant { .. } => {}
        }
    }
}

/// The values of the elements if every one is a constant.
fn constants(elts: &[Expr]) -> Option<Vec<Const>> {
    elts.iter().map(|elt| elt.as_constant().cloned()).collect()
}

/// What is only iterated over or searched needs no fresh list or set.
fn iterable(node: &mut Expr) {
    match &mut node.kind {
        ExprKind::List { elts, ctx } => {
            if elts.iter().any(Expr::is_starred) {
                return;
            }
            match constants(elts) {
                Some(values) => set_constant(node, Const::Tuple(values.into())),
                None => node.kind = ExprKind::Tuple { elts: std::mem::take(elts), ctx: *ctx },
            }
        }
        ExprKind::Set(elts) => {
            if let Some(values) = constants(elts) {
                set_constant(node, frozen_set(values));
            }
        }
        _ => {}
    }
}

fn unary(node: &mut Expr) {
    let ExprKind::UnaryOp { op, operand } = &mut node.kind else { return };
    if let Some(value) = operand.as_constant() {
        let folded = match op {
            UnaryOp::Not => Some(if is_true(value) { Const::False } else { Const::True }),
            op => arith::unary(*op, value),
        };
        if let Some(folded) = folded {
            set_constant(node, folded);
        }
        return;
    }
    // "not (a in b)" is "a not in b"; the orderings have no such opposites.
    if *op == UnaryOp::Not
        && let ExprKind::Compare { ops, .. } = &mut operand.kind
        && let [only] = &mut ops[..]
    {
        *only = match only {
            CmpOp::Is => CmpOp::IsNot,
            CmpOp::IsNot => CmpOp::Is,
            CmpOp::In => CmpOp::NotIn,
            CmpOp::NotIn => CmpOp::In,
            _ => return,
        };
        let inner = std::mem::replace(&mut operand.kind, ExprKind::JoinedStr(Vec::new()));
        *node = Expr::new(operand.loc, inner);
    }
}

fn binary(node: &mut Expr) {
    let ExprKind::BinOp { left, op, right } = &mut node.kind else { return };
    let Some(a) = left.as_constant() else { return };
    if let (Operator::Mod, Const::Str(text), ExprKind::Tuple { elts, .. }) = (&op, a, &mut right.kind) {
        if !elts.iter().any(Expr::is_starred)
            && let Some(values) = format::joined(text, elts)
        {
            node.kind = ExprKind::JoinedStr(values);
        }
        return;
    }
    let Some(b) = right.as_constant() else { return };
    if let Some(folded) = value::binary(*op, a, b) {
        set_constant(node, folded);
    }
}

/// As [`binary`] for the classic dialect: division waits for the run, an int too large becomes a long.
fn classic_binary(node: &mut Expr) {
    let ExprKind::BinOp { left, op, right } = &node.kind else { return };
    if matches!(op, Operator::ClassicDiv | Operator::Div | Operator::Mod | Operator::Pow) {
        return;
    }
    let (Some(a), Some(b)) = (left.as_constant(), right.as_constant()) else { return };
    // The reference folds no text longer than twenty characters.
    let folded = match value::binary(*op, a, b) {
        Some(Const::Int(value)) if i64::try_from(&value).is_err() => Const::Long(value),
        Some(Const::Str(text)) if text.code_points().count() > 20 => return,
        Some(Const::Tuple(values)) if values.len() > 20 => return,
        Some(folded) => folded,
        None => return,
    };
    set_constant(node, folded);
}

fn subscript(node: &mut Expr) {
    let ExprKind::Subscript { value, slice, ctx: Ctx::Load } = &node.kind else { return };
    let (Some(value), Some(index)) = (value.as_constant(), slice.as_constant()) else { return };
    if let Some(folded) = value::item(value, index) {
        set_constant(node, folded);
    }
}
