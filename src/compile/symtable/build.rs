//! The first pass: what each scope does with each name.

use std::sync::Arc;

use super::*;
use crate::compile::ast::*;

type Result_<T = ()> = Result<T, SyntaxError>;

pub(super) fn build(module: &Module, source: &Source<'_>, future_annotations: bool) -> Result_<SymbolTable> {
    let table = SymbolTable { scopes: Vec::new(), by_node: FxHashMap::default() };
    let mut builder = Builder { table, source, future_annotations, stack: Vec::new(), class: None };
    let top = Scope::new("top".into(), ScopeKind::Module, Location::default(), false);
    builder.enter(TOP, top);
    match module {
        Module::Module(body) | Module::Interactive(body) => builder.stmts(body)?,
        Module::Expression(expr) => builder.expr(expr)?,
    }
    Ok(builder.table)
}

struct Builder<'a> {
    table: SymbolTable,
    source: &'a Source<'a>,
    future_annotations: bool,
    stack: Vec<usize>,
    /// The class whose name mangles private names.
    class: Option<Identifier>,
}

impl Builder<'_> {
    fn enter(&mut self, node: NodeId, mut scope: Scope) {
        let at = self.table.scopes.len();
        // Whatever is nested in the outermost iterable of a comprehension is still part of it.
        if let Some(&parent) = self.stack.last() {
            scope.comp_iter_expr = self.table.scopes[parent].comp_iter_expr;
        }
        if let Some(&parent) = self.stack.last()
            && scope.kind != ScopeKind::Annotation
        {
            self.table.scopes[parent].children.push(at);
        }
        self.table.scopes.push(scope);
        if node != TOP || at == 0 {
            self.table.by_node.insert(node, at);
        }
        self.stack.push(at);
    }

    fn leave(&mut self) {
        self.stack.pop();
    }

    fn current(&mut self) -> &mut Scope {
        let at = self.stack.last().copied().unwrap_or(0);
        &mut self.table.scopes[at]
    }

    fn nested_scope(&mut self, name: Identifier, kind: ScopeKind, loc: Location) -> Scope {
        let current = self.current();
        let nested = current.nested || current.kind == ScopeKind::Function;
        Scope::new(name, kind, loc, nested)
    }

    fn error<T>(&self, loc: Location, message: impl Into<String>) -> Result_<T> {
        Err(self.source.error(loc, message))
    }

    fn define(&mut self, name: &Identifier, flag: Flags, loc: Location) -> Result_ {
        let name = mangle(self.class.as_ref(), name);
        let at = self.stack.last().copied().unwrap_or(0);
        self.define_in(at, &name, flag, loc)
    }

    /// Adds to what a scope does with an already mangled name.
    fn define_in(&mut self, at: usize, name: &Identifier, flag: Flags, loc: Location) -> Result_ {
        let scope = &mut self.table.scopes[at];
        let target = scope.comp_iter_target;
        let symbol = scope.entry(name);
        if flag & DEF_PARAM != 0 && symbol.flags & DEF_PARAM != 0 {
            return self.error(loc, format!("duplicate argument '{name}' in function definition"));
        }
        symbol.flags |= flag;
        if target {
            // A walrus in the same comprehension has made it global or nonlocal.
            if symbol.flags & (DEF_GLOBAL | DEF_NONLOCAL) != 0 {
                return self.error(
                    loc,
                    format!("comprehension inner loop cannot rebind assignment expression target '{name}'"),
                );
            }
            symbol.flags |= DEF_COMP_ITER;
        }
        if flag & DEF_PARAM != 0 {
            scope.varnames.push(name.clone());
        } else if flag & DEF_GLOBAL != 0 {
            // The module must know, too, that the name is one of its own.
            self.table.scopes[0].entry(name).flags |= flag;
        }
        Ok(())
    }

    fn stmts(&mut self, body: &[Stmt]) -> Result_ {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn exprs(&mut self, exprs: &[Expr]) -> Result_ {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    fn optional(&mut self, expr: &Option<Box<Expr>>) -> Result_ {
        expr.as_ref().map_or(Ok(()), |expr| self.expr(expr))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result_ {
        let loc = stmt.loc;
        match &stmt.kind {
            StmtKind::FunctionDef(def) => {
                self.define(&def.name, DEF_LOCAL, loc)?;
                self.defaults(&def.args)?;
                self.annotations(&def.args, def.returns.as_ref(), loc)?;
                self.exprs(&def.decorators)?;
                let mut scope = self.nested_scope(def.name.clone(), ScopeKind::Function, loc);
                scope.coroutine = def.is_async;
                self.enter(def.id, scope);
                self.parameters(&def.args)?;
                self.stmts(&def.body)?;
                self.leave();
            }
            StmtKind::ClassDef(def) => {
                self.define(&def.name, DEF_LOCAL, loc)?;
                self.exprs(&def.bases)?;
                def.keywords.iter().try_for_each(|keyword| self.keyword(keyword))?;
                self.exprs(&def.decorators)?;
                let scope = self.nested_scope(def.name.clone(), ScopeKind::Class, loc);
                self.enter(def.id, scope);
                let outer = self.class.replace(def.name.clone());
                self.stmts(&def.body)?;
                self.class = outer;
                self.leave();
            }
            StmtKind::Return(value) => {
                if let Some(value) = value {
                    self.expr(value)?;
                    self.current().returns_value = true;
                }
            }
            StmtKind::Delete(targets) => self.exprs(targets)?,
            StmtKind::Assign { targets, value } => {
                self.exprs(targets)?;
                self.expr(value)?;
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)?;
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                if let ExprKind::Name { id, .. } = &target.kind {
                    let name = mangle(self.class.as_ref(), id);
                    let top = self.stack.len() == 1;
                    let flags = self.current().flags(&name);
                    if flags & (DEF_GLOBAL | DEF_NONLOCAL) != 0 && !top && *simple {
                        let what = if flags & DEF_GLOBAL != 0 { "global" } else { "nonlocal" };
                        return self.error(loc, format!("annotated name '{id}' can't be {what}"));
                    }
                    if *simple {
                        self.define(id, DEF_ANNOT | DEF_LOCAL, target.loc)?;
                    } else if value.is_some() {
                        self.define(id, DEF_LOCAL, target.loc)?;
                    }
                } else {
                    self.expr(target)?;
                }
                self.annotation(annotation)?;
                self.optional(value)?;
            }
            StmtKind::For { target, iter, body, orelse, .. } => {
                self.expr(target)?;
                self.expr(iter)?;
                self.stmts(body)?;
                self.stmts(orelse)?;
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr(test)?;
                self.stmts(body)?;
                self.stmts(orelse)?;
            }
            StmtKind::With { items, body, .. } => {
                for item in items {
                    self.expr(&item.context)?;
                    if let Some(vars) = &item.vars {
                        self.expr(vars)?;
                    }
                }
                self.stmts(body)?;
            }
            StmtKind::Match { subject, cases } => {
                self.expr(subject)?;
                for case in cases {
                    self.pattern(&case.pattern)?;
                    if let Some(guard) = &case.guard {
                        self.expr(guard)?;
                    }
                    self.stmts(&case.body)?;
                }
            }
            StmtKind::Raise { exc, cause } => {
                self.optional(exc)?;
                self.optional(cause)?;
            }
            StmtKind::Try { body, handlers, orelse, finalbody, .. } => {
                self.stmts(body)?;
                self.stmts(orelse)?;
                for handler in handlers {
                    if let Some(typ) = &handler.typ {
                        self.expr(typ)?;
                    }
                    if let Some(name) = &handler.name {
                        self.define(name, DEF_LOCAL, handler.loc)?;
                    }
                    if let Some(target) = &handler.target {
                        self.expr(target)?;
                    }
                    self.stmts(&handler.body)?;
                }
                self.stmts(finalbody)?;
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test)?;
                self.optional(msg)?;
            }
            StmtKind::Import(names) | StmtKind::ImportFrom { names, .. } => {
                names.iter().try_for_each(|alias| self.alias(alias))?;
            }
            StmtKind::Global(names) => {
                names.iter().try_for_each(|name| self.declare(name, DEF_GLOBAL, loc))?;
            }
            StmtKind::Nonlocal(names) => {
                names.iter().try_for_each(|name| self.declare(name, DEF_NONLOCAL, loc))?;
            }
            StmtKind::Expr(value) => self.expr(value)?,
            StmtKind::ClassicRaise(parts) => self.exprs(parts)?,
            StmtKind::Print { dest, values, .. } => {
                self.optional(dest)?;
                self.exprs(values)?;
            }
            StmtKind::Exec { body, globals, locals } => {
                self.expr(body)?;
                self.optional(globals)?;
                self.optional(locals)?;
            }
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
        }
        Ok(())
    }

    /// One name of a `global` or `nonlocal` statement.
    fn declare(&mut self, name: &Identifier, flag: Flags, loc: Location) -> Result_ {
        let mangled = mangle(self.class.as_ref(), name);
        let earlier = self.current().flags(&mangled);
        let what = if flag == DEF_GLOBAL { "global" } else { "nonlocal" };
        // The classic dialect only warns of what has been used or bound before.
        let refused = if self.source.classic { DEF_PARAM } else { DEF_PARAM | DEF_LOCAL | USE | DEF_ANNOT };
        if earlier & refused != 0 {
            let message = if earlier & DEF_PARAM != 0 {
                format!("name '{name}' is parameter and {what}")
            } else if earlier & USE != 0 {
                format!("name '{name}' is used prior to {what} declaration")
            } else if earlier & DEF_ANNOT != 0 {
                format!("annotated name '{name}' can't be {what}")
            } else {
                format!("name '{name}' is assigned to before {what} declaration")
            };
            return self.error(loc, message);
        }
        self.define(name, flag, loc)?;
        self.current().directives.push((mangled, loc));
        Ok(())
    }

    fn alias(&mut self, alias: &Alias) -> Result_ {
        let name: Identifier = match &alias.asname {
            Some(asname) => asname.clone(),
            None => match alias.name.split_once('.') {
                Some((first, _)) => Arc::from(first),
                None => alias.name.clone(),
            },
        };
        if &*name == "*" {
            if self.current().kind != ScopeKind::Module && !self.source.classic {
                return self.error(alias.loc, "import * only allowed at module level");
            }
            return Ok(());
        }
        self.define(&name, DEF_IMPORT, alias.loc)
    }

    fn defaults(&mut self, args: &Arguments) -> Result_ {
        self.exprs(&args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|default| self.expr(default))
    }

    fn annotation(&mut self, annotation: &Expr) -> Result_ {
        if !self.future_annotations {
            return self.expr(annotation);
        }
        let scope = self.nested_scope("_annotation".into(), ScopeKind::Annotation, annotation.loc);
        self.enter(TOP, scope);
        self.expr(annotation)?;
        self.leave();
        Ok(())
    }

    fn annotations(&mut self, args: &Arguments, returns: Option<&Expr>, _loc: Location) -> Result_ {
        let plain = args.posonlyargs.iter().chain(&args.args);
        let all = plain.chain(&args.vararg).chain(&args.kwarg).chain(&args.kwonlyargs);
        let all: Vec<&Expr> = all.filter_map(|arg| arg.annotation.as_ref()).chain(returns).collect();
        all.into_iter().try_for_each(|annotation| self.annotation(annotation))
    }

    fn parameters(&mut self, args: &Arguments) -> Result_ {
        for arg in args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs) {
            self.define(&arg.name, DEF_PARAM, arg.loc)?;
        }
        if let Some(vararg) = &args.vararg {
            self.define(&vararg.name, DEF_PARAM, vararg.loc)?;
            self.current().varargs = true;
        }
        if let Some(kwarg) = &args.kwarg {
            self.define(&kwarg.name, DEF_PARAM, kwarg.loc)?;
            self.current().varkeywords = true;
        }
        for (_, target) in &args.unpack {
            self.expr(target)?;
        }
        Ok(())
    }

    fn keyword(&mut self, keyword: &Keyword) -> Result_ {
        self.expr(&keyword.value)
    }

    fn pattern(&mut self, pattern: &Pattern) -> Result_ {
        match &pattern.kind {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) => Ok(()),
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => {
                patterns.iter().try_for_each(|pattern| self.pattern(pattern))
            }
            PatternKind::Mapping { keys, patterns, rest } => {
                self.exprs(keys)?;
                patterns.iter().try_for_each(|pattern| self.pattern(pattern))?;
                rest.as_ref().map_or(Ok(()), |rest| self.define(rest, DEF_LOCAL, pattern.loc))
            }
            PatternKind::Class { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls)?;
                patterns.iter().chain(kwd_patterns).try_for_each(|pattern| self.pattern(pattern))
            }
            PatternKind::Star(name) => {
                name.as_ref().map_or(Ok(()), |name| self.define(name, DEF_LOCAL, pattern.loc))
            }
            PatternKind::As { pattern: inner, name } => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                name.as_ref().map_or(Ok(()), |name| self.define(name, DEF_LOCAL, pattern.loc))
            }
        }
    }

    fn expr(&mut self, expr: &Expr) -> Result_ {
        match &expr.kind {
            ExprKind::BoolOp { values, .. } => self.exprs(values),
            ExprKind::NamedExpr { target, value } => {
                self.refuse_in_annotation("named expression", expr.loc)?;
                if self.current().comp_iter_expr > 0 {
                    return self.error(
                        expr.loc,
                        "assignment expression cannot be used in a comprehension iterable expression",
                    );
                }
                if self.current().comprehension.is_some() {
                    self.extend_named_expr(target)?;
                }
                self.expr(value)?;
                self.expr(target)
            }
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand),
            ExprKind::Lambda { id, args, body } => {
                self.defaults(args)?;
                let scope = self.nested_scope("lambda".into(), ScopeKind::Function, expr.loc);
                self.enter(*id, scope);
                self.parameters(args)?;
                self.expr(body)?;
                self.leave();
                Ok(())
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                keys.iter().flatten().try_for_each(|key| self.expr(key))?;
                self.exprs(values)
            }
            ExprKind::Set(elts) | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.exprs(elts)
            }
            ExprKind::Comp(comp) if comp.kind == CompKind::Leaky => self.leaky_comprehension(comp),
            ExprKind::Comp(comp) => self.comprehension(comp, expr.loc),
            ExprKind::Repr(value) => self.expr(value),
            ExprKind::Await(value) => {
                self.refuse_in_annotation("await expression", expr.loc)?;
                self.expr(value)?;
                self.current().coroutine = true;
                Ok(())
            }
            ExprKind::Yield(value) => {
                self.refuse_in_annotation("yield expression", expr.loc)?;
                self.optional(value)?;
                self.mark_generator(expr.loc)
            }
            ExprKind::YieldFrom(value) => {
                self.refuse_in_annotation("yield expression", expr.loc)?;
                self.expr(value)?;
                self.mark_generator(expr.loc)
            }
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left)?;
                self.exprs(comparators)
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func)?;
                self.exprs(args)?;
                keywords.iter().try_for_each(|keyword| self.keyword(keyword))
            }
            ExprKind::FormattedValue { value, format_spec, .. } => {
                self.expr(value)?;
                self.optional(format_spec)
            }
            ExprKind::JoinedStr(values) => self.exprs(values),
            ExprKind::Constant { .. } => Ok(()),
            ExprKind::Attribute { value, .. } | ExprKind::Starred { value, .. } => self.expr(value),
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)
            }
            ExprKind::Slice { lower, upper, step } => {
                self.optional(lower)?;
                self.optional(upper)?;
                self.optional(step)
            }
            ExprKind::Name { id, ctx } => {
                let flag = if *ctx == Ctx::Load { USE } else { DEF_LOCAL };
                self.define(id, flag, expr.loc)?;
                let is_super = &**id == "super" && !self.source.classic;
                if *ctx == Ctx::Load && self.current().kind == ScopeKind::Function && is_super {
                    self.define(&"__class__".into(), USE, expr.loc)?;
                }
                Ok(())
            }
        }
    }

    fn mark_generator(&mut self, loc: Location) -> Result_ {
        self.current().generator = true;
        let Some(kind) = self.current().comprehension else { return Ok(()) };
        let what = match kind {
            CompKind::List | CompKind::Leaky => "list comprehension",
            CompKind::Set => "set comprehension",
            CompKind::Dict => "dict comprehension",
            CompKind::Generator => "generator expression",
        };
        self.error(loc, format!("'yield' inside {what}"))
    }

    fn refuse_in_annotation(&mut self, what: &str, loc: Location) -> Result_ {
        if self.current().kind != ScopeKind::Annotation {
            return Ok(());
        }
        self.error(loc, format!("'{what}' can not be used within an annotation"))
    }

    /// `x := …` within comprehensions binds in the innermost scope that is none.
    fn extend_named_expr(&mut self, target: &Expr) -> Result_ {
        let ExprKind::Name { id, .. } = &target.kind else { return Ok(()) };
        let name = mangle(self.class.as_ref(), id);
        for at in (0..self.stack.len()).rev() {
            let scope_at = self.stack[at];
            let scope = &self.table.scopes[scope_at];
            let flags = scope.flags(&name);
            if scope.comprehension.is_some() {
                if flags & DEF_COMP_ITER != 0 {
                    return self.error(
                        target.loc,
                        format!(
                            "assignment expression cannot rebind comprehension iteration variable '{id}'"
                        ),
                    );
                }
                continue;
            }
            match scope.kind {
                ScopeKind::Function => {
                    let flag = if flags & DEF_GLOBAL != 0 { DEF_GLOBAL } else { DEF_NONLOCAL };
                    self.define(id, flag, target.loc)?;
                    let current = self.current();
                    current.directives.push((name.clone(), target.loc));
                    return self.define_in(scope_at, &name, DEF_LOCAL, target.loc);
                }
                ScopeKind::Module => {
                    self.define(id, DEF_GLOBAL, target.loc)?;
                    let current = self.current();
                    current.directives.push((name.clone(), target.loc));
                    return self.define_in(scope_at, &name, DEF_GLOBAL, target.loc);
                }
                ScopeKind::Class => {
                    return self.error(
                        target.loc,
                        "assignment expression within a comprehension cannot be used in a class body",
                    );
                }
                ScopeKind::Annotation => {}
            }
        }
        Ok(())
    }

    /// The classic list comprehension is no scope.
    fn leaky_comprehension(&mut self, comp: &Comp) -> Result_ {
        for generator in &comp.generators {
            self.expr(&generator.target)?;
            self.expr(&generator.iter)?;
            self.exprs(&generator.ifs)?;
        }
        self.expr(&comp.elt)
    }

    fn comprehension(&mut self, comp: &Comp, loc: Location) -> Result_ {
        let Some(outermost) = comp.generators.first() else { return Ok(()) };
        let is_generator = comp.kind == CompKind::Generator;
        // The outermost iterable is evaluated in the enclosing scope.
        self.current().comp_iter_expr += 1;
        let visited = self.expr(&outermost.iter);
        self.current().comp_iter_expr -= 1;
        visited?;
        let name = match comp.kind {
            CompKind::Generator => "genexpr",
            CompKind::List | CompKind::Leaky => "listcomp",
            CompKind::Set => "setcomp",
            CompKind::Dict => "dictcomp",
        };
        let mut scope = self.nested_scope(name.into(), ScopeKind::Function, loc);
        scope.comprehension = Some(comp.kind);
        scope.coroutine = outermost.is_async;
        self.enter(comp.id, scope);
        self.define(&".0".into(), DEF_PARAM, loc)?;
        self.current().comp_iter_target = true;
        self.expr(&outermost.target)?;
        self.current().comp_iter_target = false;
        self.exprs(&outermost.ifs)?;
        for generator in &comp.generators[1..] {
            self.current().comp_iter_target = true;
            self.expr(&generator.target)?;
            self.current().comp_iter_target = false;
            self.current().comp_iter_expr += 1;
            let visited = self.expr(&generator.iter);
            self.current().comp_iter_expr -= 1;
            visited?;
            self.exprs(&generator.ifs)?;
            if generator.is_async {
                self.current().coroutine = true;
            }
        }
        if let Some(value) = &comp.value {
            self.expr(value)?;
        }
        self.expr(&comp.elt)?;
        self.current().generator = is_generator;
        let is_async = self.current().coroutine && !is_generator;
        self.leave();
        if is_async {
            self.current().coroutine = true;
        }
        Ok(())
    }
}
