//! Replacement templates: literals with groups between them.

use super::TEMPLATE as TEMPLATE_TYPE;
use super::find::join;
use super::match_::MatchObject;
use crate::memory::{self, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::{IntObject, PyResult};
use crate::vm::Ctx;

/// A literal, or the number of a group.
enum Item {
    Literal(Ref),
    Group(usize),
}

#[repr(C)]
pub struct TemplateObject {
    object: Object,
    /// Literals are plain strings: nothing here can be part of a cycle.
    items: Vec<Item>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for TemplateObject {}

/// `_sre.template(pattern, [literal, group, literal, ...])`.
pub fn template(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "template", args, 2, 2)?;
    let mut items = Vec::new();
    for item in cx.collect(&args[1])? {
        if item.downcast::<IntObject>().is_some() {
            items.push(Item::Group(cx.to_size(&item)?.max(0) as usize));
        } else if cx.len(&item)? > 0 {
            items.push(Item::Literal(item));
        }
    }
    let made = memory::new_ref(&TEMPLATE_TYPE.get(cx)?.core, |object| TemplateObject { object, items });
    Ok(made.into_object())
}

/// The template that `re` makes of a replacement, remembering it.
pub fn of(cx: Ctx, pattern: &Object, repl: &Ref) -> PyResult<Ref<TemplateObject>> {
    let re = crate::vm::import::import_module(cx, "re")?;
    let Some(compile) = cx.get_attr_opt(&re, &cx.intern("_compile_template"))? else {
        return of_installed(cx, &re, pattern, repl);
    };
    let made = cx.call(&compile, &[memory::Layout::to_ref(pattern), repl.clone()])?;
    if !made.is_exact(TEMPLATE_TYPE.get(cx)?) {
        return Err(cx.type_error("the result of compiling a replacement string is not a template"));
    }
    // SAFETY: the type was just checked.
    Ok(unsafe { made.cast_unchecked() })
}

/// As [`of`] over an installed library of 3.11, whose `re` gives groups and literals apart: pairs
/// (place, group), and a list with `None` at those places.
fn of_installed(cx: Ctx, re: &Object, pattern: &Object, repl: &Ref) -> PyResult<Ref<TemplateObject>> {
    let compile = cx.get_attr(re, &cx.intern("_compile_repl"))?;
    let made = cx.call(&compile, &[repl.clone(), memory::Layout::to_ref(pattern)])?;
    let part = |index: usize| -> PyResult<Vec<Ref>> {
        let part = cx.get_item(&made, &cx.new_uint(index))?;
        cx.collect(&part)
    };
    let mut groups = Vec::new();
    for pair in part(0)? {
        let (place, group) = (cx.get_item(&pair, &cx.new_int(0))?, cx.get_item(&pair, &cx.new_int(1))?);
        groups.push((cx.to_size(&place)?.max(0) as usize, cx.to_size(&group)?.max(0) as usize));
    }
    let mut items = Vec::new();
    for (place, literal) in part(1)?.into_iter().enumerate() {
        match groups.iter().find(|group| group.0 == place) {
            Some((_, group)) => items.push(Item::Group(*group)),
            None => items.push(Item::Literal(literal)),
        }
    }
    Ok(memory::new_ref(&TEMPLATE_TYPE.get(cx)?.core, |object| TemplateObject { object, items }))
}

/// The template with a match's groups filled in; groups that took no part are empty.
pub fn fill(cx: Ctx, template: &TemplateObject, found: &MatchObject) -> PyResult {
    let mut pieces = Vec::new();
    for item in &template.items {
        match item {
            Item::Literal(text) => pieces.push(text.clone()),
            Item::Group(index) => {
                if *index >= found.spans.len() {
                    return Err(cx.index_error("no such group"));
                }
                pieces.extend(found.group(cx, *index)?);
            }
        }
    }
    let string = found.string.get().unwrap_or_else(|| cx.none());
    join(cx, &string, &pieces)
}

pub static TEMPLATE: TypeSpec = TypeSpec {
    name: "_sre.SRE_Template",
    layout: Layout::plain::<TemplateObject>(),
    basicsize: 40,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    dealloc: Some(memory::dealloc_as::<TemplateObject>),
    ..TypeSpec::EMPTY
};
