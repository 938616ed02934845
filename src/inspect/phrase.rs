//! What a person would call an object, found by following the way to it: `global c1`, `c2.t`, `list1[0]`,
//! `key 'k' of d`, `constant 3 of f`, `cell n of closure g`.
//!
//! A phrase stands for an object and knows how what it holds is called; [`Phrase::step`] goes one reference further.
use super::edges::Place;
use super::roots::RootName;
use super::short::{peek_text, short};
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::StrObject;
use crate::objects::cell::CellObject;
use crate::vm::code_object::Code;
use crate::vm::frame_object::FrameObject;
use crate::vm::function::FunctionObject;

/// A name for an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// As shown when nothing follows.
    pub text: String,
    kind: Kind,
}

/// What the name is good for when it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// An expression that can be gone on with. `within`: in which function its first name is a local.
    Expression {
        code: String,
        within: Option<String>,
    },
    /// A dict whose entries are names: `c1.` before each, nothing for the globals.
    Namespace {
        prefix: String,
        within: Option<String>,
    },
    /// A code object, and its tuples.
    Code(String),
    Constants(String),
    Names(String),
    Variables(String),
    /// The tuple of a function's cells, or of its defaults: what each is called.
    Closure {
        function: String,
        names: Vec<String>,
    },
    Defaults {
        function: String,
        names: Vec<String>,
    },
    KeywordDefaults(String),
    /// A cell: the variable in it.
    Cell {
        name: String,
        within: Option<String>,
    },
    /// Anything else.
    Noun,
}

impl Phrase {
    fn expression(code: String, within: Option<String>) -> Phrase {
        let text = match &within {
            Some(place) => format!("{code} in {place}"),
            None => code.clone(),
        };
        Phrase { text, kind: Kind::Expression { code, within } }
    }

    /// A description that is no Python.
    pub fn noun(text: impl Into<String>) -> Phrase {
        Phrase { text: text.into(), kind: Kind::Noun }
    }

    /// The namespace of a module.
    pub fn module(name: &str) -> Phrase {
        let (text, prefix) = match name {
            "__main__" => ("the globals".to_owned(), String::new()),
            other => (format!("the namespace of {other}"), format!("{other}.")),
        };
        Phrase { text, kind: Kind::Namespace { prefix, within: None } }
    }

    /// What a root holds.
    pub fn root(name: RootName<'_>, object: &Object) -> Phrase {
        let text = name.to_string();
        let kind = match name {
            RootName::Local(frame, local) => {
                let within = (frame.function != "<module>").then(|| frame.to_string());
                if object.downcast_exact::<CellObject>().is_some() {
                    let text = format!("cell {local} of {frame}");
                    return Phrase { text, kind: Kind::Cell { name: local.to_owned(), within } };
                }
                Kind::Expression { code: local.to_owned(), within }
            }
            RootName::Part(..) => match object.downcast_exact::<FunctionObject>() {
                Some(function) => {
                    Kind::Expression { code: peek_text(function.qualname.peek()), within: None }
                }
                None => match object.downcast_exact::<Code>() {
                    Some(code) => Kind::Code(code.qualname.to_string_lossy()),
                    None => Kind::Noun,
                },
            },
            RootName::Other(text) if text.contains("(sys.modules)") => {
                Kind::Expression { code: "sys.modules".to_owned(), within: None }
            }
            RootName::Stack(..) | RootName::Other(_) => Kind::Noun,
        };
        Phrase { text, kind }
    }

    /// Whether it is only a dict of names (or the like) on the way to what the names stand for.
    pub fn is_passage(&self) -> bool {
        !matches!(self.kind, Kind::Expression { .. } | Kind::Noun | Kind::Code(_))
    }

    /// The Python expression, if it is one that can be typed at the module's level or in the innermost frame.
    pub fn code(&self) -> Option<&str> {
        match &self.kind {
            Kind::Expression { code, .. } => Some(code),
            _ => None,
        }
    }

    /// So many steps are left out here.
    pub fn with_gap(self, steps: usize) -> Phrase {
        match self.kind {
            Kind::Expression { code, within } => {
                Phrase::expression(format!("{code}…({steps} steps)…"), within)
            }
            _ => Phrase::noun(format!("{} ({steps} steps on)", self.text)),
        }
    }

    /// What `held` is called, which `holder`, called by this phrase, has in this place.
    pub fn step(&self, still: Still<'_>, holder: &Object, place: Place<'_>, held: &Object) -> Phrase {
        let name_of = |name: &Object| peek_text(name.downcast::<StrObject>());
        match (&self.kind, place) {
            (_, Place::Part("the running function")) if held.downcast_exact::<FunctionObject>().is_some() => {
                let name = held.downcast_exact::<FunctionObject>().map(|f| peek_text(f.qualname.peek()));
                let kind = Kind::Expression { code: name.unwrap_or_default(), within: None };
                Phrase { text: self.noun_step(still, place).text, kind }
            }
            (Kind::Noun, Place::Part(part @ (".__code__" | "the running code")))
            | (Kind::Expression { .. }, Place::Part(part @ "the running code"))
                if held.downcast_exact::<Code>().is_some() =>
            {
                let name = held.downcast_exact::<Code>().map(|code| code.qualname.to_string_lossy());
                let text = format!("{} of {}", part.trim_start_matches('.'), self.text);
                Phrase { text, kind: Kind::Code(name.unwrap_or_default()) }
            }
            (Kind::Noun, Place::Part(".__dict__")) => Phrase {
                text: format!("the namespace of {}", self.text),
                kind: Kind::Namespace { prefix: format!("{}'s ", self.text), within: None },
            },
            (Kind::Namespace { prefix, .. }, Place::Value(key)) if prefix.ends_with("'s ") => {
                Phrase::noun(format!("{prefix}{}", short(still, key).trim_matches('\'')))
            }
            (Kind::Namespace { prefix, within }, Place::Value(key))
                if key.downcast::<StrObject>().is_some() =>
            {
                let name = name_of(key);
                match prefix.as_str() {
                    "" => Phrase {
                        text: format!("global {name}"),
                        kind: Kind::Expression { code: name, within: None },
                    },
                    "builtins." if name == "_" => Phrase {
                        text: "the last result (_)".to_owned(),
                        kind: Kind::Expression { code: name, within: None },
                    },
                    "builtins." => Phrase {
                        text: format!("builtins.{name}"),
                        kind: Kind::Expression { code: name, within: None },
                    },
                    prefix => Phrase::expression(format!("{prefix}{name}"), within.clone()),
                }
            }
            (Kind::Namespace { prefix, .. }, Place::Key(key)) => {
                let owner = prefix.strip_suffix('.').or(prefix.strip_suffix("'s ")).unwrap_or("the globals");
                Phrase::noun(format!("the name {} in {owner}", short(still, key)))
            }
            (Kind::Code(function), Place::Part(part)) => {
                let (what, kind) = match part {
                    ".co_consts" => ("constants", Kind::Constants(function.clone())),
                    ".co_names" => ("names", Kind::Names(function.clone())),
                    ".co_varnames" => ("variable names", Kind::Variables(function.clone())),
                    other => return Phrase::noun(format!("{other} of the code of {function}")),
                };
                Phrase { text: format!("the {what} of {function}"), kind }
            }
            (Kind::Constants(function), Place::Index(index)) => {
                let text = format!("constant {index} of {function}");
                match held.downcast_exact::<Code>() {
                    Some(code) => Phrase { text, kind: Kind::Code(code.qualname.to_string_lossy()) },
                    None => Phrase::noun(text),
                }
            }
            (Kind::Names(function), Place::Index(_)) => {
                Phrase::noun(format!("the name {} used by {function}", short(still, held)))
            }
            (Kind::Variables(function), Place::Index(_)) => {
                Phrase::noun(format!("the variable name {} of {function}", short(still, held)))
            }
            (Kind::Closure { function, names }, Place::Index(index)) => {
                let name = names.get(index).cloned().unwrap_or_default();
                Phrase {
                    text: format!("cell {name} of closure {function}"),
                    kind: Kind::Cell { name, within: Some(format!("closure {function}")) },
                }
            }
            (Kind::Defaults { function, names }, Place::Index(index)) => {
                let name = names.get(index).map_or("", String::as_str);
                Phrase::noun(format!("default of parameter {name} of {function}"))
            }
            (Kind::KeywordDefaults(function), Place::Value(key)) => {
                Phrase::noun(format!("default of parameter {} of {function}", name_of(key)))
            }
            (Kind::Cell { name, within }, Place::Part(".cell_contents")) => Phrase {
                text: self.text.clone(),
                kind: Kind::Expression { code: name.clone(), within: within.clone() },
            },
            (Kind::Expression { code, within }, place) => expression_step(still, code, within, holder, place),
            (_, place) => self.noun_step(still, place),
        }
    }

    fn noun_step(&self, still: Still<'_>, place: Place<'_>) -> Phrase {
        let of = &self.text;
        Phrase::noun(match place {
            Place::Attribute(name) => {
                format!("attribute {} of {of}", peek_text(name.downcast::<StrObject>()))
            }
            Place::Index(index) => format!("item {index} of {of}"),
            Place::Key(key) => format!("key {} of {of}", short(still, key)),
            Place::Value(key) => format!("[{}] of {of}", short(still, key)),
            Place::Member => format!("element of {of}"),
            Place::Part(".__class__") => format!("the class of {of}"),
            Place::Part(part) => format!("{} of {of}", part.trim_start()),
            Place::Local(name) => format!("local {} of {of}", peek_text(name.downcast::<StrObject>())),
            Place::Stack(slot) => format!("value stack of {of}, slot {slot}"),
            Place::Reference(_) => format!("inside {of}"),
        })
    }
}

/// One step on from an expression.
fn expression_step(
    still: Still<'_>,
    code: &str,
    within: &Option<String>,
    holder: &Object,
    place: Place<'_>,
) -> Phrase {
    let on = |suffix: String| Phrase::expression(format!("{code}{suffix}"), within.clone());
    let name_of = |name: &Object| peek_text(name.downcast::<StrObject>());
    if let (Some(function), Place::Part(part)) = (holder.downcast_exact::<FunctionObject>(), place)
        && let Some(phrase) = function_step(code, function, part)
    {
        return phrase;
    }
    match place {
        Place::Attribute(name) => on(format!(".{}", name_of(name))),
        Place::Index(index) => on(format!("[{index}]")),
        Place::Value(key) => on(format!("[{}]", short(still, key))),
        Place::Key(key) => Phrase::noun(format!("key {} of {}", short(still, key), on(String::new()).text)),
        Place::Member => Phrase::noun(format!("element of {}", on(String::new()).text)),
        Place::Part(".__dict__") => Phrase {
            text: on(".__dict__".to_owned()).text,
            kind: Kind::Namespace { prefix: format!("{code}."), within: within.clone() },
        },
        Place::Part(".__class__") => Phrase {
            text: format!("the class of {}", on(String::new()).text),
            kind: Kind::Expression { code: format!("{code}.__class__"), within: within.clone() },
        },
        Place::Part(part) if part.starts_with('.') => on(part.to_owned()),
        Place::Part(part) => Phrase::noun(format!("{} of {}", part.trim_start(), on(String::new()).text)),
        Place::Local(name) => {
            // What a generator expression was given to go over.
            let name = if name_of(name) == ".0" { "iterator".to_owned() } else { name_of(name) };
            let within = match holder.downcast_exact::<FrameObject>() {
                Some(frame) => {
                    format!("the frame of {} kept by {code}", frame.frame().code().qualname.to_string_lossy())
                }
                None => format!("generator {code}"),
            };
            Phrase {
                text: format!("local {name} of {within}"),
                kind: Kind::Expression { code: name, within: Some(within) },
            }
        }
        Place::Stack(slot) => Phrase::noun(format!("value stack of {}, slot {slot}", on(String::new()).text)),
        Place::Reference(_) => {
            let name = on(String::new()).text;
            let kind = holder.ty().name_text();
            Phrase::noun(match kind.ends_with("iterator") {
                true => format!("what {name} iterates over"),
                false => format!("{name} ({kind})"),
            })
        }
    }
}

/// One step on from a function, into what belongs to it.
fn function_step(name: &str, function: &FunctionObject, part: &str) -> Option<Phrase> {
    let code = function.code.peek()?;
    let names = |range: std::ops::Range<usize>| -> Vec<String> {
        range.map(|index| code.local_name(index).to_string_lossy()).collect()
    };
    let (text, kind) = match part {
        ".__code__" => (format!("the code of {name}"), Kind::Code(name.to_owned())),
        ".__closure__" => {
            let all = code.nlocalsplus as usize;
            let names = names(all - code.nfreevars as usize..all);
            (format!("the cells of {name}"), Kind::Closure { function: name.to_owned(), names })
        }
        ".__defaults__" => {
            let count = function.defaults.peek().map_or(0, |defaults| defaults.len());
            let last = code.argcount as usize;
            let names = names(last.saturating_sub(count)..last);
            (format!("the defaults of {name}"), Kind::Defaults { function: name.to_owned(), names })
        }
        ".__kwdefaults__" => {
            (format!("the keyword defaults of {name}"), Kind::KeywordDefaults(name.to_owned()))
        }
        _ => return None,
    };
    Some(Phrase { text, kind })
}
