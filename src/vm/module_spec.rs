//! `ModuleSpec` and `SourceFileLoader`: how a module came to be, as `__spec__` and `__loader__`
//! tell. Plain namespaces with a type of their own; the import statement works without them.

use crate::memory::{self, Layout as _, Object, Ref, Slot};
use crate::objects::attr::{generic_get_attr, generic_set_attr, instance_dict};
use crate::objects::module::ModuleObject;
use crate::objects::namespace::NamespaceObject;
use crate::objects::native_type::NativeType;
use crate::objects::slots::{CompareOp, Slots};
use crate::objects::spec::{GetSetDef, MethodDef, TypeSpec};
use crate::objects::{Args, DictObject, PyResult, StrObject, TypeObject, exceptions, names};
use crate::vm::Ctx;

static SPEC_TYPE: NativeType = NativeType::new(&MODULE_SPEC);
static LOADER_TYPE: NativeType = NativeType::new(&SOURCE_FILE_LOADER);
static SOURCELESS_TYPE: NativeType = NativeType::new(&SOURCELESS_FILE_LOADER);
static BUILTIN_TYPE: NativeType = NativeType::new(&BUILTIN_IMPORTER);

/// Makes the types; at start-up.
pub fn make_types(cx: Ctx) -> PyResult<()> {
    SPEC_TYPE.make(cx)?;
    LOADER_TYPE.make(cx)?;
    SOURCELESS_TYPE.make(cx)?;
    BUILTIN_TYPE.make(cx)?;
    Ok(())
}

/// What is known of a module when it is found.
pub struct Found<'a> {
    pub name: &'a str,
    /// The source or compiled file, or "built-in".
    pub origin: Option<&'a str>,
    pub cached: Option<&'a str>,
    /// `__path__` of a package.
    pub locations: Option<Ref>,
    /// The file is real: modules from it have `__file__`.
    pub has_location: bool,
    pub sourceless: bool,
}

fn make(cx: Ctx, ty: &TypeObject, fields: Vec<(&str, Ref)>) -> PyResult {
    let dict = cx.new_dict();
    for (name, value) in fields {
        dict.set_str(cx, &cx.intern(name), value)?;
    }
    let made = memory::new_ref(&ty.core, |object| NamespaceObject { object, dict: Slot::new(dict) });
    memory::track(&made.object);
    Ok(made.into_object())
}

/// Sets `__spec__` and `__loader__` of a module that is about to run.
pub fn describe(cx: Ctx, module: &ModuleObject, found: &Found<'_>) -> PyResult<()> {
    let Some(dict) = module.dict.get() else { return Ok(()) };
    if SPEC_TYPE.peek().is_none() {
        return Ok(());
    }
    let (spec, loader) = new_spec(cx, found)?;
    dict.set_str(cx, &names().loader, loader)?;
    dict.set_str(cx, &names().spec, spec)
}

/// What a native module says of its origin.
const BUILTIN: &str = "built-in";

/// Sets `__spec__` and `__loader__` of a native module.
pub fn describe_native(cx: Ctx, module: &ModuleObject, name: &str) -> PyResult<()> {
    let found = Found {
        name,
        origin: Some(BUILTIN),
        cached: None,
        locations: None,
        has_location: false,
        sourceless: false,
    };
    describe(cx, module, &found)
}

/// The loader of `__main__`: that of the script, or for a program without a file the one of native modules.
pub fn loader_of_main(cx: Ctx, file: Option<&str>) -> PyResult {
    match file {
        Some(path) => {
            let ty = if path.ends_with(".pyc") { SOURCELESS_TYPE.get(cx)? } else { LOADER_TYPE.get(cx)? };
            let name = names().main.to_object();
            make(cx, ty, vec![("name", name), ("path", cx.new_str(path).into_object())])
        }
        None => Ok(BUILTIN_TYPE.get(cx)?.to_object()),
    }
}

/// A spec, and its loader.
pub fn new_spec(cx: Ctx, found: &Found<'_>) -> PyResult<(Ref, Ref)> {
    let spec_type = SPEC_TYPE.get(cx)?;
    let text = |value: Option<&str>| value.map_or_else(|| cx.none(), |value| cx.new_str(value).into_object());
    let loader = match (found.has_location, found.origin) {
        (true, Some(path)) => {
            let ty = if found.sourceless { SOURCELESS_TYPE.get(cx)? } else { LOADER_TYPE.get(cx)? };
            make(cx, ty, vec![("name", text(Some(found.name))), ("path", text(Some(path)))])?
        }
        (false, Some(BUILTIN)) => BUILTIN_TYPE.get(cx)?.to_object(),
        _ => cx.none(),
    };
    let spec = make(
        cx,
        spec_type,
        vec![
            ("name", text(Some(found.name))),
            ("loader", loader.clone()),
            ("origin", text(found.origin)),
            ("loader_state", cx.none()),
            ("submodule_search_locations", found.locations.clone().unwrap_or_else(|| cx.none())),
            ("_uninitialized_submodules", cx.new_list(Vec::new())?.into_object()),
            ("_set_fileattr", cx.bool(found.has_location)),
            ("_cached", text(found.cached)),
        ],
    )?;
    Ok((spec, loader))
}

/// Marks a module as being imported, or as done.
pub fn set_initializing(cx: Ctx, module: &ModuleObject, on: bool) -> PyResult<()> {
    let Some(spec) = module.dict.get().and_then(|dict| dict.get_str(cx, &names().spec)) else {
        return Ok(());
    };
    let Some(ty) = SPEC_TYPE.peek().filter(|ty| spec.is_exact(ty)) else { return Ok(()) };
    let _ = ty;
    let Some(dict) = instance_dict(cx, &spec)? else { return Ok(()) };
    let key = cx.intern("_initializing");
    if on { dict.set_str(cx, &key, cx.bool(true)) } else { dict.remove(cx, key.as_object()).map(drop) }
}

fn dict_of(cx: Ctx, object: &Object) -> PyResult<Ref<DictObject>> {
    Ok(instance_dict(cx, object)?.unwrap_or_else(|| cx.new_dict()))
}

fn field(cx: Ctx, object: &Object, name: &str) -> PyResult {
    Ok(dict_of(cx, object)?.get_str(cx, &cx.intern(name)).unwrap_or_else(|| cx.none()))
}

fn spec_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let dict = dict_of(cx, object)?;
    for name in ["name", "loader", "origin", "loader_state", "submodule_search_locations", "_cached"] {
        dict.set_str(cx, &cx.intern(name), cx.none())?;
    }
    dict.set_str(cx, &cx.intern("_set_fileattr"), cx.bool(false))?;
    for (name, value) in ["name", "loader"].iter().zip(args.pos()) {
        dict.set_str(cx, &cx.intern(name), value.clone())?;
    }
    for (name, value) in args.keywords() {
        if name.eq_str("is_package") {
            if cx.is_true(value)? {
                let empty = cx.new_list(Vec::new())?.into_object();
                dict.set_str(cx, &cx.intern("submodule_search_locations"), empty)?;
            }
        } else {
            dict.set_str(cx, name, value.clone())?;
        }
    }
    Ok(())
}

fn spec_repr(cx: Ctx, object: &Object) -> PyResult {
    let (name, loader) = (field(cx, object, "name")?, field(cx, object, "loader")?);
    let mut shown =
        vec![format!("name={}", cx.repr_text(&name)?), format!("loader={}", cx.repr_text(&loader)?)];
    for name in ["origin", "submodule_search_locations"] {
        let value = field(cx, object, name)?;
        if !cx.is_none(&value) {
            shown.push(format!("{name}={}", cx.repr_text(&value)?));
        }
    }
    Ok(cx.new_str(&format!("{}({})", object.ty().name_text(), shown.join(", "))).into_object())
}

fn parent(cx: Ctx, object: &Object) -> PyResult {
    let name = field(cx, object, "name")?;
    let locations = field(cx, object, "submodule_search_locations")?;
    if !cx.is_none(&locations) {
        return Ok(name);
    }
    let text = name.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let parent = text.rsplit_once('.').map_or("", |(parent, _)| parent);
    Ok(cx.new_str(parent).into_object())
}

fn set_field(cx: Ctx, object: &Object, name: &str, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => dict_of(cx, object)?.set_str(cx, &cx.intern(name), value.to_ref()),
        None => Err(cx.raise(exceptions().attribute_error, "can't delete attribute")),
    }
}

fn object_repr(cx: Ctx, object: &Object) -> PyResult {
    let shown = format!("<{} object at {:#x}>", object.ty().tp_name(), object.address());
    Ok(cx.new_str(&shown).into_object())
}

fn by_identity(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    Ok(match op {
        CompareOp::Eq if a.is(b) => cx.bool(true),
        CompareOp::Ne if a.is(b) => cx.bool(false),
        _ => cx.not_implemented(),
    })
}

fn loader_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let dict = dict_of(cx, object)?;
    for (name, value) in ["name", "path"].iter().zip(args.pos()) {
        dict.set_str(cx, &cx.intern(name), value.clone())?;
    }
    for (name, value) in args.keywords() {
        dict.set_str(cx, name, value.clone())?;
    }
    Ok(())
}

fn get_filename(cx: Ctx, object: &Object, _: &[Ref]) -> PyResult {
    field(cx, object, "path")
}

fn read(cx: Ctx, path: &Object) -> PyResult<Vec<u8>> {
    let shown = path.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    if let Some(source) = crate::stdlib::library::source_of_file(&shown) {
        return Ok(source.to_vec());
    }
    super::outside::read_file(&shown).map_err(|error| cx.raise_os_error(&error, Some(path.to_ref())))
}

fn get_data(cx: Ctx, _: &Object, path: &Ref) -> PyResult {
    Ok(cx.new_bytes(&read(cx, path)?).into_object())
}

fn get_source(cx: Ctx, object: &Object, _: &[Ref]) -> PyResult {
    let path = field(cx, object, "path")?;
    let bytes = read(cx, &path)?;
    let shown = path.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let text = crate::syntax::decode_source(&bytes, &shown, crate::syntax::Origin::Script)
        .map_err(|error| super::run::raise_syntax_error(cx, &error))?;
    Ok(cx.new_str(&text).into_object())
}

fn no_source(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Ok(cx.none())
}

fn is_package(cx: Ctx, object: &Object, _: &[Ref]) -> PyResult {
    let path = field(cx, object, "path")?;
    let path = path.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let stem = std::path::Path::new(&path).file_stem().is_some_and(|stem| stem == "__init__");
    Ok(cx.bool(stem))
}

fn get_code(cx: Ctx, object: &Object, _: &[Ref]) -> PyResult {
    let path = field(cx, object, "path")?;
    let shown = path.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let name = field(cx, object, "name")?;
    let name = name.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let (code, _) = super::import_find::code_of_file(cx, &name, &shown)?;
    Ok(super::code_object::make_foreign_code(cx, &code).into_object())
}

fn create_module(cx: Ctx, _: &Object, _: &Ref) -> PyResult {
    Ok(cx.none())
}

fn exec_module(cx: Ctx, object: &Object, module: &Ref) -> PyResult {
    let path = field(cx, object, "path")?;
    let shown = path.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
    let (code, _) = super::import_find::code_of_file(cx, "", &shown)?;
    let dict = cx.get_attr(module, &names().dict)?;
    let Some(dict) = dict.downcast::<DictObject>() else {
        return Err(cx.type_error("the module has no dict"));
    };
    if dict.get_str(cx, &names().builtins).is_none()
        && let Some(builtins) = cx.vm().builtins.get()
    {
        dict.set_str(cx, &names().builtins, builtins.into_object())?;
    }
    super::import_find::run_code(cx, super::code_object::make_foreign_code(cx, &code), dict, None)?;
    Ok(cx.none())
}

const BASE: TypeSpec = TypeSpec {
    base: Some(|types| types.namespace),
    slots: Slots {
        getattro: Some(generic_get_attr),
        setattro: Some(generic_set_attr),
        richcompare: Some(by_identity),
        hash: Some(|_, object| Ok(crate::objects::protocol::compare::hash_pointer(object.address()))),
        ..Slots::EMPTY
    },
    ..crate::objects::namespace::SPEC_BASE
};

static MODULE_SPEC: TypeSpec = TypeSpec {
    name: "_frozen_importlib.ModuleSpec",
    doc: Some("How a module was found and is to be loaded."),
    slots: Slots { init: Some(spec_init), repr: Some(spec_repr), ..BASE.slots },
    getset: &[
        GetSetDef { name: "parent", get: Some(parent), set: None, doc: "The name of the module's parent." },
        GetSetDef {
            name: "cached",
            get: Some(|cx, object| field(cx, object, "_cached")),
            set: Some(|cx, object, value| set_field(cx, object, "_cached", value)),
            doc: "",
        },
        GetSetDef {
            name: "has_location",
            get: Some(|cx, object| field(cx, object, "_set_fileattr")),
            set: Some(|cx, object, value| set_field(cx, object, "_set_fileattr", value)),
            doc: "",
        },
    ],
    ..BASE
};

static SOURCE_FILE_LOADER: TypeSpec = TypeSpec {
    name: "_frozen_importlib_external.SourceFileLoader",
    doc: Some("Loads modules from source files."),
    slots: Slots { init: Some(loader_init), repr: Some(object_repr), ..BASE.slots },
    methods: &[
        MethodDef::fast("get_filename", get_filename, ""),
        MethodDef::one("get_data", get_data, ""),
        MethodDef::fast("get_source", get_source, ""),
        MethodDef::fast("get_code", get_code, ""),
        MethodDef::fast("is_package", is_package, ""),
        MethodDef::one("create_module", create_module, ""),
        MethodDef::one("exec_module", exec_module, ""),
    ],
    ..BASE
};

fn builtin_is_package(cx: Ctx, _: &Object, _: &Ref) -> PyResult {
    Ok(cx.bool(false))
}

fn builtin_no_source(cx: Ctx, _: &Object, _: &Ref) -> PyResult {
    Ok(cx.none())
}

static BUILTIN_IMPORTER: TypeSpec = TypeSpec {
    name: "_frozen_importlib.BuiltinImporter",
    doc: Some("Finds and loads native modules. All of its methods are of the class; it is not instantiated."),
    methods: &[
        MethodDef::one("is_package", builtin_is_package, "").class(),
        MethodDef::one("get_source", builtin_no_source, "").class(),
        MethodDef::one("get_code", builtin_no_source, "").class(),
    ],
    ..TypeSpec::EMPTY
};

static SOURCELESS_FILE_LOADER: TypeSpec = TypeSpec {
    name: "_frozen_importlib_external.SourcelessFileLoader",
    doc: Some("Loads modules from compiled files."),
    slots: Slots { init: Some(loader_init), repr: Some(object_repr), ..BASE.slots },
    methods: &[
        MethodDef::fast("get_filename", get_filename, ""),
        MethodDef::one("get_data", get_data, ""),
        MethodDef::fast("get_source", no_source, ""),
        MethodDef::fast("get_code", get_code, ""),
        MethodDef::fast("is_package", is_package, ""),
        MethodDef::one("create_module", create_module, ""),
        MethodDef::one("exec_module", exec_module, ""),
    ],
    ..BASE
};
