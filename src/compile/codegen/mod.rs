//! From the tree to the flow graph: one method for each construct, in files by family.
//!
//! A [`Unit`] is the code object under construction. Instructions take the unit's current place
//! ([`Unit::loc`]), which statements set and expressions set and put back, exactly as the
//! reference does, since the place of every instruction is part of the output.

mod assign;
mod call;
mod class;
mod classic;
mod comprehension;
mod control;
mod expr;
mod function;
mod import;
mod pattern;
mod stmt;
mod try_;
mod with;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::ast::{Expr, Identifier, Location, Module, NodeId, Stmt};
use super::constants::Constants;
use super::context::Source;
use super::flow::{self, BlockId, CellMap, Graph, Instr};
use super::symtable::{self, Place, ScopeKind, SymbolTable, TOP};
use super::{Options, assemble, unparse};
use crate::code::object::{CodeObject, Const, Text, flags, kind};
use crate::code::opcode::Opcode::{self, *};
use crate::syntax::SyntaxError;

pub(super) type Res<T = ()> = Result<T, SyntaxError>;

/// Blocks that may be nested in each other within one code object.
const MAX_BLOCKS: usize = 20;

/// More values than this are not piled on the stack but gathered as they come.
const STACK_USE_GUIDELINE: usize = 30;

/// What kind of code object a unit becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
}

/// What has to be undone when control leaves a block by `return`, `break` or `continue`.
#[derive(Clone, Debug)]
enum FrameBlock<'a> {
    While {
        start: BlockId,
        exit: BlockId,
    },
    For {
        start: BlockId,
        exit: BlockId,
    },
    TryExcept,
    /// Inside `try` with a `finally`, whose body this is.
    FinallyTry(&'a [Stmt]),
    /// Inside the `finally` of an exception.
    FinallyEnd,
    With {
        loc: Location,
        is_async: bool,
    },
    /// Inside an `except` body; the name it binds.
    HandlerCleanup(Option<&'a Identifier>),
    /// A value on the stack that has to go (a return value under a `finally`).
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehension,
}

/// A code object under construction.
struct Unit<'a> {
    scope: usize,
    kind: UnitKind,
    name: Identifier,
    qualname: String,
    /// The class whose private names are mangled.
    private: Option<Identifier>,
    consts: Constants,
    names: Vec<Identifier>,
    name_index: FxHashMap<Identifier, u32>,
    varnames: Vec<Identifier>,
    varname_index: FxHashMap<Identifier, u32>,
    cellvars: Vec<Identifier>,
    freevars: Vec<Identifier>,
    argcount: u32,
    posonlyargcount: u32,
    kwonlyargcount: u32,
    firstlineno: i32,
    graph: Graph,
    current: BlockId,
    /// The last instruction ended its block: the next one begins another.
    block_ended: bool,
    loc: Location,
    /// Classic: the furthest line that the statement has come to, which its instructions belong to.
    furthest: i32,
    blocks: Vec<FrameBlock<'a>>,
}

/// The generator.
pub(super) struct Codegen<'a> {
    source: &'a Source<'a>,
    table: &'a SymbolTable,
    options: Options,
    /// `__future__` bits in force, inherited ones included.
    future_flags: u32,
    /// Line of the last `from __future__` import that stands where it may.
    future_line: i32,
    interactive: bool,
    units: Vec<Unit<'a>>,
}

/// Generates the code object of a module.
pub(super) fn generate<'a>(
    module: &'a Module,
    source: &'a Source<'a>,
    table: &'a SymbolTable,
    options: Options,
    future_flags: u32,
    future_line: i32,
) -> Res<Arc<CodeObject>> {
    let mut generator =
        Codegen { source, table, options, future_flags, future_line, interactive: false, units: Vec::new() };
    generator.enter(&Identifier::from("<module>"), UnitKind::Module, TOP, 1)?;
    let mut returns_none = true;
    match module {
        Module::Module(body) => generator.body(body)?,
        Module::Interactive(body) => {
            if stmt::has_annotation(body) {
                generator.op(SETUP_ANNOTATIONS);
            }
            generator.interactive = true;
            generator.stmts(body)?;
        }
        Module::Expression(value) => {
            generator.expr(value)?;
            returns_none = false;
        }
    }
    generator.leave(returns_none)
}

impl<'a> Codegen<'a> {
    fn unit(&mut self) -> &mut Unit<'a> {
        self.units.last_mut().expect("generation happens inside a unit")
    }

    fn unit_ref(&self) -> &Unit<'a> {
        self.units.last().expect("generation happens inside a unit")
    }

    fn scope(&self) -> &symtable::Scope {
        &self.table.scopes[self.unit_ref().scope]
    }

    fn error<T>(&self, message: impl Into<String>) -> Res<T> {
        Err(self.source.error(self.unit_ref().loc, message))
    }

    fn error_at<T>(&self, loc: Location, message: impl Into<String>) -> Res<T> {
        Err(self.source.error(loc, message))
    }

    fn future_annotations(&self) -> bool {
        self.future_flags & flags::FUTURE_ANNOTATIONS != 0
    }

    // --- units ---

    fn enter(&mut self, name: &Identifier, kind: UnitKind, node: NodeId, firstlineno: i32) -> Res {
        let scope = self.table.of(node);
        let table = &self.table.scopes[scope];
        let sorted = |wanted: &dyn Fn(&symtable::Symbol) -> bool| {
            let mut names: Vec<Identifier> =
                table.symbols.iter().filter(|s| wanted(s)).map(|s| s.name.clone()).collect();
            names.sort();
            names
        };
        let mut cellvars = sorted(&|s| s.place == Some(Place::Cell));
        if table.needs_class_closure {
            cellvars.push("__class__".into());
        }
        let freevars = sorted(&|s| s.place == Some(Place::Free) || s.flags & symtable::DEF_FREE_CLASS != 0);
        let qualname = self.qualname(name, kind);
        let private = self.units.last().and_then(|unit| unit.private.clone());
        let varnames = table.varnames.clone();
        let varname_index = varnames.iter().cloned().zip(0..).collect();
        let mut graph = Graph::default();
        let current = graph.new_block();
        self.units.push(Unit {
            scope,
            kind,
            name: name.clone(),
            qualname,
            private,
            consts: Constants::default(),
            names: Vec::new(),
            name_index: FxHashMap::default(),
            varnames,
            varname_index,
            cellvars,
            freevars,
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            firstlineno,
            graph,
            current,
            block_ended: false,
            loc: Location::line_only(firstlineno),
            furthest: firstlineno,
            blocks: Vec::new(),
        });
        if kind == UnitKind::Module {
            self.unit().loc = Location { line: 0, end_line: 1, col: 0, end_col: 0 };
        }
        self.op_arg(RESUME, 0);
        if kind == UnitKind::Module {
            self.set_loc(Location::line_only(1));
        }
        Ok(())
    }

    fn qualname(&self, name: &Identifier, kind: UnitKind) -> String {
        // The module itself is the first unit and gives no prefix.
        if self.units.len() < 2 {
            return name.to_string();
        }
        let parent = self.unit_ref();
        if matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            let mangled = symtable::mangle(parent.private.as_ref(), name);
            let place = self.table.scopes[parent.scope].lookup(&mangled).and_then(|s| s.place);
            if place == Some(Place::GlobalExplicit) {
                return name.to_string();
            }
        }
        match parent.kind {
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda => {
                format!("{}.<locals>.{name}", parent.qualname)
            }
            _ => format!("{}.{name}", parent.qualname),
        }
    }

    /// Finishes the innermost unit: return, optimize, assemble.
    fn leave(&mut self, returns_none: bool) -> Res<Arc<CodeObject>> {
        let current = self.unit_ref().current;
        let returned =
            self.unit_ref().graph.blocks[current].instrs.iter().any(|instr| instr.op == RETURN_VALUE);
        if !returned {
            self.unset_loc();
            if returns_none {
                self.load_const(Const::None);
            }
            self.op(RETURN_VALUE);
        }
        let unit = self.units.pop().expect("a unit is being finished");
        let scope = &self.table.scopes[unit.scope];
        let mut code_flags = 0;
        if scope.kind == ScopeKind::Function {
            code_flags |= flags::NEWLOCALS | flags::OPTIMIZED;
            if scope.nested {
                code_flags |= flags::NESTED;
            }
            code_flags |= match (scope.generator, scope.coroutine) {
                (true, false) => flags::GENERATOR,
                (false, true) => flags::COROUTINE,
                (true, true) => flags::ASYNC_GENERATOR,
                (false, false) => 0,
            };
            if scope.varargs {
                code_flags |= flags::VARARGS;
            }
            if scope.varkeywords {
                code_flags |= flags::VARKEYWORDS;
            }
        }
        code_flags |= self.future_flags;
        let is_generator = code_flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0;

        let Unit { mut graph, mut consts, varnames, cellvars, freevars, .. } = unit;
        let shared: Vec<Option<usize>> =
            cellvars.iter().map(|cell| varnames.iter().position(|name| name == cell)).collect();
        flow::normalize(&mut graph);
        let map = CellMap::new(varnames.len(), &shared, freevars.len());
        flow::insert_prefix(&mut graph, &map, varnames.len(), is_generator.then_some(unit.firstlineno));
        flow::optimize(&mut graph, &mut consts);
        // Even where a `yield` or `await` that was compiled away made no generator of it.
        let suspends = scope.generator || scope.coroutine;
        let stacksize = flow::finish(&mut graph, unit.firstlineno, suspends);
        let assembled = assemble::assemble(&mut graph, unit.firstlineno);

        let mut localsplusnames = Vec::new();
        let mut localspluskinds = Vec::new();
        for name in &varnames {
            let cell = if cellvars.contains(name) { kind::CELL } else { 0 };
            localsplusnames.push(Text::from(&**name));
            localspluskinds.push(kind::LOCAL | cell);
        }
        for name in cellvars.iter().filter(|name| !varnames.contains(name)) {
            localsplusnames.push(Text::from(&**name));
            localspluskinds.push(kind::CELL);
        }
        for name in &freevars {
            localsplusnames.push(Text::from(&**name));
            localspluskinds.push(kind::FREE);
        }
        Ok(Arc::new(CodeObject {
            argcount: unit.argcount,
            posonlyargcount: unit.posonlyargcount,
            kwonlyargcount: unit.kwonlyargcount,
            stacksize,
            flags: code_flags,
            code: assembled.code,
            consts: consts.into_values(),
            names: unit.names.iter().map(|name| Text::from(&**name)).collect(),
            localsplusnames,
            localspluskinds,
            filename: Text::from(self.source.filename),
            name: Text::from(&*unit.name),
            qualname: Text::from(unit.qualname),
            firstlineno: unit.firstlineno,
            linetable: assembled.linetable,
            exceptiontable: assembled.exceptiontable,
        }))
    }

    // --- blocks and instructions ---

    fn new_block(&mut self) -> BlockId {
        self.unit().graph.new_block()
    }

    /// Goes on in `block`, which follows the current one.
    fn use_block(&mut self, block: BlockId) {
        let unit = self.unit();
        let current = unit.current;
        unit.graph.blocks[current].next = Some(block);
        unit.current = block;
        unit.block_ended = false;
    }

    fn emit(&mut self, mut instr: Instr, mut loc: Location) {
        if self.options.classic && loc.line > 0 {
            loc = Location::line_only(self.unit_ref().furthest);
        }
        if self.unit_ref().block_ended {
            let block = self.new_block();
            self.use_block(block);
        }
        instr.loc = loc;
        let ends = instr.is_jump() || instr.is_scope_exit();
        let unit = self.unit();
        let current = unit.current;
        unit.graph.blocks[current].instrs.push(instr);
        unit.block_ended = ends;
    }

    fn op(&mut self, op: Opcode) {
        self.op_arg(op, 0);
    }

    fn op_arg(&mut self, op: Opcode, arg: u32) {
        let loc = self.unit_ref().loc;
        self.emit(Instr::new(op, arg, loc), loc);
    }

    fn op_no_line(&mut self, op: Opcode) {
        self.emit(Instr::new(op, 0, Location::NONE), Location::NONE);
    }

    fn jump(&mut self, op: Opcode, target: BlockId) {
        let loc = self.unit_ref().loc;
        let mut instr = Instr::new(op, 0, loc);
        instr.target = Some(target);
        self.emit(instr, loc);
    }

    fn jump_no_line(&mut self, op: Opcode, target: BlockId) {
        let mut instr = Instr::new(op, 0, Location::NONE);
        instr.target = Some(target);
        self.emit(instr, Location::NONE);
    }

    fn set_loc(&mut self, loc: Location) {
        self.unit().loc = loc;
    }

    /// What follows belongs to no line.
    fn unset_loc(&mut self) {
        self.unit().loc = Location::NONE;
    }

    fn load_const(&mut self, value: Const) {
        let index = self.unit().consts.add(value);
        self.op_arg(LOAD_CONST, index);
    }

    fn load_text(&mut self, text: &str) {
        self.load_const(Const::Str(Text::from(text)));
    }

    // --- names ---

    fn mangle(&self, name: &Identifier) -> Identifier {
        symtable::mangle(self.unit_ref().private.as_ref(), name)
    }

    fn name_arg(&mut self, name: &Identifier) -> u32 {
        let unit = self.unit();
        if let Some(&index) = unit.name_index.get(name) {
            return index;
        }
        let index = unit.names.len() as u32;
        unit.names.push(name.clone());
        unit.name_index.insert(name.clone(), index);
        index
    }

    /// An instruction on an attribute or global name, mangled.
    fn op_name(&mut self, op: Opcode, name: &Identifier) {
        let mangled = self.mangle(name);
        let arg = self.name_arg(&mangled);
        self.op_arg(op, arg);
    }

    fn varname_arg(&mut self, name: &Identifier) -> u32 {
        let unit = self.unit();
        if let Some(&index) = unit.varname_index.get(name) {
            return index;
        }
        let index = unit.varnames.len() as u32;
        unit.varnames.push(name.clone());
        unit.varname_index.insert(name.clone(), index);
        index
    }

    /// The number of a cell or free variable: cells first.
    fn deref_arg(&self, name: &str) -> u32 {
        let unit = self.unit_ref();
        let cell = unit.cellvars.iter().position(|n| &**n == name);
        let index = cell
            .or_else(|| unit.freevars.iter().position(|n| &**n == name).map(|at| at + unit.cellvars.len()));
        index.unwrap_or(0) as u32
    }

    fn free_arg(&self, name: &str) -> u32 {
        let unit = self.unit_ref();
        let at = unit.freevars.iter().position(|n| &**n == name).unwrap_or(0);
        (at + unit.cellvars.len()) as u32
    }

    fn forbidden(&self, name: &str, ctx: super::ast::Ctx) -> Res {
        use super::ast::Ctx;
        if name == "__debug__" {
            match ctx {
                Ctx::Store => return self.error("cannot assign to __debug__"),
                Ctx::Del => return self.error("cannot delete __debug__"),
                Ctx::Load => {}
            }
        }
        Ok(())
    }

    /// Loads, stores or deletes a variable wherever it lives (`compiler_nameop`).
    fn name_op(&mut self, name: &Identifier, ctx: super::ast::Ctx) -> Res {
        use super::ast::Ctx;
        self.forbidden(name, ctx)?;
        let mangled = self.mangle(name);
        let scope = self.scope();
        let in_function = scope.kind == ScopeKind::Function;
        let in_class = scope.kind == ScopeKind::Class;
        let place = scope.lookup(&mangled).and_then(|symbol| symbol.place);
        match place {
            Some(Place::Free) | Some(Place::Cell) => {
                let arg = if place == Some(Place::Free) {
                    self.free_arg(&mangled)
                } else {
                    self.deref_arg(&mangled)
                };
                let op = match ctx {
                    Ctx::Load if in_class => LOAD_CLASSDEREF,
                    Ctx::Load => LOAD_DEREF,
                    Ctx::Store => STORE_DEREF,
                    Ctx::Del => DELETE_DEREF,
                };
                self.op_arg(op, arg);
            }
            Some(Place::Local) if in_function => {
                let arg = self.varname_arg(&mangled);
                let op = match ctx {
                    Ctx::Load => LOAD_FAST,
                    Ctx::Store => STORE_FAST,
                    Ctx::Del => DELETE_FAST,
                };
                self.op_arg(op, arg);
            }
            Some(Place::GlobalExplicit) => self.global_op(&mangled, ctx),
            Some(Place::GlobalImplicit) if in_function => self.global_op(&mangled, ctx),
            _ => {
                let arg = self.name_arg(&mangled);
                let op = match ctx {
                    Ctx::Load => LOAD_NAME,
                    Ctx::Store => STORE_NAME,
                    Ctx::Del => DELETE_NAME,
                };
                self.op_arg(op, arg);
            }
        }
        Ok(())
    }

    fn global_op(&mut self, mangled: &Identifier, ctx: super::ast::Ctx) {
        use super::ast::Ctx;
        let arg = self.name_arg(mangled);
        match ctx {
            Ctx::Load => self.op_arg(LOAD_GLOBAL, arg << 1),
            Ctx::Store => self.op_arg(STORE_GLOBAL, arg),
            Ctx::Del => self.op_arg(DELETE_GLOBAL, arg),
        }
    }

    fn load_name(&mut self, name: &str) -> Res {
        self.name_op(&Identifier::from(name), super::ast::Ctx::Load)
    }

    fn store_name(&mut self, name: &str) -> Res {
        self.name_op(&Identifier::from(name), super::ast::Ctx::Store)
    }

    /// An annotation: its value, or its text under `from __future__ import annotations`.
    fn annotation(&mut self, annotation: &'a Expr) -> Res {
        if self.future_annotations() {
            let text = unparse::unparse(annotation);
            self.load_const(Const::Str(text));
            return Ok(());
        }
        self.expr(annotation)
    }

    /// Enters a block that has to be undone when control leaves it.
    fn push_block(&mut self, block: FrameBlock<'a>) -> Res {
        if self.unit_ref().blocks.len() >= MAX_BLOCKS {
            return self.error("too many statically nested blocks");
        }
        self.unit().blocks.push(block);
        Ok(())
    }

    // --- leaving blocks early ---

    /// Undoes one block on the way out; `keep` says that a value on the stack must survive.
    fn unwind(&mut self, block: &FrameBlock<'a>, keep: bool) -> Res {
        match block {
            FrameBlock::While { .. }
            | FrameBlock::ExceptionHandler
            | FrameBlock::ExceptionGroupHandler
            | FrameBlock::AsyncComprehension => {}
            FrameBlock::For { .. } => {
                if keep {
                    self.op_arg(SWAP, 2);
                }
                self.op(POP_TOP);
            }
            FrameBlock::FinallyTry(body) => {
                self.op(POP_BLOCK);
                if keep {
                    self.push_block(FrameBlock::PopValue)?;
                }
                self.stmts(body)?;
                if keep {
                    self.unit().blocks.pop();
                }
                self.unset_loc();
            }
            FrameBlock::TryExcept => self.op(POP_BLOCK),
            FrameBlock::FinallyEnd => {
                if keep {
                    self.op_arg(SWAP, 2);
                }
                self.op(POP_TOP);
                if keep {
                    self.op_arg(SWAP, 2);
                }
                self.op(POP_BLOCK);
                self.op(POP_EXCEPT);
            }
            FrameBlock::With { loc, is_async } => {
                self.set_loc(*loc);
                self.op(POP_BLOCK);
                if keep {
                    self.op_arg(SWAP, 2);
                }
                self.call_exit_with_nones();
                if *is_async {
                    self.op_arg(GET_AWAITABLE, 2);
                    self.load_const(Const::None);
                    self.yield_from(true);
                }
                self.op(POP_TOP);
                self.unset_loc();
            }
            FrameBlock::HandlerCleanup(name) => {
                if name.is_some() {
                    self.op(POP_BLOCK);
                }
                if keep {
                    self.op_arg(SWAP, 2);
                }
                self.op(POP_BLOCK);
                self.op(POP_EXCEPT);
                if let Some(name) = name {
                    self.unbind(name)?;
                }
            }
            FrameBlock::PopValue => {
                if keep {
                    self.op_arg(SWAP, 2);
                }
                self.op(POP_TOP);
            }
        }
        Ok(())
    }

    /// Undoes blocks from the inside out, up to the innermost loop if `to_loop`; gives that loop.
    fn unwind_all(&mut self, keep: bool, to_loop: bool) -> Res<Option<FrameBlock<'a>>> {
        let Some(top) = self.unit_ref().blocks.last().cloned() else { return Ok(None) };
        if matches!(top, FrameBlock::ExceptionGroupHandler) {
            return self.error("'break', 'continue' and 'return' cannot appear in an except* block");
        }
        if to_loop && matches!(top, FrameBlock::While { .. } | FrameBlock::For { .. }) {
            return Ok(Some(top));
        }
        self.unit().blocks.pop();
        self.unwind(&top, keep)?;
        let found = self.unwind_all(keep, to_loop)?;
        self.unit().blocks.push(top);
        Ok(found)
    }

    /// `name = None; del name`: the end of `except ... as name`.
    fn unbind(&mut self, name: &Identifier) -> Res {
        self.load_const(Const::None);
        self.name_op(name, super::ast::Ctx::Store)?;
        self.name_op(name, super::ast::Ctx::Del)
    }

    fn call_exit_with_nones(&mut self) {
        for _ in 0..3 {
            self.load_const(Const::None);
        }
        self.op_arg(PRECALL, 2);
        self.op_arg(CALL, 2);
    }

    /// The loop around `SEND` that `await` and `yield from` are.
    fn yield_from(&mut self, is_await: bool) {
        let start = self.new_block();
        let resume = self.new_block();
        let exit = self.new_block();
        self.use_block(start);
        self.jump(SEND, exit);
        self.use_block(resume);
        self.op(YIELD_VALUE);
        self.op_arg(RESUME, if is_await { 3 } else { 2 });
        self.jump(JUMP_NO_INTERRUPT, start);
        self.use_block(exit);
    }
}
