//! What the recogniser remembers of a match: just enough to name and place it in a message.

/// The kind of a node. Expressions have the kinds that messages tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Several values in a row.
    Row,
    Token,
    /// Nothing, where something optional was not there.
    Empty,
    Name,
    Literal,
    None,
    True,
    False,
    Ellipsis,
    FString,
    Attribute,
    Subscript,
    Starred,
    Tuple,
    List,
    Set,
    Dict,
    ListComp,
    SetComp,
    DictComp,
    GenExp,
    Call,
    Lambda,
    IfExp,
    BoolOp,
    BinOp,
    UnaryOp,
    Compare,
    /// `in x` within a comparison.
    InPair,
    Yield,
    Await,
    Named,
    /// A `for … in … if …` clause of a comprehension.
    Clause,
    /// `name=value` in a call.
    Keyword,
    /// `**value` in a call.
    DoubleStar,
}

impl Kind {
    /// The kind that an action of the grammar names.
    pub fn by_name(name: &str) -> Option<Kind> {
        use Kind::*;
        let kinds = [
            None, True, False, Ellipsis, Attribute, Subscript, Starred, Tuple, List, Set, Dict, ListComp,
            SetComp, DictComp, GenExp, Call, Lambda, IfExp, BoolOp, BinOp, UnaryOp, Compare, InPair, Yield,
            Await, Named, Clause, Keyword, DoubleStar,
        ];
        kinds.into_iter().find(|kind| format!("{kind:?}") == name)
    }

    /// What messages call an expression of this kind.
    pub fn describe(self) -> &'static str {
        use Kind::*;
        match self {
            Attribute => "attribute",
            Subscript => "subscript",
            Starred => "starred",
            Name => "name",
            List => "list",
            Tuple => "tuple",
            Lambda => "lambda",
            Call => "function call",
            BoolOp | BinOp | UnaryOp => "expression",
            GenExp => "generator expression",
            Yield => "yield expression",
            Await => "await expression",
            ListComp => "list comprehension",
            SetComp => "set comprehension",
            DictComp => "dict comprehension",
            Dict => "dict literal",
            Set => "set display",
            FString => "f-string expression",
            None => "None",
            True => "True",
            False => "False",
            Ellipsis => "ellipsis",
            Compare => "comparison",
            IfExp => "conditional expression",
            Named => "named expression",
            _ => "literal",
        }
    }
}

/// Index of a node.
pub(super) type Id = u32;

/// A match: tokens `first..end` (by index, `end` exclusive) and the values in it.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub first: u32,
    pub end: u32,
    pub kids: Vec<Id>,
}

/// All nodes of one parse.
#[derive(Default)]
pub(super) struct Nodes(Vec<Node>);

impl Nodes {
    pub fn push(&mut self, node: Node) -> Id {
        self.0.push(node);
        self.0.len() as Id - 1
    }

    pub fn get(&self, id: Id) -> &Node {
        &self.0[id as usize]
    }

    /// The values of a display or an argument list: rows taken apart, tokens left out.
    pub fn elements(&self, id: Id) -> Vec<Id> {
        let mut out = Vec::new();
        for &kid in &self.get(id).kids {
            match self.get(kid).kind {
                Kind::Row => out.extend(self.elements(kid)),
                Kind::Token | Kind::Empty => {}
                _ => out.push(kid),
            }
        }
        out
    }
}
