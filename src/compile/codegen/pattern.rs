//! `match`.
//!
//! While a pattern is matched, the names it will bind lie on the stack below whatever the pattern
//! still needs; they are stored only when the whole pattern has matched.

use num_bigint::BigInt;

use super::super::ast::*;
use super::{Codegen, Res};
use crate::code::object::{Const, Text};
use crate::code::opcode::Opcode::{self, *};
use crate::compile::flow::BlockId;

/// State of one case.
#[derive(Clone, Default)]
struct Matching {
    /// Names captured so far, in stack order.
    stores: Vec<Identifier>,
    allow_irrefutable: bool,
    /// `fail_pop[n]` pops n values and fails.
    fail_pop: Vec<BlockId>,
    /// Values on top of the captures that a failure has to pop.
    on_top: usize,
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(&pattern.kind, PatternKind::As { name: None, .. })
}

fn is_star_wildcard(pattern: &Pattern) -> bool {
    matches!(&pattern.kind, PatternKind::Star(None))
}

impl<'a> Codegen<'a> {
    pub(super) fn match_(&mut self, subject: &'a Expr, cases: &'a [MatchCase]) -> Res {
        self.expr(subject)?;
        let end = self.new_block();
        let Some((last, _)) = cases.split_last() else { return Ok(()) };
        let has_default = is_wildcard(&last.pattern) && cases.len() > 1;
        let count = cases.len() - usize::from(has_default);
        let mut state = Matching::default();
        for (at, case) in cases.iter().take(count).enumerate() {
            let copies = at != count - 1;
            self.set_loc(case.pattern.loc);
            if copies {
                self.op_arg(COPY, 1);
            }
            state.stores.clear();
            state.allow_irrefutable = case.guard.is_some() || at == cases.len() - 1;
            state.fail_pop.clear();
            state.on_top = 0;
            self.pattern(&case.pattern, &mut state)?;
            for name in std::mem::take(&mut state.stores) {
                self.name_op(&name, Ctx::Store)?;
            }
            if let Some(guard) = &case.guard {
                self.ensure_fail_pop(&mut state, 0);
                let fail = state.fail_pop[0];
                self.jump_if(guard, fail, false)?;
            }
            if copies {
                self.op(POP_TOP);
            }
            self.stmts(&case.body)?;
            self.jump_no_line(JUMP, end);
            self.set_loc(case.pattern.loc);
            self.emit_fail_pop(&mut state);
        }
        if has_default {
            self.set_loc(last.pattern.loc);
            // Shows that the line was reached; there is nothing to match.
            self.op(if cases.len() == 1 { POP_TOP } else { NOP });
            if let Some(guard) = &last.guard {
                self.jump_if(guard, end, false)?;
            }
            self.stmts(&last.body)?;
        }
        self.use_block(end);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, state: &mut Matching, index: usize) {
        while state.fail_pop.len() <= index {
            let block = self.new_block();
            state.fail_pop.push(block);
        }
    }

    fn jump_to_fail_pop(&mut self, state: &mut Matching, op: Opcode) {
        let pops = state.on_top + state.stores.len();
        self.ensure_fail_pop(state, pops);
        self.jump(op, state.fail_pop[pops]);
    }

    fn emit_fail_pop(&mut self, state: &mut Matching) {
        let blocks = std::mem::take(&mut state.fail_pop);
        for (at, block) in blocks.into_iter().enumerate().rev() {
            self.use_block(block);
            if at > 0 {
                self.op(POP_TOP);
            }
        }
    }

    fn rotate(&mut self, count: usize) {
        for depth in (2..=count).rev() {
            self.op_arg(SWAP, depth as u32);
        }
    }

    fn capture(&mut self, name: Option<&Identifier>, state: &mut Matching) -> Res {
        let Some(name) = name else {
            self.op(POP_TOP);
            return Ok(());
        };
        self.forbidden(name, Ctx::Store)?;
        if state.stores.contains(name) {
            return self.error(format!("multiple assignments to name '{name}' in pattern"));
        }
        self.rotate(state.on_top + state.stores.len() + 1);
        state.stores.push(name.clone());
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a Pattern, state: &mut Matching) -> Res {
        // Not set back: what follows a pattern stands where its last part does.
        self.set_loc(pattern.loc);
        match &pattern.kind {
            PatternKind::Value(value) => self.expr(value).map(|()| {
                self.compare_op(CmpOp::Eq);
                self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
            }),
            PatternKind::Singleton(value) => {
                self.load_const(value.clone());
                self.compare_op(CmpOp::Is);
                self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
                Ok(())
            }
            PatternKind::Sequence(patterns) => self.sequence(patterns, state),
            PatternKind::Mapping { keys, patterns, rest } => {
                self.mapping(keys, patterns, rest.as_ref(), state)
            }
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_locs, kwd_patterns } => {
                let _ = kwd_locs;
                self.class_pattern(pattern.loc, cls, patterns, kwd_attrs, kwd_patterns, state)
            }
            PatternKind::Star(name) => self.capture(name.as_ref(), state),
            PatternKind::As { pattern: inner, name } => {
                self.as_pattern(inner.as_deref(), name.as_ref(), state)
            }
            PatternKind::Or(alternatives) => self.or_pattern(alternatives, state),
        }
    }

    fn subpattern(&mut self, pattern: &'a Pattern, state: &mut Matching) -> Res {
        let allowed = std::mem::replace(&mut state.allow_irrefutable, true);
        let result = self.pattern(pattern, state);
        state.allow_irrefutable = allowed;
        result
    }

    fn as_pattern(
        &mut self,
        inner: Option<&'a Pattern>,
        name: Option<&'a Identifier>,
        state: &mut Matching,
    ) -> Res {
        let Some(inner) = inner else {
            if !state.allow_irrefutable {
                return match name {
                    Some(name) => {
                        self.error(format!("name capture '{name}' makes remaining patterns unreachable"))
                    }
                    None => self.error("wildcard makes remaining patterns unreachable"),
                };
            }
            return self.capture(name, state);
        };
        state.on_top += 1;
        self.op_arg(COPY, 1);
        self.pattern(inner, state)?;
        state.on_top -= 1;
        self.capture(name, state)
    }

    fn load_int(&mut self, value: usize) {
        self.load_const(Const::Int(BigInt::from(value)));
    }

    fn sequence(&mut self, patterns: &'a [Pattern], state: &mut Matching) -> Res {
        let size = patterns.len();
        let mut star = None;
        let mut only_wildcard = true;
        let mut star_wildcard = false;
        for (at, pattern) in patterns.iter().enumerate() {
            if matches!(pattern.kind, PatternKind::Star(_)) {
                if star.is_some() {
                    return self.error("multiple starred names in sequence pattern");
                }
                star_wildcard = is_star_wildcard(pattern);
                only_wildcard &= star_wildcard;
                star = Some(at);
                continue;
            }
            only_wildcard &= is_wildcard(pattern);
        }
        state.on_top += 1;
        self.op(MATCH_SEQUENCE);
        self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
        if star.is_none() {
            self.op(GET_LEN);
            self.load_int(size);
            self.compare_op(CmpOp::Eq);
            self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
        } else if size > 1 {
            self.op(GET_LEN);
            self.load_int(size - 1);
            self.compare_op(CmpOp::GtE);
            self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
        }
        state.on_top -= 1;
        if only_wildcard {
            self.op(POP_TOP);
            Ok(())
        } else if star_wildcard {
            self.sequence_by_index(patterns, star.unwrap_or(size), state)
        } else {
            self.sequence_unpacked(patterns, star, state)
        }
    }

    fn sequence_unpacked(
        &mut self,
        patterns: &'a [Pattern],
        star: Option<usize>,
        state: &mut Matching,
    ) -> Res {
        let size = patterns.len();
        match star {
            Some(at) => {
                if at >= 1 << 8 || size - at > 1 << 23 {
                    return self.error("too many expressions in star-unpacking sequence pattern");
                }
                self.op_arg(UNPACK_EX, (at + ((size - at - 1) << 8)) as u32);
            }
            None => self.op_arg(UNPACK_SEQUENCE, size as u32),
        }
        state.on_top += size;
        for pattern in patterns {
            state.on_top -= 1;
            self.subpattern(pattern, state)?;
        }
        Ok(())
    }

    fn sequence_by_index(&mut self, patterns: &'a [Pattern], star: usize, state: &mut Matching) -> Res {
        state.on_top += 1;
        let size = patterns.len();
        for (at, pattern) in patterns.iter().enumerate() {
            if at == star || is_wildcard(pattern) {
                continue;
            }
            self.op_arg(COPY, 1);
            if at < star {
                self.load_int(at);
            } else {
                self.op(GET_LEN);
                self.load_int(size - at);
                self.op_arg(BINARY_OP, 10);
            }
            self.op(BINARY_SUBSCR);
            self.subpattern(pattern, state)?;
        }
        state.on_top -= 1;
        self.op(POP_TOP);
        Ok(())
    }

    fn mapping(
        &mut self,
        keys: &'a [Expr],
        patterns: &'a [Pattern],
        rest: Option<&'a Identifier>,
        state: &mut Matching,
    ) -> Res {
        let size = keys.len();
        state.on_top += 1;
        self.op(MATCH_MAPPING);
        self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
        if size == 0 && rest.is_none() {
            state.on_top -= 1;
            self.op(POP_TOP);
            return Ok(());
        }
        if size > 0 {
            self.op(GET_LEN);
            self.load_int(size);
            self.compare_op(CmpOp::GtE);
            self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
        }
        for (at, key) in keys.iter().enumerate() {
            match &key.kind {
                ExprKind::Constant { value, .. } => {
                    let repeated = keys[..at].iter().any(|k| k.as_constant().is_some_and(|k| k.same(value)));
                    if repeated {
                        let text = crate::compile::unparse::unparse(key);
                        return self.error(format!("mapping pattern checks duplicate key ({text})"));
                    }
                }
                ExprKind::Attribute { .. } | ExprKind::UnaryOp { .. } | ExprKind::BinOp { .. } => {}
                _ => {
                    return self.error("mapping pattern keys may only match literals and attribute lookups");
                }
            }
            self.expr(key)?;
        }
        self.op_arg(BUILD_TUPLE, size as u32);
        self.op(MATCH_KEYS);
        state.on_top += 2;
        self.op_arg(COPY, 1);
        self.load_const(Const::None);
        self.op_arg(IS_OP, 1);
        self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
        self.op_arg(UNPACK_SEQUENCE, size as u32);
        state.on_top = state.on_top + size - 1;
        for pattern in patterns {
            state.on_top -= 1;
            self.subpattern(pattern, state)?;
        }
        state.on_top -= 2;
        match rest {
            Some(rest) => {
                self.op_arg(BUILD_MAP, 0);
                self.op_arg(SWAP, 3);
                self.op_arg(DICT_UPDATE, 2);
                self.op_arg(UNPACK_SEQUENCE, size as u32);
                for left in (1..=size).rev() {
                    self.op_arg(COPY, 1 + left as u32);
                    self.op_arg(SWAP, 2);
                    self.op(DELETE_SUBSCR);
                }
                self.capture(Some(rest), state)
            }
            None => {
                self.op(POP_TOP);
                self.op(POP_TOP);
                Ok(())
            }
        }
    }

    fn class_pattern(
        &mut self,
        loc: Location,
        cls: &'a Expr,
        patterns: &'a [Pattern],
        attrs: &'a [Identifier],
        attr_patterns: &'a [Pattern],
        state: &mut Matching,
    ) -> Res {
        for (at, attr) in attrs.iter().enumerate() {
            self.forbidden(attr, Ctx::Store)?;
            if let Some(later) = attrs[at + 1..].iter().position(|other| other == attr) {
                let place = attr_patterns.get(at + 1 + later).map_or(loc, |pattern| pattern.loc);
                return self.error_at(place, format!("attribute name repeated in class pattern: {attr}"));
            }
        }
        self.set_loc(loc);
        self.expr(cls)?;
        let names: Vec<Const> = attrs.iter().map(|attr| Const::Str(Text::from(&**attr))).collect();
        self.load_const(Const::Tuple(names.into()));
        self.op_arg(MATCH_CLASS, patterns.len() as u32);
        self.op_arg(COPY, 1);
        self.load_const(Const::None);
        self.op_arg(IS_OP, 1);
        state.on_top += 1;
        self.jump_to_fail_pop(state, POP_JUMP_IF_FALSE);
        let count = patterns.len() + attrs.len();
        self.op_arg(UNPACK_SEQUENCE, count as u32);
        state.on_top = state.on_top + count - 1;
        for pattern in patterns.iter().chain(attr_patterns) {
            state.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(POP_TOP);
                continue;
            }
            self.subpattern(pattern, state)?;
        }
        Ok(())
    }

    fn or_pattern(&mut self, alternatives: &'a [Pattern], state: &mut Matching) -> Res {
        let end = self.new_block();
        let size = alternatives.len();
        let mut control: Vec<Identifier> = Vec::new();
        for (at, alternative) in alternatives.iter().enumerate() {
            let mut inner = Matching {
                allow_irrefutable: at + 1 == size && state.allow_irrefutable,
                ..Matching::default()
            };
            self.set_loc(alternative.loc);
            self.op_arg(COPY, 1);
            self.pattern(alternative, &mut inner)?;
            if at == 0 {
                control = inner.stores.clone();
            } else if inner.stores.len() != control.len() {
                return self.error("alternative patterns bind different names");
            } else {
                for wanted in (0..control.len()).rev() {
                    let Some(found) = inner.stores.iter().position(|name| *name == control[wanted]) else {
                        return self.error("alternative patterns bind different names");
                    };
                    if wanted != found {
                        let rotations = found + 1;
                        let rotated: Vec<Identifier> = inner.stores.drain(..rotations).collect();
                        let place = wanted - found;
                        inner.stores.splice(place..place, rotated);
                        for _ in 0..rotations {
                            self.rotate(wanted + 1);
                        }
                    }
                }
            }
            self.jump(JUMP, end);
            self.emit_fail_pop(&mut inner);
        }
        self.op(POP_TOP);
        self.jump_to_fail_pop(state, JUMP);
        self.use_block(end);
        let rotations = control.len() + 1 + state.on_top + state.stores.len();
        for name in control {
            self.rotate(rotations);
            if state.stores.contains(&name) {
                return self.error(format!("multiple assignments to name '{name}' in pattern"));
            }
            state.stores.push(name);
        }
        self.op(POP_TOP);
        Ok(())
    }
}
