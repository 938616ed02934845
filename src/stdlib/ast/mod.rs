//! `_ast`: the classes of syntax tree nodes, and trees as objects (`compile` with `ONLY_AST`).
//!
//! `nodes.txt` has a line for each class: name, base, whether it declares the places as attributes,
//! whether the end of a place may be left out, and the grammar rule that is its documentation.

mod convert;
mod read;

pub use convert::tree;
pub use read::module;

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::module::ModuleObject;
use crate::objects::spec::{Layout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{Args, DictObject, ModuleSpec, PyResult, Slots, StrObject, names, types};
use crate::vm::Ctx;

static NODES: &str = include_str!("nodes.txt");
const CLASSES: &str = "ast.classes";
const PLACES: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// The field names of a rule `Name(type name, type? name)`, each with its mark: `?`, `*` or none.
fn fields_of(rule: &str) -> Vec<(&str, char)> {
    if rule.contains(" = ") {
        return Vec::new();
    }
    let Some((_, rest)) = rule.split_once('(') else { return Vec::new() };
    let inside = rest.rsplit_once(')').map_or(rest, |(inside, _)| inside);
    let field = |text: &'static str| -> Option<(&str, char)> {
        let (ty, name) = text.trim().rsplit_once(' ')?;
        let mark = ty.chars().last().filter(|mark| matches!(mark, '?' | '*')).unwrap_or(' ');
        Some((name, mark))
    };
    // The table is static, and so are its parts.
    let at = NODES.find(inside).unwrap_or(0);
    NODES[at..at + inside.len()].split(',').filter_map(field).collect()
}

fn strings(cx: Ctx, texts: &[&str]) -> Ref {
    cx.new_tuple(texts.iter().map(|text| cx.intern(text).into_object()).collect()).into_object()
}

/// The classes by name; the module is imported if it was not.
fn classes(cx: Ctx) -> PyResult<Ref<DictObject>> {
    if cx.named_root(CLASSES).is_none() {
        crate::vm::import::import_module(cx, "_ast")?;
    }
    cx.named_root(CLASSES)
        .and_then(|dict| dict.downcast_ref::<DictObject>().ok())
        .ok_or_else(|| cx.system_error("the classes of syntax trees are missing"))
}

/// Whether an object is a syntax tree node.
pub fn is_node(cx: Ctx, object: &Object) -> PyResult<bool> {
    if cx.named_root(CLASSES).is_none() {
        return Ok(false);
    }
    match classes(cx)?.get_str(cx, &cx.intern("AST")) {
        Some(class) => cx.is_instance(object, &class),
        None => Ok(false),
    }
}

fn init(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult<()> {
    let fields = cx.get_attr_opt(this, &cx.intern("_fields"))?;
    let fields: Vec<Ref> = match &fields {
        Some(fields) => cx.collect(fields)?,
        None => Vec::new(),
    };
    let class = this.ty().tp_name();
    let class = class.rsplit('.').next().unwrap_or(&class);
    if args.pos().len() > fields.len() {
        let plural = if fields.len() == 1 { "" } else { "s" };
        return Err(cx.type_error(format_args!(
            "{class} constructor takes at most {} positional argument{plural}",
            fields.len()
        )));
    }
    for (field, value) in fields.iter().zip(args.pos()) {
        if let Some(name) = field.downcast::<StrObject>() {
            cx.set_attr(this, name, Some(value))?;
        }
    }
    for (name, value) in args.keywords() {
        let known = fields
            .iter()
            .position(|field| field.downcast::<StrObject>().is_some_and(|field| field.eq_text(name)));
        if known.is_some_and(|index| index < args.pos().len()) {
            let name = name.to_string_lossy();
            return Err(cx.type_error(format_args!("{class} got multiple values for argument '{name}'")));
        }
        cx.set_attr(this, name, Some(value))?;
    }
    Ok(())
}

fn reduce(cx: Ctx, this: &Object) -> PyResult {
    let class = this.ty().to_object();
    let empty = cx.new_tuple(Vec::new()).into_object();
    let mut parts = vec![class, empty];
    parts.extend(cx.get_attr_opt(this, &cx.intern("__dict__"))?);
    Ok(cx.new_tuple(parts).into_object())
}

static AST: TypeSpec = TypeSpec {
    name: "ast.AST",
    layout: Layout::plain::<Object>(),
    basicsize: 24,
    flags: TypeFlags::BASETYPE,
    slots: Slots {
        new: Some(|cx, ty, _| crate::objects::type_::instance::new_instance(cx, ty)),
        init: Some(init),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", reduce, "")],
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let known = cx.new_dict();
    let base = crate::objects::type_::ready::new_static_type(cx, &AST)?;
    if let Some(dict) = base.dict.peek() {
        for name in ["_fields", "_attributes", "__match_args__"] {
            dict.set_str(cx, &cx.intern(name), cx.new_tuple(Vec::new()).into_object())?;
        }
    }
    let add = |name: &str, class: Ref| -> PyResult<()> {
        known.set_str(cx, &cx.intern(name), class.clone())?;
        module.add(cx, name, class)
    };
    add("AST", base.to_object())?;
    for line in NODES.lines() {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or("");
        let (name, base, places, open_end, rule) = (next(), next(), next(), next(), next());
        let rule = rule.replace("\\n", "\n");
        let fields = fields_of(&rule);
        let field_names: Vec<&str> = fields.iter().map(|field| field.0).collect();
        let namespace = cx.new_dict();
        let set = |name: &str, value: Ref| namespace.set_str(cx, &cx.intern(name), value);
        set("_fields", strings(cx, &field_names))?;
        set("__match_args__", strings(cx, &field_names))?;
        namespace.set_str(cx, &names().module, cx.intern("ast").into_object())?;
        set("__doc__", cx.new_str(&rule).into_object())?;
        if places == "1" {
            set("_attributes", strings(cx, &PLACES))?;
        } else if base == "AST" {
            set("_attributes", strings(cx, &[]))?;
        }
        for (field, _) in fields.iter().filter(|field| field.1 == '?') {
            set(field, cx.none())?;
        }
        if open_end == "1" {
            set("end_lineno", cx.none())?;
            set("end_col_offset", cx.none())?;
        }
        let base = known.get_str(cx, &cx.intern(base)).unwrap_or_else(|| cx.none());
        let class = cx.call(
            types().type_.as_object(),
            &[cx.intern(name).into_object(), cx.new_tuple(vec![base]).into_object(), namespace.into_object()],
        )?;
        add(name, class)?;
    }
    cx.set_named_root(CLASSES, Some(known.into_object()));
    super::support::add_numbers(
        cx,
        module,
        &[("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000), ("PyCF_ONLY_AST", 0x400), ("PyCF_TYPE_COMMENTS", 0x1000)],
    )
}

pub static SPEC: ModuleSpec = ModuleSpec { name: "_ast", doc: None, functions: &[], exec: Some(exec) };
