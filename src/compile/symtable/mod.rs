//! Which names a scope binds and uses, and where each of them lives.
//!
//! Two passes over the tree: `build` collects what every scope does with every name, `analyze`
//! resolves the names of nested scopes against each other. The code generator finds a scope by the
//! [`NodeId`] of the node that opens it.

mod analyze;
mod build;

use rustc_hash::FxHashMap;

use super::ast::{CompKind, Identifier, Location, Module, NodeId};
use super::context::Source;
use crate::syntax::SyntaxError;

/// What a scope does with a name; a set of bits.
pub type Flags = u32;

/// `global x`
pub const DEF_GLOBAL: Flags = 1;
/// The scope assigns it.
pub const DEF_LOCAL: Flags = 1 << 1;
pub const DEF_PARAM: Flags = 1 << 2;
/// `nonlocal x`
pub const DEF_NONLOCAL: Flags = 1 << 3;
/// The scope reads it.
pub const USE: Flags = 1 << 4;
/// A class body hands it on from an outer function to its methods.
pub const DEF_FREE_CLASS: Flags = 1 << 6;
pub const DEF_IMPORT: Flags = 1 << 7;
/// `x: annotation`
pub const DEF_ANNOT: Flags = 1 << 8;
/// The target of a comprehension's `for`.
pub const DEF_COMP_ITER: Flags = 1 << 9;
/// Bound here, in whatever way.
pub const DEF_BOUND: Flags = DEF_LOCAL | DEF_PARAM | DEF_IMPORT;

/// Where a name of a scope lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Local,
    GlobalExplicit,
    GlobalImplicit,
    /// In a cell of an enclosing function.
    Free,
    /// In a cell that this scope makes.
    Cell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    Module,
    Class,
    Function,
    /// An annotation under `from __future__ import annotations`; it never becomes code.
    Annotation,
}

#[derive(Clone, Debug)]
pub struct Symbol {
    pub name: Identifier,
    pub flags: Flags,
    /// Set by `analyze`.
    pub place: Option<Place>,
}

/// One module, class body, function, lambda or comprehension.
#[derive(Debug)]
pub struct Scope {
    #[allow(dead_code, reason = "shown when a scope is printed for debugging")]
    pub name: Identifier,
    pub kind: ScopeKind,
    pub comprehension: Option<CompKind>,
    pub loc: Location,
    pub symbols: Vec<Symbol>,
    index: FxHashMap<Identifier, usize>,
    /// Parameters, in the order of the local variables.
    pub varnames: Vec<Identifier>,
    pub children: Vec<usize>,
    /// Places of `global` and `nonlocal` statements, for messages.
    directives: Vec<(Identifier, Location)>,
    /// Inside a function, however deep.
    pub nested: bool,
    /// Has free variables.
    pub free: bool,
    /// A child has free variables.
    pub child_free: bool,
    pub generator: bool,
    pub coroutine: bool,
    pub varargs: bool,
    pub varkeywords: bool,
    pub returns_value: bool,
    /// A method uses `__class__` or `super`.
    pub needs_class_closure: bool,
    /// The visitor is in the target of a comprehension's `for`.
    comp_iter_target: bool,
    /// How deep the visitor is in the iterables of comprehensions.
    comp_iter_expr: u32,
}

impl Scope {
    fn new(name: Identifier, kind: ScopeKind, loc: Location, nested: bool) -> Scope {
        Scope {
            name,
            kind,
            comprehension: None,
            loc,
            symbols: Vec::new(),
            index: FxHashMap::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            directives: Vec::new(),
            nested,
            free: false,
            child_free: false,
            generator: false,
            coroutine: false,
            varargs: false,
            varkeywords: false,
            returns_value: false,
            needs_class_closure: false,
            comp_iter_target: false,
            comp_iter_expr: 0,
        }
    }

    /// The symbol with this (mangled) name.
    pub fn lookup(&self, name: &str) -> Option<&Symbol> {
        self.index.get(name).map(|&at| &self.symbols[at])
    }

    fn flags(&self, name: &str) -> Flags {
        self.lookup(name).map_or(0, |symbol| symbol.flags)
    }

    fn entry(&mut self, name: &Identifier) -> &mut Symbol {
        let at = match self.index.get(name) {
            Some(&at) => at,
            None => {
                self.symbols.push(Symbol { name: name.clone(), flags: 0, place: None });
                self.index.insert(name.clone(), self.symbols.len() - 1);
                self.symbols.len() - 1
            }
        };
        &mut self.symbols[at]
    }
}

/// All scopes of a compilation.
#[derive(Debug)]
pub struct SymbolTable {
    pub scopes: Vec<Scope>,
    by_node: FxHashMap<NodeId, usize>,
}

/// The node that stands for the whole source.
pub const TOP: NodeId = NodeId(0);

impl SymbolTable {
    /// The index of the scope that a node opens.
    pub fn of(&self, node: NodeId) -> usize {
        self.by_node.get(&node).copied().unwrap_or(0)
    }
}

/// Makes the symbol table of a module.
///
/// # Errors
/// Contradictory declarations, misplaced `yield`, `:=` and the like, in CPython's words.
pub fn build(
    module: &Module,
    source: &Source<'_>,
    future_annotations: bool,
) -> Result<SymbolTable, SyntaxError> {
    let mut table = build::build(module, source, future_annotations)?;
    analyze::analyze(&mut table, source)?;
    Ok(table)
}

/// A private name (`__x`) as the class makes it (`_Class__x`).
pub fn mangle(class: Option<&Identifier>, name: &Identifier) -> Identifier {
    let Some(class) = class else { return name.clone() };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.clone();
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return name.clone();
    }
    format!("_{class}{name}").into()
}
