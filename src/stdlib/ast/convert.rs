//! Syntax trees as objects.

use super::{PLACES, classes};
use crate::code::object::Const;
use crate::compile::ast::*;
use crate::memory::Ref;
use crate::objects::{DictObject, PyResult};
use crate::vm::Ctx as Vm;

/// Makes nodes; the classes are at hand.
struct Maker {
    cx: Vm,
    classes: Ref<DictObject>,
}

/// A module's tree as an object.
pub fn tree(cx: Vm, module: &Module) -> PyResult {
    let maker = Maker { cx, classes: classes(cx)? };
    match module {
        Module::Module(body) => {
            let ignores = maker.list(Vec::new())?;
            maker.node("Module", None, vec![("body", maker.stmts(body)?), ("type_ignores", ignores)])
        }
        Module::Interactive(body) => maker.node("Interactive", None, vec![("body", maker.stmts(body)?)]),
        Module::Expression(body) => maker.node("Expression", None, vec![("body", maker.expr(body)?)]),
    }
}

impl Maker {
    fn node(&self, class: &str, loc: Option<Location>, fields: Vec<(&str, Ref)>) -> PyResult {
        let cx = self.cx;
        let Some(class) = self.classes.get_str(cx, &cx.intern(class)) else {
            return Err(cx.system_error(format_args!("no class for the syntax node {class}")));
        };
        let node = cx.call(&class, &[])?;
        for (name, value) in fields {
            cx.set_attr(&node, &cx.intern(name), Some(&value))?;
        }
        if let Some(loc) = loc {
            for (name, value) in PLACES.iter().zip([loc.line, loc.col, loc.end_line, loc.end_col]) {
                cx.set_attr(&node, &cx.intern(name), Some(&cx.new_int(value.into())))?;
            }
        }
        Ok(node)
    }

    /// The node without fields that all trees share.
    fn shared(&self, class: &str) -> PyResult {
        let cx = self.cx;
        let key = cx.intern(&format!("shared {class}"));
        if let Some(node) = self.classes.get_str(cx, &key) {
            return Ok(node);
        }
        let node = self.node(class, None, Vec::new())?;
        self.classes.set_str(cx, &key, node.clone())?;
        Ok(node)
    }

    fn list(&self, items: Vec<Ref>) -> PyResult {
        Ok(self.cx.new_list(items)?.into_object())
    }

    fn each<T>(&self, items: &[T], make: impl Fn(&T) -> PyResult) -> PyResult {
        self.list(items.iter().map(make).collect::<PyResult<Vec<Ref>>>()?)
    }

    fn maybe<T>(&self, item: Option<&T>, make: impl FnOnce(&T) -> PyResult) -> PyResult {
        item.map_or_else(|| Ok(self.cx.none()), make)
    }

    fn name(&self, name: &Identifier) -> PyResult {
        Ok(self.cx.intern(name).into_object())
    }

    fn names(&self, names: &[Identifier]) -> PyResult {
        self.each(names, |name| self.name(name))
    }

    fn stmts(&self, body: &[Stmt]) -> PyResult {
        self.each(body, |stmt| self.stmt(stmt))
    }

    fn exprs(&self, exprs: &[Expr]) -> PyResult {
        self.each(exprs, |expr| self.expr(expr))
    }

    fn maybe_expr(&self, expr: Option<&Expr>) -> PyResult {
        self.maybe(expr, |expr| self.expr(expr))
    }

    fn constant(&self, value: &Const) -> PyResult {
        Ok(crate::vm::code_object::make_const(self.cx, value))
    }

    fn context(&self, context: Ctx) -> PyResult {
        self.shared(match context {
            Ctx::Load => "Load",
            Ctx::Store => "Store",
            Ctx::Del => "Del",
        })
    }

    fn operator(&self, op: Operator) -> PyResult {
        self.shared(&format!("{op:?}"))
    }

    fn flag(&self, value: bool) -> Ref {
        self.cx.new_int(value.into())
    }

    fn stmt(&self, stmt: &Stmt) -> PyResult {
        let none = || self.cx.none();
        let (class, fields): (&str, Vec<(&str, Ref)>) = match &stmt.kind {
            StmtKind::FunctionDef(def) => (
                if def.is_async { "AsyncFunctionDef" } else { "FunctionDef" },
                vec![
                    ("name", self.name(&def.name)?),
                    ("args", self.arguments(&def.args)?),
                    ("body", self.stmts(&def.body)?),
                    ("decorator_list", self.exprs(&def.decorators)?),
                    ("returns", self.maybe_expr(def.returns.as_ref())?),
                    ("type_comment", none()),
                ],
            ),
            StmtKind::ClassDef(def) => (
                "ClassDef",
                vec![
                    ("name", self.name(&def.name)?),
                    ("bases", self.exprs(&def.bases)?),
                    ("keywords", self.keywords(&def.keywords)?),
                    ("body", self.stmts(&def.body)?),
                    ("decorator_list", self.exprs(&def.decorators)?),
                ],
            ),
            StmtKind::Return(value) => ("Return", vec![("value", self.maybe_expr(value.as_deref())?)]),
            StmtKind::Delete(targets) => ("Delete", vec![("targets", self.exprs(targets)?)]),
            StmtKind::Assign { targets, value } => (
                "Assign",
                vec![
                    ("targets", self.exprs(targets)?),
                    ("value", self.expr(value)?),
                    ("type_comment", none()),
                ],
            ),
            StmtKind::AugAssign { target, op, value } => (
                "AugAssign",
                vec![
                    ("target", self.expr(target)?),
                    ("op", self.operator(*op)?),
                    ("value", self.expr(value)?),
                ],
            ),
            StmtKind::AnnAssign { target, annotation, value, simple } => (
                "AnnAssign",
                vec![
                    ("target", self.expr(target)?),
                    ("annotation", self.expr(annotation)?),
                    ("value", self.maybe_expr(value.as_deref())?),
                    ("simple", self.flag(*simple)),
                ],
            ),
            StmtKind::For { target, iter, body, orelse, is_async } => (
                if *is_async { "AsyncFor" } else { "For" },
                vec![
                    ("target", self.expr(target)?),
                    ("iter", self.expr(iter)?),
                    ("body", self.stmts(body)?),
                    ("orelse", self.stmts(orelse)?),
                    ("type_comment", none()),
                ],
            ),
            StmtKind::While { test, body, orelse } => (
                "While",
                vec![
                    ("test", self.expr(test)?),
                    ("body", self.stmts(body)?),
                    ("orelse", self.stmts(orelse)?),
                ],
            ),
            StmtKind::If { test, body, orelse } => (
                "If",
                vec![
                    ("test", self.expr(test)?),
                    ("body", self.stmts(body)?),
                    ("orelse", self.stmts(orelse)?),
                ],
            ),
            StmtKind::With { items, body, is_async } => (
                if *is_async { "AsyncWith" } else { "With" },
                vec![
                    ("items", self.each(items, |item| self.with_item(item))?),
                    ("body", self.stmts(body)?),
                    ("type_comment", none()),
                ],
            ),
            StmtKind::Match { subject, cases } => (
                "Match",
                vec![("subject", self.expr(subject)?), ("cases", self.each(cases, |case| self.case(case))?)],
            ),
            StmtKind::Raise { exc, cause } => (
                "Raise",
                vec![
                    ("exc", self.maybe_expr(exc.as_deref())?),
                    ("cause", self.maybe_expr(cause.as_deref())?),
                ],
            ),
            StmtKind::Try { body, handlers, orelse, finalbody, star } => (
                if *star { "TryStar" } else { "Try" },
                vec![
                    ("body", self.stmts(body)?),
                    ("handlers", self.each(handlers, |handler| self.handler(handler))?),
                    ("orelse", self.stmts(orelse)?),
                    ("finalbody", self.stmts(finalbody)?),
                ],
            ),
            StmtKind::Assert { test, msg } => {
                ("Assert", vec![("test", self.expr(test)?), ("msg", self.maybe_expr(msg.as_deref())?)])
            }
            StmtKind::Import(names) => {
                ("Import", vec![("names", self.each(names, |alias| self.alias(alias))?)])
            }
            StmtKind::ImportFrom { module, names, level } => (
                "ImportFrom",
                vec![
                    ("module", self.maybe(module.as_ref(), |module| self.name(module))?),
                    ("names", self.each(names, |alias| self.alias(alias))?),
                    ("level", self.cx.new_int((*level).into())),
                ],
            ),
            StmtKind::Global(names) => ("Global", vec![("names", self.names(names)?)]),
            StmtKind::Nonlocal(names) => ("Nonlocal", vec![("names", self.names(names)?)]),
            StmtKind::Expr(value) => ("Expr", vec![("value", self.expr(value)?)]),
            StmtKind::Pass => ("Pass", Vec::new()),
            StmtKind::Break => ("Break", Vec::new()),
            StmtKind::Continue => ("Continue", Vec::new()),
            // The classic dialect's statements have no class; trees are of 3.11's grammar only.
            StmtKind::ClassicRaise(_) | StmtKind::Print { .. } | StmtKind::Exec { .. } => {
                ("Pass", Vec::new())
            }
        };
        self.node(class, Some(stmt.loc), fields)
    }

    fn expr(&self, expr: &Expr) -> PyResult {
        let (class, fields): (&str, Vec<(&str, Ref)>) = match &expr.kind {
            ExprKind::BoolOp { op, values } => {
                ("BoolOp", vec![("op", self.shared(&format!("{op:?}"))?), ("values", self.exprs(values)?)])
            }
            ExprKind::NamedExpr { target, value } => {
                ("NamedExpr", vec![("target", self.expr(target)?), ("value", self.expr(value)?)])
            }
            ExprKind::BinOp { left, op, right } => (
                "BinOp",
                vec![("left", self.expr(left)?), ("op", self.operator(*op)?), ("right", self.expr(right)?)],
            ),
            ExprKind::UnaryOp { op, operand } => {
                ("UnaryOp", vec![("op", self.shared(&format!("{op:?}"))?), ("operand", self.expr(operand)?)])
            }
            ExprKind::Lambda { args, body, .. } => {
                ("Lambda", vec![("args", self.arguments(args)?), ("body", self.expr(body)?)])
            }
            ExprKind::IfExp { test, body, orelse } => (
                "IfExp",
                vec![("test", self.expr(test)?), ("body", self.expr(body)?), ("orelse", self.expr(orelse)?)],
            ),
            ExprKind::Dict { keys, values } => (
                "Dict",
                vec![
                    ("keys", self.each(keys, |key| self.maybe_expr(key.as_ref()))?),
                    ("values", self.exprs(values)?),
                ],
            ),
            ExprKind::Set(elts) => ("Set", vec![("elts", self.exprs(elts)?)]),
            ExprKind::Comp(comp) => self.comp(comp)?,
            ExprKind::Await(value) => ("Await", vec![("value", self.expr(value)?)]),
            ExprKind::Yield(value) => ("Yield", vec![("value", self.maybe_expr(value.as_deref())?)]),
            ExprKind::YieldFrom(value) => ("YieldFrom", vec![("value", self.expr(value)?)]),
            ExprKind::Compare { left, ops, comparators } => (
                "Compare",
                vec![
                    ("left", self.expr(left)?),
                    ("ops", self.each(ops, |op| self.shared(&format!("{op:?}")))?),
                    ("comparators", self.exprs(comparators)?),
                ],
            ),
            ExprKind::Call { func, args, keywords } => (
                "Call",
                vec![
                    ("func", self.expr(func)?),
                    ("args", self.exprs(args)?),
                    ("keywords", self.keywords(keywords)?),
                ],
            ),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                let conversion = if *conversion == 0 { -1 } else { i64::from(*conversion) };
                (
                    "FormattedValue",
                    vec![
                        ("value", self.expr(value)?),
                        ("conversion", self.cx.new_int(conversion)),
                        ("format_spec", self.maybe_expr(format_spec.as_deref())?),
                    ],
                )
            }
            ExprKind::Repr(value) => return self.expr(value),
            ExprKind::JoinedStr(values) => ("JoinedStr", vec![("values", self.exprs(values)?)]),
            ExprKind::Constant { value, unicode } => {
                let kind = if *unicode { self.cx.intern("u").into_object() } else { self.cx.none() };
                ("Constant", vec![("value", self.constant(value)?), ("kind", kind)])
            }
            ExprKind::Attribute { value, attr, ctx } => (
                "Attribute",
                vec![("value", self.expr(value)?), ("attr", self.name(attr)?), ("ctx", self.context(*ctx)?)],
            ),
            ExprKind::Subscript { value, slice, ctx } => (
                "Subscript",
                vec![
                    ("value", self.expr(value)?),
                    ("slice", self.expr(slice)?),
                    ("ctx", self.context(*ctx)?),
                ],
            ),
            ExprKind::Starred { value, ctx } => {
                ("Starred", vec![("value", self.expr(value)?), ("ctx", self.context(*ctx)?)])
            }
            ExprKind::Name { id, ctx } => {
                ("Name", vec![("id", self.name(id)?), ("ctx", self.context(*ctx)?)])
            }
            ExprKind::List { elts, ctx } => {
                ("List", vec![("elts", self.exprs(elts)?), ("ctx", self.context(*ctx)?)])
            }
            ExprKind::Tuple { elts, ctx } => {
                ("Tuple", vec![("elts", self.exprs(elts)?), ("ctx", self.context(*ctx)?)])
            }
            ExprKind::Slice { lower, upper, step } => (
                "Slice",
                vec![
                    ("lower", self.maybe_expr(lower.as_deref())?),
                    ("upper", self.maybe_expr(upper.as_deref())?),
                    ("step", self.maybe_expr(step.as_deref())?),
                ],
            ),
        };
        self.node(class, Some(expr.loc), fields)
    }

    fn comp(&self, comp: &Comp) -> PyResult<(&'static str, Vec<(&'static str, Ref)>)> {
        let mut fields = match &comp.value {
            Some(value) => vec![("key", self.expr(&comp.elt)?), ("value", self.expr(value)?)],
            None => vec![("elt", self.expr(&comp.elt)?)],
        };
        fields.push(("generators", self.each(&comp.generators, |part| self.comprehension(part))?));
        let class = match comp.kind {
            CompKind::Generator => "GeneratorExp",
            CompKind::List | CompKind::Leaky => "ListComp",
            CompKind::Set => "SetComp",
            CompKind::Dict => "DictComp",
        };
        Ok((class, fields))
    }

    fn comprehension(&self, part: &Comprehension) -> PyResult {
        let fields = vec![
            ("target", self.expr(&part.target)?),
            ("iter", self.expr(&part.iter)?),
            ("ifs", self.exprs(&part.ifs)?),
            ("is_async", self.flag(part.is_async)),
        ];
        self.node("comprehension", None, fields)
    }

    fn arguments(&self, args: &Arguments) -> PyResult {
        let each = |args: &[Arg]| self.each(args, |arg| self.arg(arg));
        let fields = vec![
            ("posonlyargs", each(&args.posonlyargs)?),
            ("args", each(&args.args)?),
            ("vararg", self.maybe(args.vararg.as_ref(), |arg| self.arg(arg))?),
            ("kwonlyargs", each(&args.kwonlyargs)?),
            ("kw_defaults", self.each(&args.kw_defaults, |value| self.maybe_expr(value.as_ref()))?),
            ("kwarg", self.maybe(args.kwarg.as_ref(), |arg| self.arg(arg))?),
            ("defaults", self.exprs(&args.defaults)?),
        ];
        self.node("arguments", None, fields)
    }

    fn arg(&self, arg: &Arg) -> PyResult {
        let fields = vec![
            ("arg", self.name(&arg.name)?),
            ("annotation", self.maybe_expr(arg.annotation.as_ref())?),
            ("type_comment", self.cx.none()),
        ];
        self.node("arg", Some(arg.loc), fields)
    }

    fn keywords(&self, keywords: &[Keyword]) -> PyResult {
        self.each(keywords, |keyword| {
            let arg = self.maybe(keyword.arg.as_ref(), |arg| self.name(arg))?;
            self.node("keyword", Some(keyword.loc), vec![("arg", arg), ("value", self.expr(&keyword.value)?)])
        })
    }

    fn alias(&self, alias: &Alias) -> PyResult {
        let asname = self.maybe(alias.asname.as_ref(), |name| self.name(name))?;
        self.node("alias", Some(alias.loc), vec![("name", self.name(&alias.name)?), ("asname", asname)])
    }

    fn with_item(&self, item: &WithItem) -> PyResult {
        let fields = vec![
            ("context_expr", self.expr(&item.context)?),
            ("optional_vars", self.maybe_expr(item.vars.as_ref())?),
        ];
        self.node("withitem", None, fields)
    }

    fn handler(&self, handler: &ExceptHandler) -> PyResult {
        let fields = vec![
            ("type", self.maybe_expr(handler.typ.as_ref())?),
            ("name", self.maybe(handler.name.as_ref(), |name| self.name(name))?),
            ("body", self.stmts(&handler.body)?),
        ];
        self.node("ExceptHandler", Some(handler.loc), fields)
    }

    fn case(&self, case: &MatchCase) -> PyResult {
        let fields = vec![
            ("pattern", self.pattern(&case.pattern)?),
            ("guard", self.maybe_expr(case.guard.as_ref())?),
            ("body", self.stmts(&case.body)?),
        ];
        self.node("match_case", None, fields)
    }

    fn pattern(&self, pattern: &Pattern) -> PyResult {
        let each = |patterns: &[Pattern]| self.each(patterns, |pattern| self.pattern(pattern));
        let maybe_name = |name: &Option<Identifier>| self.maybe(name.as_ref(), |name| self.name(name));
        let (class, fields) = match &pattern.kind {
            PatternKind::Value(value) => ("MatchValue", vec![("value", self.expr(value)?)]),
            PatternKind::Singleton(value) => ("MatchSingleton", vec![("value", self.constant(value)?)]),
            PatternKind::Sequence(patterns) => ("MatchSequence", vec![("patterns", each(patterns)?)]),
            PatternKind::Mapping { keys, patterns, rest } => (
                "MatchMapping",
                vec![("keys", self.exprs(keys)?), ("patterns", each(patterns)?), ("rest", maybe_name(rest)?)],
            ),
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns, .. } => (
                "MatchClass",
                vec![
                    ("cls", self.expr(cls)?),
                    ("patterns", each(patterns)?),
                    ("kwd_attrs", self.names(kwd_attrs)?),
                    ("kwd_patterns", each(kwd_patterns)?),
                ],
            ),
            PatternKind::Star(name) => ("MatchStar", vec![("name", maybe_name(name)?)]),
            PatternKind::As { pattern, name } => (
                "MatchAs",
                vec![
                    ("pattern", self.maybe(pattern.as_deref(), |pattern| self.pattern(pattern))?),
                    ("name", maybe_name(name)?),
                ],
            ),
            PatternKind::Or(patterns) => ("MatchOr", vec![("patterns", each(patterns)?)]),
        };
        self.node(class, Some(pattern.loc), fields)
    }
}
