//! Statements.

use std::sync::Arc;

use super::{Parser, Res};
use crate::code::object::{Const, flags};
use crate::compile::ast::*;
use crate::syntax::ErrorKind;
use crate::syntax::classic::Kind;

const AUGMENTED: [(&str, Operator); 12] = [
    ("+=", Operator::Add),
    ("-=", Operator::Sub),
    ("*=", Operator::Mult),
    ("/=", Operator::ClassicDiv),
    ("%=", Operator::Mod),
    ("**=", Operator::Pow),
    ("//=", Operator::FloorDiv),
    ("<<=", Operator::LShift),
    (">>=", Operator::RShift),
    ("&=", Operator::BitAnd),
    ("|=", Operator::BitOr),
    ("^=", Operator::BitXor),
];

impl Parser<'_> {
    /// One statement, or the simple statements of one line.
    pub(super) fn statement(&mut self, body: &mut Vec<Stmt>) -> Res<()> {
        self.enter()?;
        if self.peek().is_some_and(|token| token.kind == Kind::Indent) {
            return Err(self.invalid());
        }
        let start = self.here();
        let kind = match self.word() {
            "if" => Some(self.if_()?),
            "while" => Some(self.while_()?),
            "for" => Some(self.for_()?),
            "try" => Some(self.try_()?),
            "with" => Some(self.with_()?),
            "def" => Some(self.function(Vec::new())?),
            "class" => Some(self.class(Vec::new())?),
            "@" => Some(self.decorated()?),
            _ => None,
        };
        match kind {
            Some(kind) => {
                self.may_be_future = false;
                body.push(Stmt { loc: self.since(start), kind });
            }
            None => self.simple_line(body)?,
        }
        self.leave();
        Ok(())
    }

    fn simple_line(&mut self, body: &mut Vec<Stmt>) -> Res<()> {
        loop {
            let start = self.here();
            let first_text = body.is_empty();
            let kind = self.simple()?;
            let is_docstring = first_text
                && matches!(&kind, StmtKind::Expr(value) if matches!(value.as_constant(), Some(Const::Str(_))));
            let is_future = matches!(&kind, StmtKind::ImportFrom { module: Some(module), .. } if &**module == "__future__");
            if !is_docstring && !is_future {
                self.may_be_future = false;
            }
            body.push(Stmt { loc: self.since(start), kind });
            if !self.eat(";") {
                break;
            }
            if self.peek().is_some_and(|token| token.kind == Kind::Newline) {
                break;
            }
        }
        if self.eat_newline() || self.is_end() { Ok(()) } else { Err(self.invalid()) }
    }

    fn simple(&mut self) -> Res<StmtKind> {
        match self.word() {
            "print" if self.is_keyword("print") => self.print(),
            "del" => {
                self.at += 1;
                let targets = self.exprlist()?;
                let targets = match targets.kind {
                    ExprKind::Tuple { elts, .. } if !elts.is_empty() => elts,
                    _ => vec![targets],
                };
                let targets = targets
                    .into_iter()
                    .map(|target| self.target(target, Ctx::Del))
                    .collect::<Res<Vec<_>>>()?;
                Ok(StmtKind::Delete(targets))
            }
            "pass" => self.word_only(StmtKind::Pass),
            "break" => self.word_only(StmtKind::Break),
            "continue" => self.word_only(StmtKind::Continue),
            "return" => {
                self.at += 1;
                let value = if self.starts_expression() { Some(self.boxed(Self::testlist)?) } else { None };
                Ok(StmtKind::Return(value))
            }
            "raise" => {
                self.at += 1;
                let mut parts = Vec::new();
                if self.starts_expression() {
                    parts.push(self.test()?);
                    while parts.len() < 3 && self.eat(",") {
                        parts.push(self.test()?);
                    }
                }
                Ok(StmtKind::ClassicRaise(parts))
            }
            "global" => {
                self.at += 1;
                let mut names = vec![self.identifier()?];
                while self.eat(",") {
                    names.push(self.identifier()?);
                }
                Ok(StmtKind::Global(names))
            }
            "exec" => self.exec(),
            "assert" => {
                self.at += 1;
                let test = self.boxed(Self::test)?;
                let msg = if self.eat(",") { Some(self.boxed(Self::test)?) } else { None };
                Ok(StmtKind::Assert { test, msg })
            }
            "import" => self.import(),
            "from" => self.import_from(),
            _ => self.expression(),
        }
    }

    fn word_only(&mut self, kind: StmtKind) -> Res<StmtKind> {
        self.at += 1;
        Ok(kind)
    }

    fn expression(&mut self) -> Res<StmtKind> {
        let first = if self.is("yield") { self.yield_expr()? } else { self.testlist()? };
        if let Some((_, op)) = AUGMENTED.iter().find(|(word, _)| self.is(word)) {
            let target = Box::new(self.augmented_target(first)?);
            self.at += 1;
            let value = Box::new(self.yield_or_testlist()?);
            let op = match op {
                Operator::ClassicDiv if self.future & flags::FUTURE_DIVISION != 0 => Operator::Div,
                op => *op,
            };
            return Ok(StmtKind::AugAssign { target, op, value });
        }
        if !self.is("=") {
            return Ok(StmtKind::Expr(Box::new(first)));
        }
        let mut parts = vec![first];
        while self.eat("=") {
            parts.push(self.yield_or_testlist()?);
        }
        let Some(value) = parts.pop() else { return Err(self.invalid()) };
        let targets = parts.into_iter().map(|part| self.target(part, Ctx::Store)).collect::<Res<Vec<_>>>()?;
        Ok(StmtKind::Assign { targets, value: Box::new(value) })
    }

    fn yield_or_testlist(&mut self) -> Res<Expr> {
        if self.is("yield") { self.yield_expr() } else { self.testlist() }
    }

    fn print(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let mut values = Vec::new();
        let mut newline = true;
        let mut dest = None;
        if self.eat(">>") {
            dest = Some(self.boxed(Self::test)?);
            if !self.eat(",") {
                return Ok(StmtKind::Print { dest, values, newline });
            }
            // A comma must be followed by something here.
            values.push(self.test()?);
        } else if self.starts_expression() {
            values.push(self.test()?);
        } else {
            return Ok(StmtKind::Print { dest, values, newline });
        }
        while self.eat(",") {
            if !self.starts_expression() {
                newline = false;
                break;
            }
            values.push(self.test()?);
        }
        Ok(StmtKind::Print { dest, values, newline })
    }

    fn exec(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let body = Box::new(self.exec_operand()?);
        let (mut globals, mut locals) = (None, None);
        if self.eat("in") {
            globals = Some(self.boxed(Self::test)?);
            if self.eat(",") {
                locals = Some(self.boxed(Self::test)?);
            }
        } else if let ExprKind::Tuple { elts, .. } = &body.kind
            && (2..=3).contains(&elts.len())
        {
            // `exec(code, globals)` means `exec code in globals`.
            let mut parts = elts.clone().into_iter();
            let body = parts.next().map(Box::new).ok_or_else(|| self.invalid())?;
            return Ok(StmtKind::Exec {
                body,
                globals: parts.next().map(Box::new),
                locals: parts.next().map(Box::new),
            });
        }
        Ok(StmtKind::Exec { body, globals, locals })
    }

    /// `expr`: the operand of `exec`, which ends before `in`.
    fn exec_operand(&mut self) -> Res<Expr> {
        self.exprlist()
    }

    fn dotted_name(&mut self) -> Res<Identifier> {
        let mut name = self.identifier()?.to_string();
        while self.eat(".") {
            name.push('.');
            name.push_str(&self.identifier()?);
        }
        Ok(Arc::from(name.as_str()))
    }

    fn import(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let mut names = Vec::new();
        loop {
            let loc = self.here();
            let name = self.dotted_name()?;
            let asname = if self.eat("as") { Some(self.bound_identifier()?) } else { None };
            names.push(Alias { loc: self.since(loc), name, asname });
            if !self.eat(",") {
                return Ok(StmtKind::Import(names));
            }
        }
    }

    fn import_from(&mut self) -> Res<StmtKind> {
        let start = self.here();
        self.at += 1;
        let mut level = 0;
        loop {
            match self.word() {
                "." => level += 1,
                "..." => level += 3,
                _ => break,
            }
            self.at += 1;
        }
        let module = if level > 0 && self.is("import") { None } else { Some(self.dotted_name()?) };
        self.expect("import")?;
        let mut names = Vec::new();
        let loc = self.here();
        if self.eat("*") {
            names.push(Alias { loc, name: Arc::from("*"), asname: None });
        } else {
            let closed = self.eat("(");
            loop {
                let loc = self.here();
                let name = self.identifier()?;
                let asname = if self.eat("as") { Some(self.bound_identifier()?) } else { None };
                names.push(Alias { loc: self.since(loc), name, asname });
                if !self.eat(",") {
                    break;
                }
                if closed && self.is(")") {
                    break;
                }
                if !closed && !self.at_name() {
                    return Err(self.error_here("trailing comma not allowed without surrounding parentheses"));
                }
            }
            if closed {
                self.expect(")")?;
            }
        }
        if level == 0 && module.as_deref() == Some("__future__") {
            self.future_import(start, &names)?;
        }
        Ok(StmtKind::ImportFrom { module, names, level })
    }

    fn future_import(&mut self, start: Location, names: &[Alias]) -> Res<()> {
        if !self.may_be_future {
            let message = "from __future__ imports must occur at the beginning of the file";
            return Err(self.error_at(start, message));
        }
        for alias in names {
            self.future |= match &*alias.name {
                "division" => flags::FUTURE_DIVISION,
                "print_function" => flags::FUTURE_PRINT_FUNCTION,
                "unicode_literals" => flags::FUTURE_UNICODE_LITERALS,
                "absolute_import" => flags::FUTURE_ABSOLUTE_IMPORT,
                "nested_scopes" | "generators" | "with_statement" => 0,
                "braces" => return Err(self.error_at(start, "not a chance")),
                other => {
                    return Err(self.error_at(start, &format!("future feature {other} is not defined")));
                }
            };
        }
        Ok(())
    }

    // --- compound statements ---

    fn suite(&mut self) -> Res<Vec<Stmt>> {
        self.expect(":")?;
        let mut body = Vec::new();
        if !self.eat_newline() {
            self.simple_line(&mut body)?;
            return Ok(body);
        }
        if !self.eat_kind(&Kind::Indent) {
            let error = match self.peek() {
                Some(token) => self.error_at_token(token, "expected an indented block"),
                None => self.invalid(),
            };
            return Err(error.with_kind(ErrorKind::Indentation));
        }
        while !self.eat_kind(&Kind::Dedent) {
            if self.is_end() {
                return Err(self.invalid());
            }
            if self.eat_newline() {
                continue;
            }
            self.statement(&mut body)?;
        }
        Ok(body)
    }

    fn if_(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let test = self.boxed(Self::test)?;
        let body = self.suite()?;
        let start = self.here();
        let orelse = if self.is("elif") {
            self.enter()?;
            let kind = self.if_()?;
            self.leave();
            vec![Stmt { loc: self.since(start), kind }]
        } else {
            self.else_()?
        };
        Ok(StmtKind::If { test, body, orelse })
    }

    fn else_(&mut self) -> Res<Vec<Stmt>> {
        if self.eat("else") { self.suite() } else { Ok(Vec::new()) }
    }

    fn while_(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let test = self.boxed(Self::test)?;
        let body = self.suite()?;
        let orelse = self.else_()?;
        Ok(StmtKind::While { test, body, orelse })
    }

    fn for_(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let target = self.exprlist()?;
        let target = Box::new(self.target(target, Ctx::Store)?);
        self.expect("in")?;
        let iter = self.boxed(Self::testlist)?;
        let body = self.suite()?;
        let orelse = self.else_()?;
        Ok(StmtKind::For { target, iter, body, orelse, is_async: false })
    }

    fn try_(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let body = self.suite()?;
        let mut handlers = Vec::new();
        while self.is("except") {
            let loc = self.here();
            self.at += 1;
            let (mut typ, mut target) = (None, None);
            if !self.is(":") {
                typ = Some(self.test()?);
                if self.eat("as") || self.eat(",") {
                    let value = self.test()?;
                    target = Some(self.target(value, Ctx::Store)?);
                }
            }
            let body = self.suite()?;
            handlers.push(ExceptHandler { loc: self.since(loc), typ, name: None, target, body });
        }
        let orelse = if handlers.is_empty() { Vec::new() } else { self.else_()? };
        let finalbody = if self.eat("finally") { self.suite()? } else { Vec::new() };
        if handlers.is_empty() && finalbody.is_empty() {
            return Err(self.invalid());
        }
        Ok(StmtKind::Try { body, handlers, orelse, finalbody, star: false })
    }

    fn with_(&mut self) -> Res<StmtKind> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            let context = self.test()?;
            let vars = if self.eat("as") {
                // A target needs no comparison; whatever is none is refused as a target.
                let target = self.test()?;
                Some(self.target(target, Ctx::Store)?)
            } else {
                None
            };
            items.push(WithItem { context, vars });
            if !self.eat(",") {
                break;
            }
        }
        let body = self.suite()?;
        Ok(StmtKind::With { items, body, is_async: false })
    }

    fn decorated(&mut self) -> Res<StmtKind> {
        let mut decorators = Vec::new();
        while self.eat("@") {
            let start = self.here();
            let id = self.identifier()?;
            let mut expr = Expr::new(self.since(start), ExprKind::Name { id, ctx: Ctx::Load });
            while self.eat(".") {
                let attr = self.identifier()?;
                let kind = ExprKind::Attribute { value: Box::new(expr), attr, ctx: Ctx::Load };
                expr = Expr::new(self.since(start), kind);
            }
            if self.is("(") {
                expr = self.call(start, expr)?;
            }
            if !self.eat_newline() {
                return Err(self.invalid());
            }
            decorators.push(expr);
        }
        match self.word() {
            "def" => self.function(decorators),
            "class" => self.class(decorators),
            _ => Err(self.invalid()),
        }
    }

    fn function(&mut self, decorators: Vec<Expr>) -> Res<StmtKind> {
        self.expect("def")?;
        let id = self.fresh_id();
        let name = self.bound_identifier()?;
        self.expect("(")?;
        let args = self.parameters(")")?;
        self.expect(")")?;
        let body = self.suite()?;
        let def = FunctionDef { id, name, args, body, decorators, returns: None, is_async: false };
        Ok(StmtKind::FunctionDef(Box::new(def)))
    }

    fn class(&mut self, decorators: Vec<Expr>) -> Res<StmtKind> {
        self.expect("class")?;
        let id = self.fresh_id();
        let name = self.bound_identifier()?;
        let mut bases = Vec::new();
        if self.eat("(") {
            while !self.is(")") {
                bases.push(self.test()?);
                if !self.eat(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        let body = self.suite()?;
        let def = ClassDef { id, name, bases, keywords: Vec::new(), body, decorators };
        Ok(StmtKind::ClassDef(Box::new(def)))
    }
}
