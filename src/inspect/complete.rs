//! Completions, found by looking: names in scope, attributes in dicts and classes, keywords. No user code runs.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::each_local;
use super::origin::{is_users_frame, module_dict};
use super::resolve::{name_text, resolve};
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::attr::{dict_slot, inline_values};
use crate::objects::look::as_class;
use crate::objects::{DictObject, ModuleObject, TypeObject, types};
use crate::session::protocol::{Candidate, Completion};
use crate::vm::Ctx;

/// Candidates given at most.
const MAX_CANDIDATES: usize = 500;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// What could follow at a byte column of a line.
pub fn complete(cx: Ctx, still: Still<'_>, line: &str, column: usize) -> Completion {
    let before = line.get(..column).unwrap_or(line);
    let word_start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let word = before.get(word_start..).unwrap_or_default();
    let chain_start = before
        .trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '\'' | '"'))
        .len();
    let chain = before.get(chain_start..word_start).unwrap_or_default();
    let mut found: BTreeMap<String, Arc<str>> = BTreeMap::new();
    let mut add = |name: String, kind: &str| {
        if name.starts_with(word) && (word.starts_with('_') || !name.starts_with('_')) {
            found.entry(name).or_insert_with(|| kind.into());
        }
    };
    match chain.strip_suffix('.') {
        Some(expression) => {
            if let Ok(object) = resolve(cx, still, expression) {
                attributes(object, &mut add);
            }
        }
        None if chain.is_empty() && !word.is_empty() => {
            scope(cx, still, &mut add);
            for keyword in KEYWORDS {
                add(keyword.to_owned(), "keyword");
            }
        }
        None => {}
    }
    let candidates =
        found.into_iter().take(MAX_CANDIDATES).map(|(text, kind)| Candidate { text, kind }).collect();
    Completion { start: word_start, candidates }
}

fn scope(cx: Ctx, still: Still<'_>, add: &mut dyn FnMut(String, &str)) {
    let mut looked = false;
    cx.each_frame(&mut |frame| {
        if looked || !is_users_frame(cx, frame) {
            return;
        }
        looked = true;
        if frame.code().is_optimized() {
            each_local(still, frame, &mut |name, value, _| {
                if let Some(value) = value {
                    add(name, &value.ty().name_text());
                }
            });
        }
        entries(frame.globals(), add);
    });
    for module in ["__main__", "builtins"] {
        if let Some(dict) = module_dict(cx, still, module) {
            entries(dict, add);
        }
    }
}

fn attributes(object: &Object, add: &mut dyn FnMut(String, &str)) {
    if let Some((keys, values)) = inline_values(object) {
        for position in 0..values.count() {
            let index = values.nth(position);
            if let Some(value) = values.peek(index) {
                add(keys.key_text(index), &value.ty().name_text());
            }
        }
    }
    if let Some(dict) = dict_slot(object).and_then(|slot| slot.peek()) {
        entries(dict, add);
    }
    if let Some(dict) = object.downcast::<ModuleObject>().and_then(|m| m.dict.peek()) {
        entries(dict, add);
    }
    let mut classes: Vec<&TypeObject> = vec![object.ty()];
    if object.is_instance(types().type_) {
        classes.extend(as_class(object));
    }
    for class in classes {
        for base in class.mro.peek().into_iter().flat_map(|mro| mro.as_slice()) {
            if let Some(dict) = as_class(base).and_then(|base| base.dict.peek()) {
                entries(dict, add);
            }
        }
    }
}

fn entries(dict: &DictObject, add: &mut dyn FnMut(String, &str)) {
    dict.for_each_entry(&mut |key, value| {
        if let Some(name) = name_text(key) {
            add(name, &value.ty().name_text());
        }
    });
}
