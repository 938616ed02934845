//! Expressions resolved by looking: names, attributes found in dicts and classes, constant subscripts. No user code
//! runs, so descriptors and `__getattr__` are not consulted; what only they could give is said not to be there.
use super::names::each_local;
use super::origin::module_dict;
use super::short::entry;
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::attr::{dict_slot, inline_values};
use crate::objects::int::IntObject;
use crate::objects::look::as_class;
use crate::objects::{DictObject, ListObject, StrObject, TupleObject, TypeObject, types};
use crate::vm::Ctx;

/// One step of an expression.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Attribute(String),
    Index(i64),
    Key(String),
}

/// Finds the object that an expression names, in the innermost frame of the user's, its globals, or the built-ins.
/// The error is a sentence.
pub fn resolve<'h>(cx: Ctx, still: Still<'h>, expression: &str) -> Result<&'h Object, String> {
    let (name, steps) = parse(expression)?;
    let mut object = lookup(cx, still, &name).ok_or_else(|| format!("there is no name '{name}' here"))?;
    for step in steps {
        object = match &step {
            Step::Attribute(name) => attribute(still, object, name).ok_or_else(|| {
                format!(
                    "{} has no attribute '{name}' that can be found without running code",
                    object.ty().name_text()
                )
            })?,
            Step::Index(index) => item(still, object, *index)
                .ok_or_else(|| format!("there is no item {index} in this {}", object.ty().name_text()))?,
            Step::Key(key) => object
                .downcast::<DictObject>()
                .and_then(|dict| entry(still, dict, key))
                .ok_or_else(|| format!("there is no key '{key}' in this {}", object.ty().name_text()))?,
        };
    }
    Ok(object)
}

/// A name, as code in the innermost frame of the user's sees it.
pub fn lookup<'h>(cx: Ctx, still: Still<'h>, name: &str) -> Option<&'h Object> {
    let mut found = None;
    let mut looked = false;
    cx.each_frame(&mut |frame| {
        if looked || !super::origin::is_users_frame(cx, frame) {
            return;
        }
        looked = true;
        if frame.code().is_optimized() {
            each_local(still, frame, &mut |local, value, _| {
                if local == name {
                    found = value;
                }
            });
        }
        if found.is_none() {
            found = entry(still, frame.globals(), name);
        }
    });
    found
        .or_else(|| module_dict(cx, still, "__main__").and_then(|dict| entry(still, dict, name)))
        .or_else(|| module_dict(cx, still, "builtins").and_then(|dict| entry(still, dict, name)))
        .or_else(|| {
            module_dict(cx, still, name)
                .and_then(|_| cx.vm().modules.peek())
                .and_then(|m| entry(still, m, name))
        })
}

/// An attribute, from the instance, its class and the classes above; for classes also from themselves.
pub fn attribute<'h>(still: Still<'h>, object: &'h Object, name: &str) -> Option<&'h Object> {
    if name == "__class__" {
        return Some(still.keep(object.ty().as_object()));
    }
    if name == "__dict__" {
        return dict_slot(object).and_then(|slot| slot.peek()).map(|dict| still.keep(dict.as_object()));
    }
    if let Some((keys, values)) = inline_values(object) {
        for position in 0..values.count() {
            let index = values.nth(position);
            if keys.key_text(index) == name {
                return values.peek(index);
            }
        }
    }
    if let Some(found) =
        dict_slot(object).and_then(|slot| slot.peek()).and_then(|dict| entry(still, dict, name))
    {
        return Some(found);
    }
    if let Some(module) = object.downcast::<crate::objects::ModuleObject>()
        && let Some(found) = module.dict.peek().and_then(|dict| entry(still, dict, name))
    {
        return Some(found);
    }
    if object.is_instance(types().type_)
        && let Some(class) = as_class(object)
        && let Some(found) = in_class(still, class, name)
    {
        return Some(found);
    }
    in_class(still, object.ty(), name)
}

fn in_class<'h>(still: Still<'h>, class: &TypeObject, name: &str) -> Option<&'h Object> {
    let mro = class.mro.peek()?;
    mro.as_slice().iter().find_map(|base| {
        let dict = as_class(base)?.dict.peek()?;
        entry(still, dict, name)
    })
}

fn item<'h>(still: Still<'h>, object: &'h Object, index: i64) -> Option<&'h Object> {
    let pick = |items: &[crate::memory::Ref]| {
        let len = i64::try_from(items.len()).ok()?;
        let index = if index < 0 { index + len } else { index };
        items.get(usize::try_from(index).ok()?).map(|item| still.keep(item))
    };
    if let Some(list) = object.downcast::<ListObject>() {
        return pick(list.peek_slice());
    }
    if let Some(tuple) = object.downcast::<TupleObject>() {
        return pick(tuple.as_slice());
    }
    let wanted = num_bigint::BigInt::from(index);
    let mut found = None;
    object.downcast::<DictObject>()?.for_each_entry(&mut |key, value| {
        if key.downcast_exact::<IntObject>().is_some_and(|int| int.to_bigint() == wanted) {
            found = Some(still.keep(value));
        }
    });
    found
}

/// Takes an expression apart.
fn parse(expression: &str) -> Result<(String, Vec<Step>), String> {
    let text = expression.trim();
    let wrong = || {
        format!(
            "'{text}' cannot be looked up without running code; use a name, attributes and constant subscripts"
        )
    };
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(wrong());
    }
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
            let (attribute, tail) = after.split_at(end);
            if attribute.is_empty() {
                return Err(wrong());
            }
            steps.push(Step::Attribute(attribute.to_owned()));
            rest = tail;
        } else if let Some(after) = rest.strip_prefix('[') {
            let quote = after.chars().next().filter(|c| matches!(c, '\'' | '"'));
            let (subscript, tail) = match quote {
                Some(quote) => {
                    let inner = after.get(1..).unwrap_or_default();
                    let (key, tail) = inner.split_once(quote).ok_or_else(wrong)?;
                    (Step::Key(key.to_owned()), tail.strip_prefix(']').ok_or_else(wrong)?)
                }
                None => {
                    let (number, tail) = after.split_once(']').ok_or_else(wrong)?;
                    (Step::Index(number.trim().parse().map_err(|_| wrong())?), tail)
                }
            };
            steps.push(subscript);
            rest = tail;
        } else {
            return Err(wrong());
        }
    }
    Ok((name.to_owned(), steps))
}

/// The text of a name, if the object is one.
pub fn name_text(object: &Object) -> Option<String> {
    object.downcast::<StrObject>().map(StrObject::to_string_lossy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_taken_apart() {
        assert_eq!(parse(" c1 "), Ok(("c1".to_owned(), vec![])));
        assert_eq!(
            parse("a.b[3]['k'].c[-1]"),
            Ok((
                "a".to_owned(),
                vec![
                    Step::Attribute("b".into()),
                    Step::Index(3),
                    Step::Key("k".into()),
                    Step::Attribute("c".into()),
                    Step::Index(-1)
                ]
            ))
        );
        for bad in ["", "f()", "a.", "a[", "a[x]", "a['k", "1", "a + b", "a['k'"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
