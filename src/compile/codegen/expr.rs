//! Expressions.

use super::super::ast::*;
use super::super::fold::frozen_set;
use super::{Codegen, Res, STACK_USE_GUIDELINE, UnitKind};
use crate::code::classic;
use crate::code::object::{Const, Text};
use crate::code::opcode::Opcode::{self, *};
use crate::compile::symtable::ScopeKind;

/// `BINARY_OP` argument of an operator.
fn binary_arg(op: Operator) -> u32 {
    match op {
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
    /// An expression in its own place; the current place is put back afterwards.
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Res {
        let outer = self.unit_ref().loc;
        self.set_loc(expr.loc);
        let unit = self.unit();
        unit.furthest = unit.furthest.max(expr.loc.line);
        let result = self.expr_inner(expr);
        self.set_loc(outer);
        result
    }

    fn expr_inner(&mut self, expr: &'a Expr) -> Res {
        match &expr.kind {
            ExprKind::NamedExpr { target, value } => {
                self.expr(value)?;
                self.op_arg(COPY, 1);
                self.expr(target)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values),
            ExprKind::BinOp { left, op, right } => {
                self.expr(left)?;
                self.expr(right)?;
                match op {
                    Operator::ClassicDiv => self.op_arg(CLASSIC, classic::DIVIDE),
                    op => self.op_arg(BINARY_OP, binary_arg(*op)),
                }
                Ok(())
            }
            ExprKind::UnaryOp { op, operand } => {
                self.expr(operand)?;
                self.op(match op {
                    UnaryOp::Invert => UNARY_INVERT,
                    UnaryOp::Not => UNARY_NOT,
                    UnaryOp::UAdd => UNARY_POSITIVE,
                    UnaryOp::USub => UNARY_NEGATIVE,
                });
                Ok(())
            }
            ExprKind::Lambda { id, args, body } => self.lambda(expr.loc, *id, args, body),
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_block();
                let next = self.new_block();
                self.jump_if(test, next, false)?;
                self.expr(body)?;
                self.jump_no_line(JUMP, end);
                self.use_block(next);
                self.expr(orelse)?;
                self.use_block(end);
                Ok(())
            }
            ExprKind::Dict { keys, values } if self.is_classic() => self.classic_dict(keys, values),
            ExprKind::Dict { keys, values } => self.dict(keys, values),
            ExprKind::Set(elts) => self.gather(elts, 0, BUILD_SET, SET_ADD, SET_UPDATE, false),
            ExprKind::Comp(comp) => self.comprehension(expr.loc, comp),
            ExprKind::Repr(value) => self.repr(value),
            ExprKind::Yield(value) => {
                if self.scope().kind != ScopeKind::Function {
                    return self.error("'yield' outside function");
                }
                match value {
                    Some(value) => self.expr(value)?,
                    None => self.load_const(Const::None),
                }
                self.yield_();
                Ok(())
            }
            ExprKind::YieldFrom(value) => {
                if self.scope().kind != ScopeKind::Function {
                    return self.error("'yield' outside function");
                }
                if self.unit_ref().kind == UnitKind::AsyncFunction {
                    return self.error("'yield from' inside async function");
                }
                self.expr(value)?;
                self.op(GET_YIELD_FROM_ITER);
                self.load_const(Const::None);
                self.yield_from(false);
                Ok(())
            }
            ExprKind::Await(value) => {
                if self.scope().kind != ScopeKind::Function {
                    return self.error("'await' outside function");
                }
                if !self.may_await() {
                    return self.error("'await' outside async function");
                }
                self.expr(value)?;
                self.op_arg(GET_AWAITABLE, 0);
                self.load_const(Const::None);
                self.yield_from(true);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } => self.compare(left, ops, comparators),
            ExprKind::Call { func, args, keywords } => self.call(expr, func, args, keywords),
            ExprKind::Constant { value, .. } => {
                self.load_const(value.clone());
                Ok(())
            }
            ExprKind::JoinedStr(values) => self.joined_str(values),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.expr(value)?;
                let mut arg = match conversion {
                    b's' => 1,
                    b'r' => 2,
                    b'a' => 3,
                    _ => 0,
                };
                if let Some(spec) = format_spec {
                    self.expr(spec)?;
                    arg |= 4;
                }
                self.op_arg(FORMAT_VALUE, arg);
                Ok(())
            }
            ExprKind::Attribute { value, attr, ctx } => {
                self.expr(value)?;
                self.set_loc(expr.loc);
                self.start_at_attribute(expr, attr);
                self.forbidden(attr, *ctx)?;
                let op = match ctx {
                    Ctx::Load => LOAD_ATTR,
                    Ctx::Store => STORE_ATTR,
                    Ctx::Del => DELETE_ATTR,
                };
                self.op_name(op, attr);
                Ok(())
            }
            ExprKind::Subscript { value, slice, ctx } => {
                if self.is_classic() && self.plain_slice(value, slice, *ctx)? {
                    return Ok(());
                }
                if *ctx == Ctx::Load {
                    self.check_subscript(value, slice);
                }
                self.expr(value)?;
                self.expr(slice)?;
                self.op(match ctx {
                    Ctx::Load => BINARY_SUBSCR,
                    Ctx::Store => STORE_SUBSCR,
                    Ctx::Del => DELETE_SUBSCR,
                });
                Ok(())
            }
            ExprKind::Starred { ctx, .. } => match ctx {
                Ctx::Store => self.error("starred assignment target must be in a list or tuple"),
                _ => self.error("can't use starred expression here"),
            },
            ExprKind::Name { id, ctx } => self.name_op(id, *ctx),
            ExprKind::List { elts, ctx } => match ctx {
                Ctx::Load => self.gather(elts, 0, BUILD_LIST, LIST_APPEND, LIST_EXTEND, false),
                Ctx::Store => self.unpack(elts),
                Ctx::Del => elts.iter().try_for_each(|elt| self.expr(elt)),
            },
            ExprKind::Tuple { elts, ctx } => match ctx {
                Ctx::Load => self.gather(elts, 0, BUILD_LIST, LIST_APPEND, LIST_EXTEND, true),
                Ctx::Store => self.unpack(elts),
                Ctx::Del => elts.iter().try_for_each(|elt| self.expr(elt)),
            },
            ExprKind::Slice { lower, upper, step } => {
                for bound in [lower, upper] {
                    match bound {
                        Some(bound) => self.expr(bound)?,
                        None => self.load_const(Const::None),
                    }
                }
                if let Some(step) = step {
                    self.expr(step)?;
                }
                self.op_arg(BUILD_SLICE, if step.is_some() { 3 } else { 2 });
                Ok(())
            }
        }
    }

    /// Whether `await` may stand here.
    pub(super) fn may_await(&self) -> bool {
        matches!(self.unit_ref().kind, UnitKind::AsyncFunction | UnitKind::Comprehension)
    }

    pub(super) fn yield_(&mut self) {
        let scope = self.scope();
        if scope.generator && scope.coroutine {
            self.op(ASYNC_GEN_WRAP);
        }
        self.op(YIELD_VALUE);
        self.op_arg(RESUME, 1);
    }

    /// An attribute on another line than its object starts at its own name.
    pub(super) fn start_at_attribute(&mut self, node: &Expr, attr: &str) {
        let mut loc = self.unit_ref().loc;
        if loc.line != node.loc.end_line {
            loc.line = node.loc.end_line;
            let len = attr.chars().count() as i32;
            if len <= node.loc.end_col {
                loc.col = node.loc.end_col - len;
            } else {
                loc.col = -1;
                loc.end_col = -1;
            }
            loc.end_line = loc.end_line.max(loc.line);
            self.set_loc(loc);
        }
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr]) -> Res {
        let jump = if op == BoolOp::And { JUMP_IF_FALSE_OR_POP } else { JUMP_IF_TRUE_OR_POP };
        let end = self.new_block();
        if let Some((last, rest)) = values.split_last() {
            for value in rest {
                self.expr(value)?;
                self.jump(jump, end);
                let next = self.new_block();
                self.use_block(next);
            }
            self.expr(last)?;
        }
        self.use_block(end);
        Ok(())
    }

    pub(super) fn compare_op(&mut self, op: CmpOp) {
        let (opcode, arg) = match op {
            CmpOp::Lt => (COMPARE_OP, 0),
            CmpOp::LtE => (COMPARE_OP, 1),
            CmpOp::Eq => (COMPARE_OP, 2),
            CmpOp::NotEq => (COMPARE_OP, 3),
            CmpOp::Gt => (COMPARE_OP, 4),
            CmpOp::GtE => (COMPARE_OP, 5),
            CmpOp::Is => (IS_OP, 0),
            CmpOp::IsNot => (IS_OP, 1),
            CmpOp::In => (CONTAINS_OP, 0),
            CmpOp::NotIn => (CONTAINS_OP, 1),
        };
        self.op_arg(opcode, arg);
    }

    fn compare(&mut self, left: &'a Expr, ops: &'a [CmpOp], comparators: &'a [Expr]) -> Res {
        self.check_compare(left, ops, comparators);
        self.expr(left)?;
        let last = ops.len().saturating_sub(1);
        if last == 0 {
            if let (Some(op), Some(right)) = (ops.first(), comparators.first()) {
                self.expr(right)?;
                self.compare_op(*op);
            }
            return Ok(());
        }
        let cleanup = self.new_block();
        for at in 0..last {
            self.expr(&comparators[at])?;
            self.op_arg(SWAP, 2);
            self.op_arg(COPY, 2);
            self.compare_op(ops[at]);
            self.jump(JUMP_IF_FALSE_OR_POP, cleanup);
        }
        self.expr(&comparators[last])?;
        self.compare_op(ops[last]);
        let end = self.new_block();
        self.jump_no_line(JUMP, end);
        self.use_block(cleanup);
        self.op_arg(SWAP, 2);
        self.op(POP_TOP);
        self.use_block(end);
        Ok(())
    }

    /// Warns of `is` with a literal.
    pub(super) fn check_compare(&mut self, left: &Expr, ops: &[CmpOp], comparators: &[Expr]) {
        let plain = |expr: &Expr| match expr.as_constant() {
            Some(Const::None | Const::True | Const::False | Const::Ellipsis) | None => true,
            Some(_) => false,
        };
        let mut left_plain = plain(left);
        for (op, right) in ops.iter().zip(comparators) {
            let right_plain = plain(right);
            if matches!(op, CmpOp::Is | CmpOp::IsNot) && (!left_plain || !right_plain) {
                let message = if *op == CmpOp::Is {
                    "\"is\" with a literal. Did you mean \"==\"?"
                } else {
                    "\"is not\" with a literal. Did you mean \"!=\"?"
                };
                let loc = self.unit_ref().loc;
                self.source.warn(loc, message);
                return;
            }
            left_plain = right_plain;
        }
    }

    fn joined_str(&mut self, values: &'a [Expr]) -> Res {
        if values.len() > STACK_USE_GUIDELINE {
            self.load_const(Const::Str(Text::from("")));
            self.op_name(LOAD_METHOD, &Identifier::from("join"));
            self.op_arg(BUILD_LIST, 0);
            for value in values {
                self.expr(value)?;
                self.op_arg(LIST_APPEND, 1);
            }
            self.op_arg(PRECALL, 1);
            self.op_arg(CALL, 1);
            return Ok(());
        }
        values.iter().try_for_each(|value| self.expr(value))?;
        if values.len() != 1 {
            self.op_arg(BUILD_STRING, values.len() as u32);
        }
        Ok(())
    }

    /// A display with or without stars on top of `pushed` values (`starunpack_helper`).
    pub(super) fn gather(
        &mut self,
        elts: &'a [Expr],
        pushed: u32,
        build: Opcode,
        add: Opcode,
        extend: Opcode,
        tuple: bool,
    ) -> Res {
        let count = elts.len();
        if count > 2
            && let Some(values) =
                elts.iter().map(|e| e.as_constant().cloned()).collect::<Option<Vec<Const>>>()
        {
            if tuple && pushed == 0 {
                self.load_const(Const::Tuple(values.into()));
            } else {
                let folded = if add == SET_ADD { frozen_set(values) } else { Const::Tuple(values.into()) };
                self.op_arg(build, pushed);
                self.load_const(folded);
                self.op_arg(extend, 1);
                if tuple {
                    self.op(LIST_TO_TUPLE);
                }
            }
            return Ok(());
        }
        let big = count + pushed as usize > STACK_USE_GUIDELINE;
        let starred = elts.iter().any(Expr::is_starred);
        if !starred && !big {
            elts.iter().try_for_each(|elt| self.expr(elt))?;
            self.op_arg(if tuple { BUILD_TUPLE } else { build }, count as u32 + pushed);
            return Ok(());
        }
        let mut built = false;
        if big {
            self.op_arg(build, pushed);
            built = true;
        }
        for (at, elt) in elts.iter().enumerate() {
            if let ExprKind::Starred { value, .. } = &elt.kind {
                if !built {
                    self.op_arg(build, at as u32 + pushed);
                    built = true;
                }
                self.expr(value)?;
                self.op_arg(extend, 1);
            } else {
                self.expr(elt)?;
                if built {
                    self.op_arg(add, 1);
                }
            }
        }
        if tuple {
            self.op(LIST_TO_TUPLE);
        }
        Ok(())
    }

    fn dict(&mut self, keys: &'a [Option<Expr>], values: &'a [Expr]) -> Res {
        let mut have_dict = false;
        let mut pending = 0;
        for (at, key) in keys.iter().enumerate() {
            if key.is_none() {
                if pending > 0 {
                    self.subdict(keys, values, at - pending, at)?;
                    if have_dict {
                        self.op_arg(DICT_UPDATE, 1);
                    }
                    have_dict = true;
                    pending = 0;
                }
                if !have_dict {
                    self.op_arg(BUILD_MAP, 0);
                    have_dict = true;
                }
                self.expr(&values[at])?;
                self.op_arg(DICT_UPDATE, 1);
            } else if pending * 2 > STACK_USE_GUIDELINE {
                self.subdict(keys, values, at - pending, at + 1)?;
                if have_dict {
                    self.op_arg(DICT_UPDATE, 1);
                }
                have_dict = true;
                pending = 0;
            } else {
                pending += 1;
            }
        }
        if pending > 0 {
            self.subdict(keys, values, keys.len() - pending, keys.len())?;
            if have_dict {
                self.op_arg(DICT_UPDATE, 1);
            }
            have_dict = true;
        }
        if !have_dict {
            self.op_arg(BUILD_MAP, 0);
        }
        Ok(())
    }

    fn subdict(&mut self, keys: &'a [Option<Expr>], values: &'a [Expr], begin: usize, end: usize) -> Res {
        let count = end - begin;
        let big = count * 2 > STACK_USE_GUIDELINE;
        if count > 1 && !big {
            let constants: Option<Vec<Const>> =
                keys[begin..end].iter().map(|key| key.as_ref()?.as_constant().cloned()).collect();
            if let Some(constants) = constants {
                values[begin..end].iter().try_for_each(|value| self.expr(value))?;
                self.load_const(Const::Tuple(constants.into()));
                self.op_arg(BUILD_CONST_KEY_MAP, count as u32);
                return Ok(());
            }
        }
        if big {
            self.op_arg(BUILD_MAP, 0);
        }
        for at in begin..end {
            if let Some(key) = &keys[at] {
                self.expr(key)?;
            }
            self.expr(&values[at])?;
            if big {
                self.op_arg(MAP_ADD, 1);
            }
        }
        if !big {
            self.op_arg(BUILD_MAP, count as u32);
        }
        Ok(())
    }

    /// Warns of subscripts that cannot work.
    fn check_subscript(&mut self, value: &Expr, slice: &Expr) {
        let loc = self.unit_ref().loc;
        let not_subscriptable = match &value.kind {
            ExprKind::Constant { value, .. } => {
                !matches!(value, Const::Str(_) | Const::Bytes(_) | Const::Tuple(_) | Const::FrozenSet(_))
                    || matches!(value, Const::FrozenSet(_))
            }
            ExprKind::Set(_) | ExprKind::Lambda { .. } => true,
            ExprKind::Comp(comp) => matches!(comp.kind, CompKind::Set | CompKind::Generator),
            _ => false,
        };
        if not_subscriptable {
            let name = inferred_type(value).unwrap_or("object");
            self.source
                .warn(loc, format!("'{name}' object is not subscriptable; perhaps you missed a comma?"));
            return;
        }
        let sequence = match &value.kind {
            ExprKind::Constant { value, .. } => {
                matches!(value, Const::Str(_) | Const::Bytes(_) | Const::Tuple(_))
            }
            ExprKind::Tuple { .. } | ExprKind::List { .. } | ExprKind::JoinedStr(_) => true,
            ExprKind::Comp(comp) => comp.kind == CompKind::List,
            ExprKind::FormattedValue { .. } => true,
            _ => false,
        };
        if !sequence {
            return;
        }
        let Some(index) = inferred_type(slice) else { return };
        if matches!(index, "int" | "bool" | "slice") {
            return;
        }
        let name = inferred_type(value).unwrap_or("object");
        self.source.warn(
            loc,
            format!("{name} indices must be integers or slices, not {index}; perhaps you missed a comma?"),
        );
    }
}

/// The type an expression is sure to have (`infer_type`).
pub(super) fn inferred_type(expr: &Expr) -> Option<&'static str> {
    Some(match &expr.kind {
        ExprKind::Tuple { .. } => "tuple",
        ExprKind::List { .. } => "list",
        ExprKind::Comp(comp) => match comp.kind {
            CompKind::Generator => "generator",
            CompKind::List | CompKind::Leaky => "list",
            CompKind::Set => "set",
            CompKind::Dict => "dict",
        },
        ExprKind::Dict { .. } => "dict",
        ExprKind::Set(_) => "set",
        ExprKind::Lambda { .. } => "function",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue { .. } => "str",
        ExprKind::Constant { value, .. } => match value {
            Const::None => "NoneType",
            Const::True | Const::False => "bool",
            Const::Ellipsis => "ellipsis",
            Const::Int(_) | Const::Long(_) => "int",
            Const::Float(_) => "float",
            Const::Complex { .. } => "complex",
            Const::Str(_) | Const::Unicode(_) => "str",
            Const::Bytes(_) => "bytes",
            Const::Tuple(_) => "tuple",
            Const::FrozenSet(_) => "frozenset",
            Const::Code(_) => "code",
        },
        ExprKind::Slice { .. } => "slice",
        _ => return None,
    })
}
