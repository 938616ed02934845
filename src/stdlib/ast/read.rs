//! Objects back to a syntax tree, for `compile()` of a tree: fields, places and what must hold of a
//! tree that no parser made.

use super::classes;
use crate::code::object::Const;
use crate::compile::ast::*;
use crate::memory::{Object, Ref};
use crate::objects::{DictObject, ListObject, PyResult, StrObject, TypeObject};
use crate::syntax::Mode;
use crate::vm::Ctx as Vm;
use crate::vm::code_attrs::plain_const;

const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 4 * 1024 * 1024;

/// Reads nodes; the classes are at hand.
struct Reader {
    cx: Vm,
    classes: Ref<DictObject>,
    scopes: u32,
}

/// The tree that a node of a class of modules stands for.
///
/// # Errors
/// A node of another class than the mode wants, fields that are missing or of the wrong kind.
pub fn module(cx: Vm, node: &Object, mode: Mode) -> PyResult<Module> {
    let mut reader = Reader { cx, classes: classes(cx)?, scopes: 0 };
    let wanted = match mode {
        Mode::Exec => "Module",
        Mode::Eval => "Expression",
        Mode::Single => "Interactive",
    };
    let class = reader.class(node).unwrap_or_default();
    if class != wanted {
        let given = node.ty().tp_name();
        let given = given.rsplit('.').next().unwrap_or(&given);
        return Err(cx.type_error(format_args!("expected {wanted} node, got {given}")));
    }
    Ok(match mode {
        Mode::Exec => Module::Module(reader.stmts(node, "body")?),
        Mode::Single => Module::Interactive(reader.stmts(node, "body")?),
        Mode::Eval => Module::Expression(Box::new(reader.required(node, "body", Reader::load)?)),
    })
}

impl Reader {
    /// The name of the node class that an object is an instance of, the most derived one.
    fn class(&self, node: &Object) -> Option<String> {
        let mro = node.ty().mro.peek()?;
        mro.as_slice().iter().find_map(|class| {
            let name = class.downcast::<TypeObject>()?.name_text();
            let known = self.classes.get_str(self.cx, &self.cx.intern(&name))?;
            known.is(class).then_some(name)
        })
    }

    fn unexpected<T>(&self, what: &str, node: &Object) -> PyResult<T> {
        let text = self.cx.repr_text(node)?;
        Err(self.cx.type_error(format_args!("expected some sort of {what}, but got {text}")))
    }

    fn value_error<T>(&self, message: impl std::fmt::Display) -> PyResult<T> {
        Err(self.cx.value_error(message))
    }

    // Fields.

    /// A field that may be missing or `None`.
    fn field(&self, node: &Object, name: &str) -> PyResult<Option<Ref>> {
        let value = self.cx.get_attr_opt(node, &self.cx.intern(name))?;
        Ok(value.filter(|value| !self.cx.is_none(value)))
    }

    fn missing<T>(&self, node: &Object, name: &str) -> PyResult<T> {
        let class = self.class(node).unwrap_or_default();
        Err(self.cx.type_error(format_args!("required field \"{name}\" missing from {class}")))
    }

    fn required<T>(
        &mut self,
        node: &Object,
        name: &str,
        read: impl FnOnce(&mut Self, &Object) -> PyResult<T>,
    ) -> PyResult<T> {
        match self.cx.get_attr_opt(node, &self.cx.intern(name))? {
            Some(value) => read(self, &value),
            None => self.missing(node, name),
        }
    }

    fn optional<T>(
        &mut self,
        node: &Object,
        name: &str,
        read: impl FnOnce(&mut Self, &Object) -> PyResult<T>,
    ) -> PyResult<Option<T>> {
        self.field(node, name)?.map(|value| read(self, &value)).transpose()
    }

    fn list<T>(
        &mut self,
        node: &Object,
        name: &str,
        mut read: impl FnMut(&mut Self, &Object) -> PyResult<T>,
    ) -> PyResult<Vec<T>> {
        let Some(value) = self.cx.get_attr_opt(node, &self.cx.intern(name))? else {
            return self.missing(node, name);
        };
        let Some(list) = value.downcast::<ListObject>() else {
            let class = self.class(node).unwrap_or_default();
            return Err(self.cx.type_error(format_args!(
                "{class} field \"{name}\" must be a list, not a {}",
                value.ty().tp_name()
            )));
        };
        list.to_vec().iter().map(|item| read(self, item)).collect()
    }

    fn identifier(&mut self, value: &Object) -> PyResult<Identifier> {
        let Some(text) = value.downcast::<StrObject>() else {
            return Err(self.cx.type_error("AST identifier must be of type str"));
        };
        let text = text.to_string_lossy();
        if ["None", "True", "False"].contains(&&*text) {
            return self.value_error(format_args!("identifier field can't represent '{text}' constant"));
        }
        Ok(text.into())
    }

    fn int(&mut self, value: &Object) -> PyResult<i32> {
        match plain_const(self.cx, value) {
            Some(Const::Int(_) | Const::True | Const::False) => {
                let value = self.cx.to_i64(value)?;
                Ok(value.clamp(i32::MIN.into(), i32::MAX.into()) as i32)
            }
            _ => {
                let text = self.cx.repr_text(value)?;
                self.value_error(format_args!("invalid integer value: {text}"))
            }
        }
    }

    fn place(&mut self, node: &Object, rule: &str) -> PyResult<Location> {
        let mut start = [0; 2];
        for (slot, name) in start.iter_mut().zip(["lineno", "col_offset"]) {
            let Some(value) = self.cx.get_attr_opt(node, &self.cx.intern(name))? else {
                let message = format!("required field \"{name}\" missing from {rule}");
                return Err(self.cx.type_error(message));
            };
            *slot = self.int(&value)?;
        }
        let [line, col] = start;
        let end_line = self.optional(node, "end_lineno", Self::int)?.unwrap_or(line);
        let end_col = self.optional(node, "end_col_offset", Self::int)?.unwrap_or(col);
        if line > end_line || line == end_line && col > end_col && end_col >= 0 {
            return self.value_error(format_args!(
                "AST node {what} range ({from}, {to}) is not valid",
                what = if line > end_line { "line" } else { "column" },
                from = if line > end_line { line } else { col },
                to = if line > end_line { end_line } else { end_col },
            ));
        }
        Ok(Location { line, end_line, col, end_col })
    }

    fn fresh(&mut self) -> NodeId {
        self.scopes += 1;
        NodeId(self.scopes)
    }

    // Statements.

    fn stmts(&mut self, node: &Object, name: &str) -> PyResult<Vec<Stmt>> {
        self.list(node, name, Self::stmt)
    }

    /// Statements of which there must be one.
    fn body(&mut self, node: &Object, name: &str) -> PyResult<Vec<Stmt>> {
        let body = self.stmts(node, name)?;
        if body.is_empty() {
            let class = self.class(node).unwrap_or_default();
            return self.value_error(format_args!("empty {name} on {class}"));
        }
        Ok(body)
    }

    fn stmt(&mut self, node: &Object) -> PyResult<Stmt> {
        if self.cx.is_none(node) {
            return self.value_error("None disallowed in statement list");
        }
        let _guard = self.cx.enter_recursion(" while traversing 'stmt' node")?;
        stacker::maybe_grow(RED_ZONE, STACK, || self.stmt_inner(node))
    }

    fn stmt_inner(&mut self, node: &Object) -> PyResult<Stmt> {
        let loc = self.place(node, "stmt")?;
        let Some(class) = self.class(node) else { return self.unexpected("stmt", node) };
        let kind = match &*class {
            "FunctionDef" | "AsyncFunctionDef" => StmtKind::FunctionDef(Box::new(FunctionDef {
                id: self.fresh(),
                name: self.required(node, "name", Self::identifier)?,
                args: self.required(node, "args", Self::arguments)?,
                body: self.body(node, "body")?,
                decorators: self.list(node, "decorator_list", Self::load)?,
                returns: self.optional(node, "returns", Self::load)?,
                is_async: class == "AsyncFunctionDef",
            })),
            "ClassDef" => StmtKind::ClassDef(Box::new(ClassDef {
                id: self.fresh(),
                name: self.required(node, "name", Self::identifier)?,
                bases: self.list(node, "bases", Self::load)?,
                keywords: self.list(node, "keywords", Self::keyword)?,
                body: self.body(node, "body")?,
                decorators: self.list(node, "decorator_list", Self::load)?,
            })),
            "Return" => StmtKind::Return(self.optional(node, "value", Self::boxed)?),
            "Delete" => StmtKind::Delete(self.targets(node, Self::deleted)?),
            "Assign" => StmtKind::Assign {
                targets: self.targets(node, Self::store)?,
                value: self.required(node, "value", Self::boxed)?,
            },
            "AugAssign" => StmtKind::AugAssign {
                target: Box::new(self.required(node, "target", Self::store)?),
                op: self.required(node, "op", Self::operator)?,
                value: self.required(node, "value", Self::boxed)?,
            },
            "AnnAssign" => StmtKind::AnnAssign {
                target: Box::new(self.required(node, "target", Self::store)?),
                annotation: self.required(node, "annotation", Self::boxed)?,
                value: self.optional(node, "value", Self::boxed)?,
                simple: self.required(node, "simple", Self::int)? != 0,
            },
            "For" | "AsyncFor" => StmtKind::For {
                target: Box::new(self.required(node, "target", Self::store)?),
                iter: self.required(node, "iter", Self::boxed)?,
                body: self.body(node, "body")?,
                orelse: self.stmts(node, "orelse")?,
                is_async: class == "AsyncFor",
            },
            "While" => StmtKind::While {
                test: self.required(node, "test", Self::boxed)?,
                body: self.body(node, "body")?,
                orelse: self.stmts(node, "orelse")?,
            },
            "If" => StmtKind::If {
                test: self.required(node, "test", Self::boxed)?,
                body: self.body(node, "body")?,
                orelse: self.stmts(node, "orelse")?,
            },
            "With" | "AsyncWith" => {
                let items = self.list(node, "items", Self::with_item)?;
                if items.is_empty() {
                    return self.value_error(format_args!("empty items on {class}"));
                }
                StmtKind::With { items, body: self.body(node, "body")?, is_async: class == "AsyncWith" }
            }
            "Match" => {
                let subject = self.required(node, "subject", Self::boxed)?;
                let cases = self.list(node, "cases", Self::match_case)?;
                if cases.is_empty() {
                    return self.value_error("empty cases on Match");
                }
                StmtKind::Match { subject, cases }
            }
            "Raise" => {
                let exc = self.optional(node, "exc", Self::boxed)?;
                let cause = self.optional(node, "cause", Self::boxed)?;
                if exc.is_none() && cause.is_some() {
                    return self.value_error("Raise with cause but no exception");
                }
                StmtKind::Raise { exc, cause }
            }
            "Try" | "TryStar" => {
                let body = self.body(node, "body")?;
                let handlers = self.list(node, "handlers", Self::handler)?;
                let orelse = self.stmts(node, "orelse")?;
                let finalbody = self.stmts(node, "finalbody")?;
                if handlers.is_empty() && finalbody.is_empty() {
                    return self.value_error(format_args!("{class} has neither handlers nor finalbody"));
                }
                if handlers.is_empty() && !orelse.is_empty() {
                    return self.value_error(format_args!("{class} has orelse but no except handlers"));
                }
                StmtKind::Try { body, handlers, orelse, finalbody, star: class == "TryStar" }
            }
            "Assert" => StmtKind::Assert {
                test: self.required(node, "test", Self::boxed)?,
                msg: self.optional(node, "msg", Self::boxed)?,
            },
            "Import" => StmtKind::Import(self.aliases(node)?),
            "ImportFrom" => {
                let level = self.optional(node, "level", Self::int)?.unwrap_or(0);
                let module = self.optional(node, "module", Self::identifier)?;
                let Ok(level) = u32::try_from(level) else {
                    return self.value_error("Negative ImportFrom level");
                };
                StmtKind::ImportFrom { module, names: self.aliases(node)?, level }
            }
            "Global" | "Nonlocal" => {
                let names = self.list(node, "names", Self::identifier)?;
                if names.is_empty() {
                    return self.value_error(format_args!("empty names on {class}"));
                }
                if class == "Global" { StmtKind::Global(names) } else { StmtKind::Nonlocal(names) }
            }
            "Expr" => StmtKind::Expr(self.required(node, "value", Self::boxed)?),
            "Pass" => StmtKind::Pass,
            "Break" => StmtKind::Break,
            "Continue" => StmtKind::Continue,
            _ => return self.unexpected("stmt", node),
        };
        Ok(Stmt { loc, kind })
    }

    fn targets(
        &mut self,
        node: &Object,
        read: impl FnMut(&mut Self, &Object) -> PyResult<Expr>,
    ) -> PyResult<Vec<Expr>> {
        let targets = self.list(node, "targets", read)?;
        if targets.is_empty() {
            let class = self.class(node).unwrap_or_default();
            return self.value_error(format_args!("empty targets on {class}"));
        }
        Ok(targets)
    }

    fn aliases(&mut self, node: &Object) -> PyResult<Vec<Alias>> {
        let names = self.list(node, "names", |reader, alias| {
            if reader.class(alias).as_deref() != Some("alias") {
                return reader.unexpected("alias", alias);
            }
            Ok(Alias {
                loc: reader.place(alias, "alias")?,
                name: reader.required(alias, "name", Self::identifier)?,
                asname: reader.optional(alias, "asname", Self::identifier)?,
            })
        })?;
        if names.is_empty() {
            let class = self.class(node).unwrap_or_default();
            return self.value_error(format_args!("empty names on {class}"));
        }
        Ok(names)
    }

    fn with_item(&mut self, node: &Object) -> PyResult<WithItem> {
        Ok(WithItem {
            context: self.required(node, "context_expr", Self::load)?,
            vars: self.optional(node, "optional_vars", Self::store)?,
        })
    }

    fn handler(&mut self, node: &Object) -> PyResult<ExceptHandler> {
        if self.class(node).as_deref() != Some("ExceptHandler") {
            return self.unexpected("excepthandler", node);
        }
        Ok(ExceptHandler {
            loc: self.place(node, "excepthandler")?,
            typ: self.optional(node, "type", Self::load)?,
            name: self.optional(node, "name", Self::identifier)?,
            body: self.body(node, "body")?,
            target: None,
        })
    }

    fn match_case(&mut self, node: &Object) -> PyResult<MatchCase> {
        Ok(MatchCase {
            pattern: self.required(node, "pattern", Self::pattern)?,
            guard: self.optional(node, "guard", Self::load)?,
            body: self.body(node, "body")?,
        })
    }

    fn arguments(&mut self, node: &Object) -> PyResult<Arguments> {
        let read = Arguments {
            posonlyargs: self.list(node, "posonlyargs", Self::arg)?,
            args: self.list(node, "args", Self::arg)?,
            vararg: self.optional(node, "vararg", Self::arg)?,
            kwonlyargs: self.list(node, "kwonlyargs", Self::arg)?,
            kw_defaults: self.list(node, "kw_defaults", Self::maybe)?,
            kwarg: self.optional(node, "kwarg", Self::arg)?,
            defaults: self.list(node, "defaults", Self::load)?,
            ..Arguments::default()
        };
        if read.defaults.len() > read.posonlyargs.len() + read.args.len() {
            return self.value_error("more positional defaults than args on arguments");
        }
        if read.kw_defaults.len() != read.kwonlyargs.len() {
            return self.value_error("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        Ok(read)
    }

    fn arg(&mut self, node: &Object) -> PyResult<Arg> {
        Ok(Arg {
            loc: self.place(node, "arg")?,
            name: self.required(node, "arg", Self::identifier)?,
            annotation: self.optional(node, "annotation", Self::load)?,
        })
    }

    fn keyword(&mut self, node: &Object) -> PyResult<Keyword> {
        Ok(Keyword {
            loc: self.place(node, "keyword")?,
            arg: self.optional(node, "arg", Self::identifier)?,
            value: self.required(node, "value", Self::load)?,
        })
    }

    // Expressions.

    fn load(&mut self, node: &Object) -> PyResult<Expr> {
        self.expr(node, Ctx::Load)
    }

    fn store(&mut self, node: &Object) -> PyResult<Expr> {
        self.expr(node, Ctx::Store)
    }

    fn deleted(&mut self, node: &Object) -> PyResult<Expr> {
        self.expr(node, Ctx::Del)
    }

    fn boxed(&mut self, node: &Object) -> PyResult<Box<Expr>> {
        self.load(node).map(Box::new)
    }

    /// An element that may be `None`.
    fn maybe(&mut self, node: &Object) -> PyResult<Option<Expr>> {
        if self.cx.is_none(node) { Ok(None) } else { self.load(node).map(Some) }
    }

    fn expr(&mut self, node: &Object, wanted: Ctx) -> PyResult<Expr> {
        if self.cx.is_none(node) {
            return self.value_error("None disallowed in expression list");
        }
        let _guard = self.cx.enter_recursion(" while traversing 'expr' node")?;
        stacker::maybe_grow(RED_ZONE, STACK, || self.expr_inner(node, wanted))
    }

    /// The context of a node that has one must be the one that its place asks for.
    fn context(&mut self, node: &Object, wanted: Ctx) -> PyResult<Ctx> {
        let given = self.required(node, "ctx", |reader, ctx| match reader.class(ctx).as_deref() {
            Some("Load") => Ok(Ctx::Load),
            Some("Store") => Ok(Ctx::Store),
            Some("Del") => Ok(Ctx::Del),
            _ => reader.unexpected("expr_context", ctx),
        })?;
        if given != wanted {
            return self.value_error(format_args!(
                "expression must have {wanted:?} context but has {given:?} instead"
            ));
        }
        Ok(given)
    }

    fn expr_inner(&mut self, node: &Object, wanted: Ctx) -> PyResult<Expr> {
        let loc = self.place(node, "expr")?;
        let Some(class) = self.class(node) else { return self.unexpected("expr", node) };
        let placed = matches!(&*class, "Attribute" | "Subscript" | "Starred" | "Name" | "List" | "Tuple");
        let ctx = if placed { self.context(node, wanted)? } else { Ctx::Load };
        if !placed && wanted != Ctx::Load {
            return self
                .value_error(format_args!("expression which can't be assigned to in {wanted:?} context"));
        }
        let kind = match &*class {
            "BoolOp" => {
                let op = self.required(node, "op", |reader, op| match reader.class(op).as_deref() {
                    Some("And") => Ok(BoolOp::And),
                    Some("Or") => Ok(BoolOp::Or),
                    _ => reader.unexpected("boolop", op),
                })?;
                let values = self.list(node, "values", Self::load)?;
                if values.len() < 2 {
                    return self.value_error("BoolOp with less than 2 values");
                }
                ExprKind::BoolOp { op, values }
            }
            "NamedExpr" => ExprKind::NamedExpr {
                target: Box::new(self.required(node, "target", Self::store)?),
                value: self.required(node, "value", Self::boxed)?,
            },
            "BinOp" => ExprKind::BinOp {
                left: self.required(node, "left", Self::boxed)?,
                op: self.required(node, "op", Self::operator)?,
                right: self.required(node, "right", Self::boxed)?,
            },
            "UnaryOp" => ExprKind::UnaryOp {
                op: self.required(node, "op", |reader, op| match reader.class(op).as_deref() {
                    Some("Invert") => Ok(UnaryOp::Invert),
                    Some("Not") => Ok(UnaryOp::Not),
                    Some("UAdd") => Ok(UnaryOp::UAdd),
                    Some("USub") => Ok(UnaryOp::USub),
                    _ => reader.unexpected("unaryop", op),
                })?,
                operand: self.required(node, "operand", Self::boxed)?,
            },
            "Lambda" => ExprKind::Lambda {
                id: self.fresh(),
                args: Box::new(self.required(node, "args", Self::arguments)?),
                body: self.required(node, "body", Self::boxed)?,
            },
            "IfExp" => ExprKind::IfExp {
                test: self.required(node, "test", Self::boxed)?,
                body: self.required(node, "body", Self::boxed)?,
                orelse: self.required(node, "orelse", Self::boxed)?,
            },
            "Dict" => {
                let keys = self.list(node, "keys", Self::maybe)?;
                let values = self.list(node, "values", Self::load)?;
                if keys.len() != values.len() {
                    return self.value_error("Dict doesn't have the same number of keys as values");
                }
                ExprKind::Dict { keys, values }
            }
            "Set" => ExprKind::Set(self.list(node, "elts", Self::load)?),
            "ListComp" => self.comprehension(node, CompKind::List)?,
            "SetComp" => self.comprehension(node, CompKind::Set)?,
            "DictComp" => self.comprehension(node, CompKind::Dict)?,
            "GeneratorExp" => self.comprehension(node, CompKind::Generator)?,
            "Await" => ExprKind::Await(self.required(node, "value", Self::boxed)?),
            "Yield" => ExprKind::Yield(self.optional(node, "value", Self::boxed)?),
            "YieldFrom" => ExprKind::YieldFrom(self.required(node, "value", Self::boxed)?),
            "Compare" => {
                let left = self.required(node, "left", Self::boxed)?;
                let ops = self.list(node, "ops", Self::comparison)?;
                let comparators = self.list(node, "comparators", Self::load)?;
                if comparators.is_empty() {
                    return self.value_error("Compare with no comparators");
                }
                if comparators.len() != ops.len() {
                    return self.value_error("Compare has a different number of comparators and operands");
                }
                ExprKind::Compare { left, ops, comparators }
            }
            "Call" => ExprKind::Call {
                func: self.required(node, "func", Self::boxed)?,
                args: self.list(node, "args", Self::load)?,
                keywords: self.list(node, "keywords", Self::keyword)?,
            },
            "FormattedValue" => {
                let conversion = self.required(node, "conversion", Self::int)?;
                ExprKind::FormattedValue {
                    value: self.required(node, "value", Self::boxed)?,
                    conversion: u8::try_from(conversion).unwrap_or(0),
                    format_spec: self.optional(node, "format_spec", Self::boxed)?,
                }
            }
            "JoinedStr" => ExprKind::JoinedStr(self.list(node, "values", Self::load)?),
            "Constant" => {
                let value = self.required(node, "value", Self::constant)?;
                let kind = self.field(node, "kind")?;
                let kind = kind.and_then(|kind| kind.downcast::<StrObject>().map(StrObject::to_string_lossy));
                ExprKind::Constant { value, unicode: kind.as_deref() == Some("u") }
            }
            "Attribute" => ExprKind::Attribute {
                value: self.required(node, "value", Self::boxed)?,
                attr: self.required(node, "attr", Self::identifier)?,
                ctx,
            },
            "Subscript" => ExprKind::Subscript {
                value: self.required(node, "value", Self::boxed)?,
                slice: self.required(node, "slice", Self::boxed)?,
                ctx,
            },
            "Starred" => ExprKind::Starred {
                value: Box::new(self.required(node, "value", |reader, value| reader.expr(value, ctx))?),
                ctx,
            },
            "Name" => {
                let id = self.required(node, "id", Self::identifier)?;
                ExprKind::Name { id, ctx }
            }
            "List" => {
                ExprKind::List { elts: self.list(node, "elts", |reader, elt| reader.expr(elt, ctx))?, ctx }
            }
            "Tuple" => {
                ExprKind::Tuple { elts: self.list(node, "elts", |reader, elt| reader.expr(elt, ctx))?, ctx }
            }
            "Slice" => ExprKind::Slice {
                lower: self.optional(node, "lower", Self::boxed)?,
                upper: self.optional(node, "upper", Self::boxed)?,
                step: self.optional(node, "step", Self::boxed)?,
            },
            _ => return self.unexpected("expr", node),
        };
        Ok(Expr::new(loc, kind))
    }

    fn comprehension(&mut self, node: &Object, kind: CompKind) -> PyResult<ExprKind> {
        let (elt, value) = match kind {
            CompKind::Dict => ("key", Some(self.required(node, "value", Self::load)?)),
            _ => ("elt", None),
        };
        let comp = Comp {
            id: self.fresh(),
            kind,
            elt: self.required(node, elt, Self::load)?,
            value,
            generators: self.list(node, "generators", |reader, part| {
                Ok(Comprehension {
                    target: reader.required(part, "target", Self::store)?,
                    iter: reader.required(part, "iter", Self::load)?,
                    ifs: reader.list(part, "ifs", Self::load)?,
                    is_async: reader.required(part, "is_async", Self::int)? != 0,
                })
            })?,
        };
        if comp.generators.is_empty() {
            return self.value_error("comprehension with no generators");
        }
        Ok(ExprKind::Comp(Box::new(comp)))
    }

    fn constant(&mut self, value: &Object) -> PyResult<Const> {
        match plain_const(self.cx, value) {
            Some(Const::Code(_)) | None => Err(self
                .cx
                .type_error(format_args!("got an invalid type in Constant: {}", value.ty().tp_name()))),
            Some(value) => Ok(value),
        }
    }

    fn operator(&mut self, node: &Object) -> PyResult<Operator> {
        Ok(match self.class(node).as_deref() {
            Some("Add") => Operator::Add,
            Some("Sub") => Operator::Sub,
            Some("Mult") => Operator::Mult,
            Some("MatMult") => Operator::MatMult,
            Some("Div") => Operator::Div,
            Some("Mod") => Operator::Mod,
            Some("Pow") => Operator::Pow,
            Some("LShift") => Operator::LShift,
            Some("RShift") => Operator::RShift,
            Some("BitOr") => Operator::BitOr,
            Some("BitXor") => Operator::BitXor,
            Some("BitAnd") => Operator::BitAnd,
            Some("FloorDiv") => Operator::FloorDiv,
            _ => return self.unexpected("operator", node),
        })
    }

    fn comparison(&mut self, node: &Object) -> PyResult<CmpOp> {
        Ok(match self.class(node).as_deref() {
            Some("Eq") => CmpOp::Eq,
            Some("NotEq") => CmpOp::NotEq,
            Some("Lt") => CmpOp::Lt,
            Some("LtE") => CmpOp::LtE,
            Some("Gt") => CmpOp::Gt,
            Some("GtE") => CmpOp::GtE,
            Some("Is") => CmpOp::Is,
            Some("IsNot") => CmpOp::IsNot,
            Some("In") => CmpOp::In,
            Some("NotIn") => CmpOp::NotIn,
            _ => return self.unexpected("cmpop", node),
        })
    }

    // Patterns.

    fn pattern(&mut self, node: &Object) -> PyResult<Pattern> {
        let _guard = self.cx.enter_recursion(" while traversing 'pattern' node")?;
        stacker::maybe_grow(RED_ZONE, STACK, || self.pattern_inner(node))
    }

    fn pattern_inner(&mut self, node: &Object) -> PyResult<Pattern> {
        let loc = self.place(node, "pattern")?;
        let Some(class) = self.class(node) else { return self.unexpected("pattern", node) };
        let kind = match &*class {
            "MatchValue" => PatternKind::Value(self.required(node, "value", Self::boxed)?),
            "MatchSingleton" => {
                let value = self.required(node, "value", Self::constant)?;
                if !matches!(value, Const::None | Const::True | Const::False) {
                    return self.value_error("MatchSingleton can only contain True, False and None");
                }
                PatternKind::Singleton(value)
            }
            "MatchSequence" => PatternKind::Sequence(self.list(node, "patterns", Self::pattern)?),
            "MatchMapping" => {
                let keys = self.list(node, "keys", Self::load)?;
                let patterns = self.list(node, "patterns", Self::pattern)?;
                if keys.len() != patterns.len() {
                    return self.value_error("MatchMapping doesn't have the same number of keys as patterns");
                }
                PatternKind::Mapping { keys, patterns, rest: self.optional(node, "rest", Self::identifier)? }
            }
            "MatchClass" => {
                let kwd_attrs = self.list(node, "kwd_attrs", Self::identifier)?;
                let kwd_patterns = self.list(node, "kwd_patterns", Self::pattern)?;
                if kwd_attrs.len() != kwd_patterns.len() {
                    return self.value_error(
                        "MatchClass doesn't have the same number of keyword attributes as patterns",
                    );
                }
                PatternKind::Class {
                    cls: self.required(node, "cls", Self::boxed)?,
                    patterns: self.list(node, "patterns", Self::pattern)?,
                    kwd_attrs,
                    kwd_locs: kwd_patterns.iter().map(|pattern| pattern.loc).collect(),
                    kwd_patterns,
                }
            }
            "MatchStar" => PatternKind::Star(self.optional(node, "name", Self::identifier)?),
            "MatchAs" => {
                let pattern = self.optional(node, "pattern", Self::pattern)?.map(Box::new);
                let name = self.optional(node, "name", Self::identifier)?;
                if pattern.is_some() && name.is_none() {
                    return self.value_error("MatchAs must specify a target name if a pattern is given");
                }
                PatternKind::As { pattern, name }
            }
            "MatchOr" => {
                let patterns = self.list(node, "patterns", Self::pattern)?;
                if patterns.len() < 2 {
                    return self.value_error("MatchOr requires at least 2 patterns");
                }
                PatternKind::Or(patterns)
            }
            _ => return self.unexpected("pattern", node),
        };
        Ok(Pattern { loc, kind })
    }
}
