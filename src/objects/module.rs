//! `module`.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::args::bind;
use super::attr::{generic_get_attr_opt, generic_set_attr};
use super::dict::DictObject;
use super::slots::{Args, Slots};
use super::spec::{GetSetDef, MethodDef, ModuleSpec, Signature, TypeFlags, TypeSpec};
use super::type_object::TypedLayout;
use super::{PyResult, StrObject, TypeObject, Types, exceptions, names, types};
use crate::memory::{self, Layout, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

#[repr(C)]
pub struct ModuleObject {
    pub object: Object,
    /// `__dict__`; never empty while the module is alive.
    pub dict: Slot<DictObject>,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ModuleObject {}
// SAFETY: every module instance begins with this layout.
unsafe impl TypedLayout for ModuleObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.module
    }
}

impl ModuleObject {
    /// Sets an attribute in the module's dict.
    pub fn add(&self, cx: Ctx, name: &str, value: Ref) -> PyResult<()> {
        match self.dict.get() {
            Some(dict) => dict.set_str(cx, &cx.intern(name), value),
            None => Err(cx.system_error("the module has no dict")),
        }
    }
}

fn this(object: &Object) -> &ModuleObject {
    // SAFETY: only slots and attributes of `module` call this.
    unsafe { object.cast() }
}

/// A module with `__name__` and the other attributes at their defaults (`PyModule_NewObject`).
pub fn new_module(cx: Ctx, name: &StrObject) -> PyResult<Ref<ModuleObject>> {
    let module = allocate(cx, types().module);
    init_dict(cx, &module, name.as_object(), None)?;
    memory::track(&module.object);
    Ok(module)
}

/// A module out of its table: functions, doc, and what `exec` adds.
pub fn new_native_module(cx: Ctx, spec: &ModuleSpec) -> PyResult<Ref<ModuleObject>> {
    let name = cx.intern(spec.name);
    let module = new_module(cx, &name)?;
    let Some(dict) = module.dict.get() else { return Ok(module) };
    if let Some(doc) = spec.doc {
        dict.set_str(cx, &names().doc, cx.new_str(doc).into_object())?;
    }
    for def in spec.functions {
        let function = super::native::new_native(cx, def, Some(module.to_object()), Some(name.to_object()))
            .into_object();
        dict.set_str(cx, &cx.intern(def.name), function)?;
    }
    if let Some(exec) = spec.exec {
        exec(cx, &module)?;
    }
    Ok(module)
}

fn allocate(cx: Ctx, ty: &TypeObject) -> Ref<ModuleObject> {
    memory::new_ref(&ty.core, |object| ModuleObject {
        object,
        dict: Slot::new(cx.new_dict()),
        weaklist: Cell::new(0),
    })
}

fn init_dict(cx: Ctx, module: &ModuleObject, name: &Object, doc: Option<Ref>) -> PyResult<()> {
    let dict = match module.dict.get() {
        Some(dict) => dict,
        None => {
            let dict = cx.new_dict();
            module.dict.set(Some(dict.clone()));
            dict
        }
    };
    dict.set_str(cx, &names().name, name.to_object())?;
    dict.set_str(cx, &names().doc, doc.unwrap_or_else(|| cx.none()))?;
    dict.set_str(cx, &names().package, cx.none())?;
    dict.set_str(cx, &names().loader, cx.none())?;
    dict.set_str(cx, &names().spec, cx.none())
}

fn new(cx: Ctx, ty: &TypeObject, _args: Args<'_>) -> PyResult {
    let module = allocate(cx, ty);
    memory::track(&module.object);
    Ok(module.into_object())
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let signature = Signature { name: "module", params: &["name", "doc"], required: 1, max_positional: 2 };
    let mut out = [None, None];
    bind(cx, &signature, args, &mut out)?;
    let [name, doc] = out;
    let name = name.unwrap_or_else(|| cx.none());
    if name.downcast::<StrObject>().is_none() {
        return Err(
            cx.type_error(format!("module() argument 'name' must be str, not {}", name.ty().tp_name()))
        );
    }
    init_dict(cx, this(object), &name, doc)
}

/// A string of the module's dict.
fn text(cx: Ctx, module: &ModuleObject, name: &StrObject) -> Option<String> {
    let value = module.dict.get()?.get_str(cx, name)?;
    value.downcast::<StrObject>().map(StrObject::to_string_lossy)
}

fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    if let Some(value) = generic_get_attr_opt(cx, object, name)? {
        return Ok(value);
    }
    let module = this(object);
    if let Some(dict) = module.dict.get() {
        if let Some(hook) = dict.get_str(cx, &names().getattr) {
            return cx.call1(&hook, name.as_object());
        }
        let shown = name.to_string_lossy();
        let Some(module_name) = text(cx, module, &names().name) else {
            return Err(cx.attribute_error(object, name, format!("module has no attribute '{shown}'")));
        };
        let initializing = match dict.get_str(cx, &names().spec) {
            Some(spec) => is_initializing(cx, &spec),
            None => false,
        };
        let message = if initializing {
            format!(
                "partially initialized module '{module_name}' has no attribute '{shown}' (most likely due to a circular import)"
            )
        } else {
            format!("module '{module_name}' has no attribute '{shown}'")
        };
        return Err(cx.attribute_error(object, name, message));
    }
    Err(cx.no_attribute(object, name))
}

/// Whether `__spec__._initializing` is true; errors mean no.
pub fn is_initializing(cx: Ctx, spec: &Object) -> bool {
    if cx.is_none(spec) {
        return false;
    }
    let name = cx.intern("_initializing");
    let found = cx.get_attr_opt(spec, &name).and_then(|value| match value {
        Some(value) => cx.is_true(&value),
        None => Ok(false),
    });
    found.unwrap_or_else(|raised| {
        cx.clear_exception(raised);
        false
    })
}

/// `<module 'name' from 'file'>` and its other forms (`importlib._bootstrap._module_repr`).
fn repr(cx: Ctx, object: &Object) -> PyResult {
    let module = this(object);
    let get = |name: &StrObject| module.dict.get().and_then(|dict| dict.get_str(cx, name));
    let attribute = |holder: &Object, name: &str| -> PyResult<Option<Ref>> {
        let name = cx.intern(name);
        cx.get_attr_opt(holder, &name)
    };
    let shown = if let Some(spec) = get(&names().spec).filter(|spec| !cx.is_none(spec)) {
        // As the import system describes it.
        let name = match attribute(&spec, "name")? {
            Some(name) if !cx.is_none(&name) => cx.repr_text(&name)?,
            _ => "'?'".to_string(),
        };
        let origin = attribute(&spec, "origin")?.filter(|origin| !cx.is_none(origin));
        match origin {
            None => match attribute(&spec, "loader")?.filter(|loader| !cx.is_none(loader)) {
                None => format!("<module {name}>"),
                Some(loader) => format!("<module {name} ({})>", cx.repr_text(&loader)?),
            },
            Some(origin) => {
                let located = match attribute(&spec, "has_location")? {
                    Some(flag) => cx.is_true(&flag)?,
                    None => false,
                };
                if located {
                    format!("<module {name} from {}>", cx.repr_text(&origin)?)
                } else {
                    format!("<module {name} ({})>", cx.str(&origin)?.to_string_lossy())
                }
            }
        }
    } else {
        let name = match get(&names().name) {
            Some(name) => cx.repr_text(&name)?,
            None => "'?'".to_string(),
        };
        match (get(&names().file), get(&names().loader).filter(|loader| !cx.is_none(loader))) {
            (Some(file), _) => format!("<module {name} from {}>", cx.repr_text(&file)?),
            (None, Some(loader)) => format!("<module {name} ({})>", cx.repr_text(&loader)?),
            (None, None) => format!("<module {name}>"),
        }
    };
    Ok(cx.new_str(&shown).into_object())
}

fn dir(cx: Ctx, object: &Object) -> PyResult {
    let found = cx.get_attr(object, &names().dict)?;
    let Some(dict) = found.downcast::<DictObject>() else {
        return Err(cx.type_error("<module>.__dict__ is not a dictionary"));
    };
    match dict.get_str(cx, &names().dir) {
        Some(hook) => cx.call0(&hook),
        None => Ok(cx.list_of_keys(dict)?.into_object()),
    }
}

fn get_annotations(cx: Ctx, object: &Object) -> PyResult {
    let Some(dict) = this(object).dict.get() else {
        return Err(cx.no_attribute(object, &names().annotations));
    };
    if let Some(found) = dict.get_str(cx, &names().annotations) {
        return Ok(found);
    }
    let made = cx.new_dict().into_object();
    dict.set_str(cx, &names().annotations, made.clone())?;
    Ok(made)
}

fn set_annotations(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(dict) = this(object).dict.get() else {
        return Err(cx.no_attribute(object, &names().annotations));
    };
    match value {
        Some(value) => dict.set_str(cx, &names().annotations, value.to_object()),
        None => {
            if dict.remove(cx, names().annotations.as_object())? {
                Ok(())
            } else {
                Err(cx.raise(exceptions().attribute_error, "__annotations__"))
            }
        }
    }
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let module = object.as_ref().cast::<ModuleObject>();
        memory::untrack(&module.object);
        if module.weaklist.get() != 0 {
            memory::weakref::clear_weakrefs(&module.object);
        }
        drop(module.dict.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    unsafe { object.as_ref().cast::<ModuleObject>() }.dict.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    drop(unsafe { object.as_ref().cast::<ModuleObject>() }.dict.take());
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "module",
    doc: Some(
        "module(name, doc=None)\n--\n\nA module: a namespace with a name.\n\nThe name is a string; the docstring can be of any type.",
    ),
    layout: super::spec::Layout::gc::<ModuleObject>()
        .weaklist(offset_of!(ModuleObject, weaklist))
        .dict(offset_of!(ModuleObject, dict)),
    basicsize: 56,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        getattro: Some(getattro),
        setattro: Some(generic_set_attr),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__dir__", dir, "__dir__() -> list\nspecialized dir() implementation")],
    members: &[super::spec::MemberDef {
        name: "__dict__",
        get: |cx, object| Ok(this(object).dict.get().map_or_else(|| cx.none(), Ref::into_object)),
        set: None,
        doc: "",
    }],
    getset: &[GetSetDef {
        name: "__annotations__",
        get: Some(get_annotations),
        set: Some(set_annotations),
        doc: "",
    }],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
