//! Statements.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Lower, Result_};
use crate::compile::ast::*;

impl Lower<'_> {
    pub(super) fn body(&mut self, body: &[ruff::Stmt]) -> Result_<Vec<Stmt>> {
        body.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    fn exprs(&mut self, exprs: &[ruff::Expr]) -> Result_<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn stmt(&mut self, stmt: &ruff::Stmt) -> Result_<Stmt> {
        self.enter()?;
        let mut loc = match stmt {
            ruff::Stmt::For(_)
            | ruff::Stmt::While(_)
            | ruff::Stmt::If(_)
            | ruff::Stmt::With(_)
            | ruff::Stmt::Match(_)
            | ruff::Stmt::Try(_) => self.block_location(stmt.range()),
            _ => self.location(stmt),
        };
        let kind = match stmt {
            ruff::Stmt::FunctionDef(def) => {
                loc = self.definition_location(def.range, &def.decorator_list);
                StmtKind::FunctionDef(Box::new(FunctionDef {
                    id: self.fresh_id(),
                    name: self.identifier(&def.name),
                    args: self.parameters(&def.parameters)?,
                    body: self.body(&def.body)?,
                    decorators: self.decorators(&def.decorator_list)?,
                    returns: def.returns.as_deref().map(|returns| self.expr(returns)).transpose()?,
                    is_async: def.is_async,
                }))
            }
            ruff::Stmt::ClassDef(def) => {
                loc = self.definition_location(def.range, &def.decorator_list);
                let (bases, keywords) = match &def.arguments {
                    Some(arguments) => self.arguments(arguments)?,
                    None => (Vec::new(), Vec::new()),
                };
                StmtKind::ClassDef(Box::new(ClassDef {
                    id: self.fresh_id(),
                    name: self.identifier(&def.name),
                    bases,
                    keywords,
                    body: self.body(&def.body)?,
                    decorators: self.decorators(&def.decorator_list)?,
                }))
            }
            ruff::Stmt::Return(node) => StmtKind::Return(self.optional(node.value.as_deref())?),
            ruff::Stmt::Delete(node) => StmtKind::Delete(self.exprs(&node.targets)?),
            ruff::Stmt::Assign(node) => {
                StmtKind::Assign { targets: self.exprs(&node.targets)?, value: self.boxed(&node.value)? }
            }
            ruff::Stmt::AugAssign(node) => StmtKind::AugAssign {
                target: self.boxed(&node.target)?,
                op: operator(node.op),
                value: self.boxed(&node.value)?,
            },
            ruff::Stmt::AnnAssign(node) => StmtKind::AnnAssign {
                target: self.boxed(&node.target)?,
                annotation: self.boxed(&node.annotation)?,
                value: self.optional(node.value.as_deref())?,
                simple: node.simple,
            },
            ruff::Stmt::For(node) => StmtKind::For {
                target: self.boxed(&node.target)?,
                iter: self.boxed(&node.iter)?,
                body: self.body(&node.body)?,
                orelse: self.body(&node.orelse)?,
                is_async: node.is_async,
            },
            ruff::Stmt::While(node) => StmtKind::While {
                test: self.boxed(&node.test)?,
                body: self.body(&node.body)?,
                orelse: self.body(&node.orelse)?,
            },
            ruff::Stmt::If(node) => StmtKind::If {
                test: self.boxed(&node.test)?,
                body: self.body(&node.body)?,
                orelse: self.elif_chain(&node.elif_else_clauses, node.range)?,
            },
            ruff::Stmt::With(node) => StmtKind::With {
                items: node
                    .items
                    .iter()
                    .map(|item| {
                        Ok(WithItem {
                            context: self.expr(&item.context_expr)?,
                            vars: item.optional_vars.as_deref().map(|vars| self.expr(vars)).transpose()?,
                        })
                    })
                    .collect::<Result_<_>>()?,
                body: self.body(&node.body)?,
                is_async: node.is_async,
            },
            ruff::Stmt::Match(node) => StmtKind::Match {
                subject: self.boxed(&node.subject)?,
                cases: node
                    .cases
                    .iter()
                    .map(|case| {
                        Ok(MatchCase {
                            pattern: self.pattern(&case.pattern)?,
                            guard: case.guard.as_deref().map(|guard| self.expr(guard)).transpose()?,
                            body: self.body(&case.body)?,
                        })
                    })
                    .collect::<Result_<_>>()?,
            },
            ruff::Stmt::Raise(node) => StmtKind::Raise {
                exc: self.optional(node.exc.as_deref())?,
                cause: self.optional(node.cause.as_deref())?,
            },
            ruff::Stmt::Try(node) => StmtKind::Try {
                body: self.body(&node.body)?,
                handlers: node
                    .handlers
                    .iter()
                    .map(|ruff::ExceptHandler::ExceptHandler(handler)| {
                        Ok(ExceptHandler {
                            loc: self.block_location(handler.range),
                            typ: handler.type_.as_deref().map(|typ| self.expr(typ)).transpose()?,
                            name: handler.name.as_ref().map(|name| self.identifier(name)),
                            target: None,
                            body: self.body(&handler.body)?,
                        })
                    })
                    .collect::<Result_<_>>()?,
                orelse: self.body(&node.orelse)?,
                finalbody: self.body(&node.finalbody)?,
                star: node.is_star,
            },
            ruff::Stmt::Assert(node) => {
                StmtKind::Assert { test: self.boxed(&node.test)?, msg: self.optional(node.msg.as_deref())? }
            }
            ruff::Stmt::Import(node) => StmtKind::Import(self.aliases(&node.names)),
            ruff::Stmt::ImportFrom(node) => StmtKind::ImportFrom {
                module: node.module.as_ref().map(|module| self.identifier(module)),
                names: self.aliases(&node.names),
                level: node.level,
            },
            ruff::Stmt::Global(node) => {
                StmtKind::Global(node.names.iter().map(|name| self.identifier(name)).collect())
            }
            ruff::Stmt::Nonlocal(node) => {
                StmtKind::Nonlocal(node.names.iter().map(|name| self.identifier(name)).collect())
            }
            ruff::Stmt::Expr(node) => match &*node.value {
                // Masked for the parser, which takes no `;` after a `raise` without a value.
                ruff::Expr::Name(name) if self.parsed.text(name) == "raise" => {
                    StmtKind::Raise { exc: None, cause: None }
                }
                value => StmtKind::Expr(self.boxed(value)?),
            },
            ruff::Stmt::Pass(_) => StmtKind::Pass,
            ruff::Stmt::Break(_) => StmtKind::Break,
            ruff::Stmt::Continue(_) => StmtKind::Continue,
            ruff::Stmt::TypeAlias(node) => return Err(self.parsed.error_at(node, "invalid syntax")),
            ruff::Stmt::IpyEscapeCommand(node) => return Err(self.parsed.error_at(node, "invalid syntax")),
        };
        self.leave();
        Ok(Stmt { loc, kind })
    }

    /// A definition begins at its `def`, `async` or `class`, not at its decorators.
    fn definition_location(&self, range: TextRange, decorators: &[ruff::Decorator]) -> Location {
        match decorators.last() {
            Some(last) => self.block_location(TextRange::new(self.skip_trivia(last.end()), range.end())),
            None => self.block_location(range),
        }
    }

    /// Where something that ends in a block stands: a semicolon at the very end is part of it.
    fn block_location(&self, range: TextRange) -> Location {
        let rest = self.source.get(range.end().to_usize()..).unwrap_or_default();
        let mut after = rest.trim_start_matches([' ', '\t', '\x0c']);
        while let Some(line) = after.strip_prefix("\\\n") {
            after = line.trim_start_matches([' ', '\t', '\x0c']);
        }
        let extra = if after.starts_with(';') { rest.len() - after.len() + 1 } else { 0 };
        let extra = TextSize::try_from(extra).unwrap_or_default();
        self.range_location(TextRange::new(range.start(), range.end() + extra))
    }

    fn decorators(&mut self, decorators: &[ruff::Decorator]) -> Result_<Vec<Expr>> {
        decorators.iter().map(|decorator| self.expr(&decorator.expression)).collect()
    }

    fn aliases(&mut self, names: &[ruff::Alias]) -> Vec<Alias> {
        names
            .iter()
            .map(|alias| Alias {
                loc: self.location(alias),
                name: self.identifier(&alias.name),
                asname: alias.asname.as_ref().map(|name| self.identifier(name)),
            })
            .collect()
    }

    /// `elif` and `else` clauses as the `orelse` of the `if` before them.
    fn elif_chain(&mut self, clauses: &[ruff::ElifElseClause], whole: TextRange) -> Result_<Vec<Stmt>> {
        // From the last clause inwards, so that a long chain needs no recursion here.
        let mut orelse = Vec::new();
        for clause in clauses.iter().rev() {
            let body = self.body(&clause.body)?;
            orelse = match &clause.test {
                None => body,
                Some(test) => {
                    let loc = self.block_location(TextRange::new(clause.start(), whole.end()));
                    vec![Stmt { loc, kind: StmtKind::If { test: self.boxed(test)?, body, orelse } }]
                }
            };
        }
        Ok(orelse)
    }

    pub(super) fn parameters(&mut self, parameters: &ruff::Parameters) -> Result_<Arguments> {
        let mut arguments = Arguments::default();
        for parameter in &parameters.posonlyargs {
            arguments.posonlyargs.push(self.parameter(&parameter.parameter)?);
        }
        for parameter in &parameters.args {
            arguments.args.push(self.parameter(&parameter.parameter)?);
        }
        if let Some(vararg) = &parameters.vararg {
            arguments.vararg = Some(self.parameter(vararg)?);
        }
        for parameter in &parameters.kwonlyargs {
            arguments.kwonlyargs.push(self.parameter(&parameter.parameter)?);
            let default = parameter.default.as_deref().map(|default| self.expr(default)).transpose()?;
            arguments.kw_defaults.push(default);
        }
        if let Some(kwarg) = &parameters.kwarg {
            arguments.kwarg = Some(self.parameter(kwarg)?);
        }
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            if let Some(default) = &parameter.default {
                arguments.defaults.push(self.expr(default)?);
            }
        }
        Ok(arguments)
    }

    fn parameter(&mut self, parameter: &ruff::Parameter) -> Result_<Arg> {
        Ok(Arg {
            // Without the stars of `*args` and `**kwargs`.
            loc: self.range_location(TextRange::new(parameter.name.start(), parameter.end())),
            name: self.identifier(&parameter.name),
            annotation: parameter.annotation.as_deref().map(|expr| self.expr(expr)).transpose()?,
        })
    }

    pub(super) fn arguments(&mut self, arguments: &ruff::Arguments) -> Result_<(Vec<Expr>, Vec<Keyword>)> {
        let mut args = Vec::with_capacity(arguments.args.len());
        for arg in &arguments.args {
            let mut lowered = self.expr(arg)?;
            if let ruff::Expr::Generator(generator) = arg
                && !generator.parenthesized
            {
                // `f(x for x in y)`: the generator's own parentheses are those of the call.
                lowered.loc = self.range_location(arguments.range);
            }
            args.push(lowered);
        }
        let mut keywords = Vec::with_capacity(arguments.keywords.len());
        for keyword in &arguments.keywords {
            keywords.push(Keyword {
                loc: self.location(keyword),
                arg: keyword.arg.as_ref().map(|arg| self.identifier(arg)),
                value: self.expr(&keyword.value)?,
            });
        }
        Ok((args, keywords))
    }
}

pub(super) fn operator(op: ruff::Operator) -> Operator {
    match op {
        ruff::Operator::Add => Operator::Add,
        ruff::Operator::Sub => Operator::Sub,
        ruff::Operator::Mult => Operator::Mult,
        ruff::Operator::MatMult => Operator::MatMult,
        ruff::Operator::Div => Operator::Div,
        ruff::Operator::Mod => Operator::Mod,
        ruff::Operator::Pow => Operator::Pow,
        ruff::Operator::LShift => Operator::LShift,
        ruff::Operator::RShift => Operator::RShift,
        ruff::Operator::BitOr => Operator::BitOr,
        ruff::Operator::BitXor => Operator::BitXor,
        ruff::Operator::BitAnd => Operator::BitAnd,
        ruff::Operator::FloorDiv => Operator::FloorDiv,
    }
}
