//! The abstract syntax tree as Python's own grammar description (`Python.asdl`) has it.
//!
//! The parser's tree is lowered into this one (`lower`), `fold` rewrites it in place, the symbol
//! table and the code generator read it. Every node carries its place as lines and byte columns,
//! so nothing after `lower` looks at the source text except for messages.

use std::sync::Arc;

use crate::code::object::Const;

/// An identifier as written, normalised (NFKC), not mangled.
pub type Identifier = Arc<str>;

/// A place in the source: one-based lines, zero-based columns in UTF-8 bytes.
/// `line` is -1 for instructions that belong to no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Location {
    pub line: i32,
    pub end_line: i32,
    pub col: i32,
    pub end_col: i32,
}

impl Location {
    /// The place of an instruction that no source text stands for.
    pub const NONE: Location = Location { line: -1, end_line: -1, col: -1, end_col: -1 };

    /// A whole line, with no columns.
    pub const fn line_only(line: i32) -> Location {
        Location { line, end_line: line, col: 0, end_col: 0 }
    }
}

/// Names a node that opens a scope, so that the code generator finds what the symbol table made
/// of it. Unique within one compilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What is compiled.
#[derive(Clone, Debug)]
pub enum Module {
    /// `Module`: a file.
    Module(Vec<Stmt>),
    /// `Interactive`: what was typed at a prompt; expression statements are displayed.
    Interactive(Vec<Stmt>),
    /// `Expression`: for `eval`.
    Expression(Box<Expr>),
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub loc: Location,
    pub kind: StmtKind,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    FunctionDef(Box<FunctionDef>),
    ClassDef(Box<ClassDef>),
    Return(Option<Box<Expr>>),
    Delete(Vec<Expr>),
    Assign {
        targets: Vec<Expr>,
        value: Box<Expr>,
    },
    AugAssign {
        target: Box<Expr>,
        op: Operator,
        value: Box<Expr>,
    },
    AnnAssign {
        target: Box<Expr>,
        annotation: Box<Expr>,
        value: Option<Box<Expr>>,
        simple: bool,
    },
    For {
        target: Box<Expr>,
        iter: Box<Expr>,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
        is_async: bool,
    },
    While {
        test: Box<Expr>,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    If {
        test: Box<Expr>,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    With {
        items: Vec<WithItem>,
        body: Vec<Stmt>,
        is_async: bool,
    },
    Match {
        subject: Box<Expr>,
        cases: Vec<MatchCase>,
    },
    Raise {
        exc: Option<Box<Expr>>,
        cause: Option<Box<Expr>>,
    },
    /// Classic: `raise type, value, traceback`, as many of them as are given.
    ClassicRaise(Vec<Expr>),
    /// Classic: `print >>dest, values`.
    Print {
        dest: Option<Box<Expr>>,
        values: Vec<Expr>,
        newline: bool,
    },
    /// Classic: `exec body in globals, locals`.
    Exec {
        body: Box<Expr>,
        globals: Option<Box<Expr>>,
        locals: Option<Box<Expr>>,
    },
    Try {
        body: Vec<Stmt>,
        handlers: Vec<ExceptHandler>,
        orelse: Vec<Stmt>,
        finalbody: Vec<Stmt>,
        star: bool,
    },
    Assert {
        test: Box<Expr>,
        msg: Option<Box<Expr>>,
    },
    Import(Vec<Alias>),
    ImportFrom {
        module: Option<Identifier>,
        names: Vec<Alias>,
        level: u32,
    },
    Global(Vec<Identifier>),
    Nonlocal(Vec<Identifier>),
    Expr(Box<Expr>),
    Pass,
    Break,
    Continue,
}

#[derive(Clone, Debug)]
pub struct FunctionDef {
    pub id: NodeId,
    pub name: Identifier,
    pub args: Arguments,
    pub body: Vec<Stmt>,
    pub decorators: Vec<Expr>,
    pub returns: Option<Expr>,
    pub is_async: bool,
}

#[derive(Clone, Debug)]
pub struct ClassDef {
    pub id: NodeId,
    pub name: Identifier,
    pub bases: Vec<Expr>,
    pub keywords: Vec<Keyword>,
    pub body: Vec<Stmt>,
    pub decorators: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub struct WithItem {
    pub context: Expr,
    pub vars: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct MatchCase {
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct ExceptHandler {
    pub loc: Location,
    pub typ: Option<Expr>,
    pub name: Option<Identifier>,
    /// Classic: what the exception is assigned to, for good.
    pub target: Option<Expr>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct Alias {
    pub loc: Location,
    pub name: Identifier,
    pub asname: Option<Identifier>,
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub loc: Location,
    pub kind: ExprKind,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    BoolOp {
        op: BoolOp,
        values: Vec<Expr>,
    },
    NamedExpr {
        target: Box<Expr>,
        value: Box<Expr>,
    },
    BinOp {
        left: Box<Expr>,
        op: Operator,
        right: Box<Expr>,
    },
    UnaryOp {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Lambda {
        id: NodeId,
        args: Box<Arguments>,
        body: Box<Expr>,
    },
    IfExp {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    /// A missing key stands for `**value`.
    Dict {
        keys: Vec<Option<Expr>>,
        values: Vec<Expr>,
    },
    Set(Vec<Expr>),
    Comp(Box<Comp>),
    /// Classic: backticks.
    Repr(Box<Expr>),
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    Compare {
        left: Box<Expr>,
        ops: Vec<CmpOp>,
        comparators: Vec<Expr>,
    },
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<Keyword>,
    },
    /// `conversion` is 's', 'r', 'a' or 0.
    FormattedValue {
        value: Box<Expr>,
        conversion: u8,
        format_spec: Option<Box<Expr>>,
    },
    JoinedStr(Vec<Expr>),
    /// `unicode` marks a `u''` literal, which only unparsing shows.
    Constant {
        value: Const,
        unicode: bool,
    },
    Attribute {
        value: Box<Expr>,
        attr: Identifier,
        ctx: Ctx,
    },
    Subscript {
        value: Box<Expr>,
        slice: Box<Expr>,
        ctx: Ctx,
    },
    Starred {
        value: Box<Expr>,
        ctx: Ctx,
    },
    Name {
        id: Identifier,
        ctx: Ctx,
    },
    List {
        elts: Vec<Expr>,
        ctx: Ctx,
    },
    Tuple {
        elts: Vec<Expr>,
        ctx: Ctx,
    },
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
}

/// A comprehension or generator expression.
#[derive(Clone, Debug)]
pub struct Comp {
    pub id: NodeId,
    pub kind: CompKind,
    /// The element, or the key of a dict comprehension.
    pub elt: Expr,
    /// The value of a dict comprehension.
    pub value: Option<Expr>,
    pub generators: Vec<Comprehension>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompKind {
    Generator,
    List,
    /// Classic: a list comprehension, which binds its variables where it stands.
    Leaky,
    Set,
    Dict,
}

#[derive(Clone, Debug)]
pub struct Comprehension {
    pub target: Expr,
    pub iter: Expr,
    pub ifs: Vec<Expr>,
    pub is_async: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub posonlyargs: Vec<Arg>,
    pub args: Vec<Arg>,
    pub vararg: Option<Arg>,
    pub kwonlyargs: Vec<Arg>,
    /// Parallel to `kwonlyargs`.
    pub kw_defaults: Vec<Option<Expr>>,
    pub kwarg: Option<Arg>,
    /// Of the last positional parameters.
    pub defaults: Vec<Expr>,
    /// Classic: positional parameters by number that are unpacked into a target.
    pub unpack: Vec<(u32, Expr)>,
}

#[derive(Clone, Debug)]
pub struct Arg {
    pub loc: Location,
    pub name: Identifier,
    pub annotation: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Keyword {
    pub loc: Location,
    /// Missing for `**value`.
    pub arg: Option<Identifier>,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub loc: Location,
    pub kind: PatternKind,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    Value(Box<Expr>),
    /// None, True or False.
    Singleton(Const),
    Sequence(Vec<Pattern>),
    Mapping {
        keys: Vec<Expr>,
        patterns: Vec<Pattern>,
        rest: Option<Identifier>,
    },
    Class {
        cls: Box<Expr>,
        patterns: Vec<Pattern>,
        kwd_attrs: Vec<Identifier>,
        kwd_locs: Vec<Location>,
        kwd_patterns: Vec<Pattern>,
    },
    Star(Option<Identifier>),
    As {
        pattern: Option<Box<Pattern>>,
        name: Option<Identifier>,
    },
    Or(Vec<Pattern>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ctx {
    Load,
    Store,
    Del,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoolOp {
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Sub,
    Mult,
    MatMult,
    Div,
    /// Classic: `/` without `from __future__ import division`.
    ClassicDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Invert,
    Not,
    UAdd,
    USub,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CmpOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

impl Expr {
    /// An expression node.
    pub fn new(loc: Location, kind: ExprKind) -> Expr {
        Expr { loc, kind }
    }

    /// The value of a constant node.
    pub fn as_constant(&self) -> Option<&Const> {
        match &self.kind {
            ExprKind::Constant { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether this is `*value`.
    pub fn is_starred(&self) -> bool {
        matches!(self.kind, ExprKind::Starred { .. })
    }
}

/// The docstring of a body: the text of a first statement that is a plain string.
pub fn docstring(body: &[Stmt]) -> Option<&Const> {
    match &body.first()?.kind {
        StmtKind::Expr(value) => value.as_constant().filter(|value| matches!(value, Const::Str(_))),
        _ => None,
    }
}
