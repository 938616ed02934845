//! Expressions.

use std::sync::Arc;

use super::{Parser, Res};
use crate::code::object::{Const, Text, flags};
use crate::compile::ast::*;
use crate::syntax::classic::{Kind, Literal};

/// Binary operators by precedence, loosest first, below comparisons.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("|", Operator::BitOr)],
    &[("^", Operator::BitXor)],
    &[("&", Operator::BitAnd)],
    &[("<<", Operator::LShift), (">>", Operator::RShift)],
    &[("+", Operator::Add), ("-", Operator::Sub)],
    &[("*", Operator::Mult), ("/", Operator::ClassicDiv), ("%", Operator::Mod), ("//", Operator::FloorDiv)],
];

impl Parser<'_> {
    /// `testlist`: one expression, or a tuple.
    pub(super) fn testlist(&mut self) -> Res<Expr> {
        self.list_of(Self::test)
    }

    /// A comma-separated list that is a tuple if there is a comma.
    pub(super) fn list_of(&mut self, parse: fn(&mut Self) -> Res<Expr>) -> Res<Expr> {
        let start = self.here();
        let first = parse(self)?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut elts = vec![first];
        while self.eat(",") {
            if !self.starts_expression() {
                break;
            }
            elts.push(parse(self)?);
        }
        Ok(Expr::new(self.since(start), ExprKind::Tuple { elts, ctx: Ctx::Load }))
    }

    /// Whether the next token can begin an expression.
    pub(super) fn starts_expression(&self) -> bool {
        match self.peek().map(|token| &token.kind) {
            Some(Kind::Literal(_)) => true,
            Some(Kind::Name) => {
                let word = self.word();
                !self.is_keyword(word) || matches!(word, "not" | "lambda")
            }
            Some(Kind::Op) => matches!(self.word(), "(" | "[" | "{" | "`" | "-" | "+" | "~"),
            _ => false,
        }
    }

    /// `exprlist`: what stands before `in`, and after `del`.
    pub(super) fn exprlist(&mut self) -> Res<Expr> {
        self.list_of(|parser| parser.binary(0))
    }

    pub(super) fn test(&mut self) -> Res<Expr> {
        self.enter()?;
        let expr = if self.is("lambda") { self.lambda(Self::test) } else { self.conditional() };
        self.leave();
        expr
    }

    /// `old_test`, without conditional expressions: in comprehensions.
    fn old_test(&mut self) -> Res<Expr> {
        if self.is("lambda") { self.lambda(Self::old_test) } else { self.or_test() }
    }

    fn conditional(&mut self) -> Res<Expr> {
        let start = self.here();
        let body = self.or_test()?;
        if !self.eat("if") {
            return Ok(body);
        }
        let test = self.boxed(Self::or_test)?;
        self.expect("else")?;
        let orelse = self.boxed(Self::test)?;
        Ok(Expr::new(self.since(start), ExprKind::IfExp { test, body: Box::new(body), orelse }))
    }

    fn lambda(&mut self, body: fn(&mut Self) -> Res<Expr>) -> Res<Expr> {
        let start = self.here();
        self.expect("lambda")?;
        let id = self.fresh_id();
        let args = Box::new(self.parameters(":")?);
        self.expect(":")?;
        let body = self.boxed(body)?;
        Ok(Expr::new(self.since(start), ExprKind::Lambda { id, args, body }))
    }

    fn or_test(&mut self) -> Res<Expr> {
        self.bool_op("or", BoolOp::Or, Self::and_test)
    }

    fn and_test(&mut self) -> Res<Expr> {
        self.bool_op("and", BoolOp::And, Self::not_test)
    }

    fn bool_op(&mut self, word: &str, op: BoolOp, parse: fn(&mut Self) -> Res<Expr>) -> Res<Expr> {
        let start = self.here();
        let first = parse(self)?;
        if !self.is(word) {
            return Ok(first);
        }
        let mut values = vec![first];
        while self.eat(word) {
            values.push(parse(self)?);
        }
        Ok(Expr::new(self.since(start), ExprKind::BoolOp { op, values }))
    }

    fn not_test(&mut self) -> Res<Expr> {
        let start = self.here();
        if !self.eat("not") {
            return self.comparison();
        }
        self.enter()?;
        let operand = self.boxed(Self::not_test)?;
        self.leave();
        Ok(Expr::new(self.since(start), ExprKind::UnaryOp { op: UnaryOp::Not, operand }))
    }

    fn comparison(&mut self) -> Res<Expr> {
        let start = self.here();
        let first = self.binary(0)?;
        let (mut ops, mut comparators) = (Vec::new(), Vec::new());
        loop {
            let (op, tokens) = match self.word() {
                "<" => (CmpOp::Lt, 1),
                ">" => (CmpOp::Gt, 1),
                "==" => (CmpOp::Eq, 1),
                ">=" => (CmpOp::GtE, 1),
                "<=" => (CmpOp::LtE, 1),
                "<>" | "!=" => (CmpOp::NotEq, 1),
                "in" => (CmpOp::In, 1),
                "not" if self.word_at(1) == "in" => (CmpOp::NotIn, 2),
                "is" if self.word_at(1) == "not" => (CmpOp::IsNot, 2),
                "is" => (CmpOp::Is, 1),
                _ => break,
            };
            self.at += tokens;
            ops.push(op);
            comparators.push(self.binary(0)?);
        }
        if ops.is_empty() {
            return Ok(first);
        }
        let kind = ExprKind::Compare { left: Box::new(first), ops, comparators };
        Ok(Expr::new(self.since(start), kind))
    }

    fn binary(&mut self, level: usize) -> Res<Expr> {
        let Some(operators) = LEVELS.get(level) else { return self.factor() };
        let start = self.here();
        let mut left = self.binary(level + 1)?;
        while let Some((_, op)) = operators.iter().find(|(word, _)| self.is(word)) {
            self.at += 1;
            let right = Box::new(self.binary(level + 1)?);
            let op = match op {
                Operator::ClassicDiv if self.future & flags::FUTURE_DIVISION != 0 => Operator::Div,
                op => *op,
            };
            left = Expr::new(self.since(start), ExprKind::BinOp { left: Box::new(left), op, right });
        }
        Ok(left)
    }

    fn factor(&mut self) -> Res<Expr> {
        let start = self.here();
        let op = match self.word() {
            "-" => UnaryOp::USub,
            "+" => UnaryOp::UAdd,
            "~" => UnaryOp::Invert,
            _ => return self.power(),
        };
        self.at += 1;
        self.enter()?;
        let operand = self.boxed(Self::factor)?;
        self.leave();
        // The smallest int is written with a literal that is a long by itself.
        if op == UnaryOp::USub
            && let ExprKind::Constant { value: Const::Long(value), .. } = &operand.kind
            && *value == -num_bigint::BigInt::from(i64::MIN)
            && self.tokens[self.at - 1]
                .end
                .checked_sub(1)
                .is_some_and(|last| !matches!(self.text.as_bytes().get(last), Some(b'l' | b'L')))
        {
            let value = Const::Int(i64::MIN.into());
            return Ok(Expr::new(self.since(start), ExprKind::Constant { value, unicode: false }));
        }
        Ok(Expr::new(self.since(start), ExprKind::UnaryOp { op, operand }))
    }

    fn power(&mut self) -> Res<Expr> {
        let start = self.here();
        let mut expr = self.atom()?;
        loop {
            match self.word() {
                "(" => expr = self.call(start, expr)?,
                "[" => expr = self.subscript(start, expr)?,
                "." => {
                    self.at += 1;
                    let attr = if self.is("None") {
                        self.at += 1;
                        Identifier::from("None")
                    } else {
                        self.identifier()?
                    };
                    let kind = ExprKind::Attribute { value: Box::new(expr), attr, ctx: Ctx::Load };
                    expr = Expr::new(self.since(start), kind);
                }
                _ => break,
            }
        }
        if self.eat("**") {
            let right = self.boxed(Self::factor)?;
            let kind = ExprKind::BinOp { left: Box::new(expr), op: Operator::Pow, right };
            expr = Expr::new(self.since(start), kind);
        }
        Ok(expr)
    }

    fn atom(&mut self) -> Res<Expr> {
        let start = self.here();
        let Some(token) = self.peek() else { return Err(self.invalid()) };
        match &token.kind {
            Kind::Literal(literal @ (Literal::Str(_) | Literal::Unicode(_))) => {
                let literal = literal.clone();
                self.strings(literal)
            }
            Kind::Literal(literal) => {
                let value = match literal {
                    Literal::Int(value) => Const::Int(value.clone()),
                    Literal::Long(value) => Const::Long(value.clone()),
                    Literal::Float(value) => Const::Float(*value),
                    Literal::Imaginary(value) => Const::Complex { re: 0.0, im: *value },
                    Literal::Str(_) | Literal::Unicode(_) => return Err(self.invalid()),
                };
                self.at += 1;
                Ok(constant(self.since(start), value))
            }
            Kind::Name if self.is("None") => {
                self.at += 1;
                Ok(constant(self.since(start), Const::None))
            }
            Kind::Name => {
                let id = self.identifier()?;
                Ok(Expr::new(self.since(start), ExprKind::Name { id, ctx: Ctx::Load }))
            }
            Kind::Op => match self.word() {
                "(" => self.parenthesized(start),
                "[" => self.list(start),
                "{" => self.dict_or_set(start),
                "`" => {
                    self.at += 1;
                    let value = self.testlist()?;
                    self.expect("`")?;
                    Ok(Expr::new(self.since(start), ExprKind::Repr(Box::new(value))))
                }
                _ => Err(self.invalid()),
            },
            _ => Err(self.invalid()),
        }
    }

    /// One or more string literals in a row.
    fn strings(&mut self, first: Literal) -> Res<Expr> {
        let start = self.here();
        let mut unicode = false;
        let mut points = Vec::new();
        let mut next = Some(first);
        while let Some(literal) = next {
            let (text, is_unicode) = match &literal {
                Literal::Unicode(text) => (text, true),
                Literal::Str(text) => (text, self.future & flags::FUTURE_UNICODE_LITERALS != 0),
                _ => break,
            };
            unicode |= is_unicode;
            points.extend(text.code_points());
            self.at += 1;
            next = match self.peek().map(|token| &token.kind) {
                Some(Kind::Literal(literal)) => Some(literal.clone()),
                _ => None,
            };
        }
        let text = Text::from_code_points(points);
        let value = if unicode { Const::Unicode(text) } else { Const::Str(text) };
        Ok(constant(self.since(start), value))
    }

    fn parenthesized(&mut self, start: Location) -> Res<Expr> {
        self.expect("(")?;
        if self.eat(")") {
            let kind = ExprKind::Tuple { elts: Vec::new(), ctx: Ctx::Load };
            return Ok(Expr::new(self.since(start), kind));
        }
        if self.is("yield") {
            let value = self.yield_expr()?;
            self.expect(")")?;
            return Ok(value);
        }
        self.enter()?;
        let mut value = self.testlist()?;
        self.leave();
        if self.is("for") && !matches!(value.kind, ExprKind::Tuple { .. }) {
            value = self.comprehension(start, CompKind::Generator, value, None)?;
        }
        self.expect(")")?;
        value.loc = self.since(start);
        Ok(value)
    }

    fn list(&mut self, start: Location) -> Res<Expr> {
        self.expect("[")?;
        let mut elts = Vec::new();
        if !self.is("]") {
            let first = self.test()?;
            if self.is("for") {
                let mut comp = self.comprehension(start, CompKind::Leaky, first, None)?;
                self.expect("]")?;
                comp.loc = self.since(start);
                return Ok(comp);
            }
            elts.push(first);
            while self.eat(",") {
                if self.is("]") {
                    break;
                }
                elts.push(self.test()?);
            }
        }
        self.expect("]")?;
        Ok(Expr::new(self.since(start), ExprKind::List { elts, ctx: Ctx::Load }))
    }

    fn dict_or_set(&mut self, start: Location) -> Res<Expr> {
        self.expect("{")?;
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        let mut expr = None;
        if !self.is("}") {
            let first = self.test()?;
            if self.eat(":") {
                let value = self.test()?;
                if self.is("for") {
                    expr = Some(self.comprehension(start, CompKind::Dict, first, Some(value))?);
                } else {
                    keys.push(Some(first));
                    values.push(value);
                    while self.eat(",") && !self.is("}") {
                        keys.push(Some(self.test()?));
                        self.expect(":")?;
                        values.push(self.test()?);
                    }
                }
            } else if self.is("for") {
                expr = Some(self.comprehension(start, CompKind::Set, first, None)?);
            } else {
                let mut elts = vec![first];
                while self.eat(",") && !self.is("}") {
                    elts.push(self.test()?);
                }
                expr = Some(Expr::new(start, ExprKind::Set(elts)));
            }
        }
        self.expect("}")?;
        let loc = self.since(start);
        Ok(match expr {
            Some(mut expr) => {
                expr.loc = loc;
                expr
            }
            None => Expr::new(loc, ExprKind::Dict { keys, values }),
        })
    }

    fn comprehension(
        &mut self,
        start: Location,
        kind: CompKind,
        elt: Expr,
        value: Option<Expr>,
    ) -> Res<Expr> {
        let id = self.fresh_id();
        let mut generators: Vec<Comprehension> = Vec::new();
        while self.eat("for") {
            let target = self.exprlist()?;
            let target = self.target(target, Ctx::Store)?;
            self.expect("in")?;
            // Only a list comprehension takes several expressions without parentheses.
            let iter = if kind == CompKind::Leaky { self.list_of(Self::old_test)? } else { self.or_test()? };
            let mut ifs = Vec::new();
            while self.eat("if") {
                ifs.push(self.old_test()?);
            }
            generators.push(Comprehension { target, iter, ifs, is_async: false });
        }
        let comp = Comp { id, kind, elt, value, generators };
        Ok(Expr::new(self.since(start), ExprKind::Comp(Box::new(comp))))
    }

    pub(super) fn yield_expr(&mut self) -> Res<Expr> {
        let start = self.here();
        self.expect("yield")?;
        let value = if self.starts_expression() { Some(Box::new(self.testlist()?)) } else { None };
        Ok(Expr::new(self.since(start), ExprKind::Yield(value)))
    }

    fn subscript(&mut self, start: Location, value: Expr) -> Res<Expr> {
        self.expect("[")?;
        let from = self.here();
        let mut items = vec![self.subscript_item()?];
        let mut is_tuple = false;
        while self.eat(",") {
            is_tuple = true;
            if self.is("]") {
                break;
            }
            items.push(self.subscript_item()?);
        }
        let slice = match items.pop() {
            Some(only) if !is_tuple => only,
            last => {
                items.extend(last);
                Expr::new(self.since(from), ExprKind::Tuple { elts: items, ctx: Ctx::Load })
            }
        };
        self.expect("]")?;
        let kind = ExprKind::Subscript { value: Box::new(value), slice: Box::new(slice), ctx: Ctx::Load };
        Ok(Expr::new(self.since(start), kind))
    }

    /// One index or slice. A slice without a second colon has no `step` at all.
    fn subscript_item(&mut self) -> Res<Expr> {
        let start = self.here();
        if self.eat("...") {
            return Ok(constant(self.since(start), Const::Ellipsis));
        }
        let lower = if self.is(":") { None } else { Some(Box::new(self.test()?)) };
        if !self.eat(":") {
            return match lower {
                Some(index) => Ok(*index),
                None => Err(self.invalid()),
            };
        }
        let ends = |parser: &Self| matches!(parser.word(), ":" | "]" | ",");
        let upper = if ends(self) { None } else { Some(Box::new(self.test()?)) };
        let mut step = None;
        if self.eat(":") {
            let place = self.since(start);
            step = Some(Box::new(if ends(self) { constant(place, Const::None) } else { self.test()? }));
        }
        Ok(Expr::new(self.since(start), ExprKind::Slice { lower, upper, step }))
    }

    pub(super) fn call(&mut self, start: Location, func: Expr) -> Res<Expr> {
        let (args, keywords) = self.arguments()?;
        let kind = ExprKind::Call { func: Box::new(func), args, keywords };
        Ok(Expr::new(self.since(start), kind))
    }

    /// Arguments of a call, with their parentheses.
    pub(super) fn arguments(&mut self) -> Res<(Vec<Expr>, Vec<Keyword>)> {
        self.expect("(")?;
        let mut args: Vec<Expr> = Vec::new();
        let mut keywords: Vec<Keyword> = Vec::new();
        let mut star = None;
        let mut double_star = None;
        while !self.is(")") {
            let loc = self.here();
            if self.eat("**") {
                let value = self.test()?;
                double_star = Some(Keyword { loc, arg: None, value });
                self.eat(",");
                break;
            }
            if self.eat("*") {
                let value = self.boxed(Self::test)?;
                star = Some(Expr::new(self.since(loc), ExprKind::Starred { value, ctx: Ctx::Load }));
            } else {
                let value = self.test()?;
                if self.eat("=") {
                    let name = match &value.kind {
                        ExprKind::Name { id, .. } => id.clone(),
                        ExprKind::Constant { value: Const::None, .. } => {
                            return Err(self.error_at(loc, "cannot assign to None"));
                        }
                        ExprKind::Lambda { .. } => {
                            return Err(self.error_at(loc, "lambda cannot contain assignment"));
                        }
                        _ => return Err(self.error_at(loc, "keyword can't be an expression")),
                    };
                    if keywords.iter().any(|keyword| keyword.arg.as_ref() == Some(&name)) {
                        return Err(self.error_at(loc, "keyword argument repeated"));
                    }
                    let value = self.test()?;
                    keywords.push(Keyword { loc: self.since(loc), arg: Some(name), value });
                } else if self.is("for") {
                    let comp = self.comprehension(loc, CompKind::Generator, value, None)?;
                    if !args.is_empty() || !self.is(")") {
                        let message = "Generator expression must be parenthesized if not sole argument";
                        return Err(self.error_at(loc, message));
                    }
                    args.push(comp);
                } else {
                    if star.is_some() {
                        return Err(self.error_at(loc, "only named arguments may follow *expression"));
                    }
                    if !keywords.is_empty() {
                        return Err(self.error_at(loc, "non-keyword arg after keyword arg"));
                    }
                    args.push(value);
                }
            }
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        args.extend(star);
        keywords.extend(double_star);
        Ok((args, keywords))
    }

    /// Parameters up to (not including) the token `end`.
    pub(super) fn parameters(&mut self, end: &str) -> Res<Arguments> {
        let mut arguments = Arguments::default();
        while !self.is(end) {
            let loc = self.here();
            if self.eat("**") {
                let name = self.bound_identifier()?;
                arguments.kwarg = Some(Arg { loc, name, annotation: None });
                break;
            }
            if self.eat("*") {
                let name = self.bound_identifier()?;
                arguments.vararg = Some(Arg { loc, name, annotation: None });
                if self.eat(",") {
                    self.expect("**")?;
                    let loc = self.here();
                    let name = self.bound_identifier()?;
                    arguments.kwarg = Some(Arg { loc, name, annotation: None });
                }
                break;
            }
            let name = if self.is("(") {
                let target = self.parameter_list()?;
                match target.kind {
                    ExprKind::Name { id, .. } => id,
                    _ => {
                        let index = arguments.args.len();
                        arguments.unpack.push((index as u32, target));
                        Arc::from(format!(".{index}").as_str())
                    }
                }
            } else {
                self.bound_identifier()?
            };
            arguments.args.push(Arg { loc, name, annotation: None });
            if self.eat("=") {
                arguments.defaults.push(self.test()?);
            } else if !arguments.defaults.is_empty() {
                return Err(self.error_at(loc, "non-default argument follows default argument"));
            }
            if !self.eat(",") {
                break;
            }
        }
        Ok(arguments)
    }

    /// `(a, (b, c))` among the parameters.
    fn parameter_list(&mut self) -> Res<Expr> {
        let start = self.here();
        self.expect("(")?;
        let mut elts = Vec::new();
        let mut is_tuple = false;
        while !self.is(")") {
            let loc = self.here();
            elts.push(if self.is("(") {
                self.parameter_list()?
            } else {
                let id = self.bound_identifier()?;
                Expr::new(loc, ExprKind::Name { id, ctx: Ctx::Store })
            });
            if !self.eat(",") {
                break;
            }
            is_tuple = true;
        }
        self.expect(")")?;
        match elts.pop() {
            Some(only) if !is_tuple && elts.is_empty() => Ok(only),
            last => {
                elts.extend(last);
                Ok(Expr::new(self.since(start), ExprKind::Tuple { elts, ctx: Ctx::Store }))
            }
        }
    }
}

pub(super) fn constant(loc: Location, value: Const) -> Expr {
    let unicode = matches!(value, Const::Unicode(_));
    Expr::new(loc, ExprKind::Constant { value, unicode })
}
