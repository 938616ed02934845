//! Finding and loading modules: native ones, then files and packages along a path, then the
//! embedded library.
//!
//! A source file is compiled once and kept in `__pycache__`; what is kept is used as long as it
//! says the source's time and size (or hash). A cache that cannot be read or written is no error.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::Ctx;
use super::code_object::{Code, make_foreign_code};
use super::function::new_function;
use super::import::modules;
use super::module_spec::{self, Found};
use crate::code::marshal::MarshalErrorKind;
use crate::code::object::CodeObject;
use crate::code::pyc::{self, Validation};
use crate::memory::{Layout, Object, Ref};
use crate::objects::module::{ModuleObject, new_module, new_native_module};
use crate::objects::{Args, DictObject, PyResult, StrObject, names};
use crate::stdlib::library;

/// Loads the module of an absolute name; `search` is the parent package's `__path__`, `None` at
/// top level. `Ok(None)` when there is no such module.
pub fn load(cx: Ctx, name: &str, search: Option<&Object>) -> PyResult<Option<Ref>> {
    if search.is_none()
        && let Some(spec) = crate::stdlib::find(name)
    {
        let module = new_native_module(cx, spec)?;
        if !crate::era::is_classic() {
            module_spec::describe_native(cx, &module, name)?;
        }
        modules(cx).set_str(cx, &cx.intern(name), module.to_object())?;
        return Ok(Some(module.into_object()));
    }
    if search.is_none()
        && crate::era::is_classic()
        && let Some(source) = crate::stdlib::classic::source(name)
    {
        return load_classic(cx, name, source).map(Some);
    }
    if search.is_none()
        && let Some(real) = bootstrap_source(name)
    {
        return load_bootstrap(cx, name, real);
    }
    let tail = name.rsplit('.').next().unwrap_or(name);
    let entries = match search {
        Some(path) => cx.collect(path)?,
        None => match sys_value(cx, "path") {
            Some(path) => cx.collect(&path)?,
            None => Vec::new(),
        },
    };
    let mut portions = Vec::new();
    let mut embedded = search.is_none();
    for entry in entries {
        let Some(folder) = entry.downcast::<StrObject>() else { continue };
        let folder = folder.to_string_lossy();
        if folder == library::FOLDER || folder.starts_with("<library>/") {
            embedded = true;
            continue;
        }
        let folder = match folder.as_str() {
            "" => super::outside::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            _ => PathBuf::from(folder),
        };
        let package = folder.join(tail);
        if super::outside::is_dir(&package) {
            for file in ["__init__.py", "__init__.pyc"] {
                let file = package.join(file);
                if super::outside::is_file(&file) {
                    return load_file(cx, name, &file, Some(&package)).map(Some);
                }
            }
            portions.push(package);
        }
        for extension in ["py", "pyc"] {
            let file = folder.join(format!("{tail}.{extension}"));
            if super::outside::is_file(&file) {
                return load_file(cx, name, &file, None).map(Some);
            }
        }
    }
    if embedded
        && cx.vm().options.borrow().stdlib.is_none()
        && let Some(found) = library::find(name)
    {
        return load_embedded(cx, name, found).map(Some);
    }
    if portions.is_empty() {
        return Ok(None);
    }
    load_namespace(cx, name, &portions).map(Some)
}

/// The modules that `importlib` knows as frozen ones, by the names of their sources.
fn bootstrap_source(name: &str) -> Option<&'static str> {
    match name {
        "_frozen_importlib" => Some("importlib._bootstrap"),
        "_frozen_importlib_external" => Some("importlib._bootstrap_external"),
        _ => None,
    }
}

fn load_bootstrap(cx: Ctx, name: &str, real: &str) -> PyResult<Option<Ref>> {
    let stdlib = cx.vm().options.borrow().stdlib.clone();
    let source = match stdlib {
        Some(folder) => {
            let file = Path::new(&folder).join(format!("{}.py", real.replace('.', "/")));
            let Ok(source) = super::outside::read_file(file) else { return Ok(None) };
            source
        }
        None => match library::find(real) {
            Some(found) => found.source.to_vec(),
            None => return Ok(None),
        },
    };
    let code = super::run::compile_bytes(cx, &source, &format!("<frozen {real}>"))?;
    let found = Found {
        name,
        origin: Some("frozen"),
        cached: None,
        locations: None,
        has_location: false,
        sourceless: false,
    };
    let module = prepare(cx, &found)?;
    let loaded = execute(cx, name, &module, &code)?;
    if name == "_frozen_importlib_external" {
        // The library's sources may be of another minor version; files are of ours.
        let raw = i64::from(u32::from_le_bytes(pyc::MAGIC));
        cx.set_attr(&loaded, &cx.intern("MAGIC_NUMBER"), Some(cx.new_bytes(&pyc::MAGIC).as_object()))?;
        cx.set_attr(&loaded, &cx.intern("_RAW_MAGIC_NUMBER"), Some(&cx.new_int(raw)))?;
    }
    if name == "_frozen_importlib" {
        crate::stdlib::imp::install_bootstrap(cx, &loaded)?;
    }
    Ok(Some(loaded))
}

fn sys_value(cx: Ctx, name: &str) -> Option<Ref> {
    cx.vm().sys_dict.get()?.get_str(cx, &cx.intern(name))
}

/// The folder that stands in for all `__pycache__` (`sys.pycache_prefix`).
fn cache_file(cx: Ctx, source: &Path) -> Option<PathBuf> {
    let optimize = cx.vm().options.borrow().optimize;
    let beside = pyc::cache_path(source, optimize)?;
    let prefix = sys_value(cx, "pycache_prefix").filter(|prefix| !cx.is_none(prefix));
    let Some(prefix) = prefix.as_ref().and_then(|prefix| prefix.downcast::<StrObject>()) else {
        return Some(beside);
    };
    // PREFIX/folder of the source from the root on/NAME.cpython-311.pyc
    let source = std::path::absolute(source).ok()?;
    let folder = source.parent()?.strip_prefix("/").ok()?;
    Some(PathBuf::from(prefix.to_string_lossy()).join(folder).join(beside.file_name()?))
}

/// The code of a module's file, source or compiled, and its cache file.
pub fn code_of_file(cx: Ctx, name: &str, shown: &str) -> PyResult<(Arc<CodeObject>, Option<String>)> {
    let file = Path::new(shown);
    if let Some(source) = library::source_of_file(shown) {
        return Ok((super::run::compile_bytes(cx, source, shown)?, None));
    }
    let failed = |error: &std::io::Error| cx.raise_os_error(error, Some(cx.new_str(shown).into_object()));
    if file.extension().is_some_and(|extension| extension == "pyc") {
        let bytes = super::outside::read_file(file).map_err(|error| failed(&error))?;
        return match pyc::read(&bytes) {
            Ok((_, code)) => Ok((code, None)),
            Err(error) => Err(raise_pyc_error(cx, &error, name, shown)),
        };
    }
    let cache = cache_file(cx, file);
    let cache_shown = cache.as_ref().map(|cache| cache.to_string_lossy().into_owned());
    let ((mtime, size), mode) = super::outside::ask("stamp", || {
        use std::os::unix::fs::PermissionsExt;
        let status = std::fs::metadata(file)?;
        let mtime = status.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let stamp = (mtime.map_or(0, |time| time.as_secs() as u32), status.len() as u32);
        Ok((stamp, status.permissions().mode()))
    })
    .map_err(|error: std::io::Error| failed(&error))?;
    let stamp = Validation::Timestamp { mtime, size };
    let mut source = None;
    let mut kind = None;
    if let Some(cache) = &cache
        && let Ok(bytes) = super::outside::read_file(cache)
        && let Ok((validation, code)) = pyc::read(&bytes)
    {
        let valid = match validation {
            Validation::Timestamp { .. } => validation == stamp,
            Validation::Hash { check: false, .. } => true,
            Validation::Hash { hash, check: true } => {
                kind = Some(true);
                let text = super::outside::read_file(file).map_err(|error| failed(&error))?;
                let same = pyc::source_hash(&text) == hash;
                source = Some(text);
                same
            }
        };
        if valid {
            // Compiled under another name, such as a relative one: the name is that of the file found.
            return Ok((code.with_filename(&shown.into()), cache_shown));
        }
    }
    let source = match source {
        Some(source) => source,
        None => super::outside::read_file(file).map_err(|error| failed(&error))?,
    };
    let code = super::run::compile_bytes(cx, &source, shown)?;
    let quiet = match sys_value(cx, "dont_write_bytecode") {
        Some(flag) => cx.is_true(&flag)?,
        None => cx.vm().options.borrow().dont_write_bytecode,
    };
    if let Some(cache) = cache.filter(|_| !quiet) {
        // A cache that went by hash stays one.
        let validation = match kind {
            Some(check) => Validation::Hash { hash: pyc::source_hash(&source), check },
            None => stamp,
        };
        if let Ok(bytes) = pyc::to_bytes(&code, validation) {
            super::outside::ask("write cache", || {
                // A folder that cannot be written to has no cache.
                let _ = pyc::write_atomic(&cache, &bytes, mode);
            });
        }
    }
    Ok((code, cache_shown))
}

/// The error of a compiled file without a source that is not right.
fn raise_pyc_error(cx: Ctx, error: &pyc::PycError, name: &str, path: &str) -> crate::objects::Raised {
    let e = crate::objects::exceptions();
    let import_error = |message: &str| {
        crate::objects::exceptions::raise_import_error(
            cx,
            e.import_error,
            message,
            Some(cx.new_str(name).into_object()),
            Some(cx.new_str(path).into_object()),
        )
    };
    match error {
        pyc::PycError::TruncatedHeader => cx.raise(e.eof_error, error.message(name)),
        pyc::PycError::Body(error) if error.is_not_code() => {
            import_error(&format!("Non-code object in '{path}'"))
        }
        pyc::PycError::Body(error) => {
            let ty = match error.kind {
                MarshalErrorKind::EofError => e.eof_error,
                MarshalErrorKind::ValueError => e.value_error,
                MarshalErrorKind::TypeError => e.type_error,
            };
            cx.raise(ty, &error.message)
        }
        _ => import_error(&error.message(name)),
    }
}

fn load_file(cx: Ctx, name: &str, file: &Path, package: Option<&Path>) -> PyResult {
    let shown = file.to_string_lossy().into_owned();
    let (code, cached) = code_of_file(cx, name, &shown)?;
    let locations = match package {
        Some(folder) => Some(path_list(cx, &[folder.to_path_buf()])?),
        None => None,
    };
    let found = Found {
        name,
        origin: Some(&shown),
        cached: cached.as_deref().or_else(|| shown.ends_with(".pyc").then_some(shown.as_str())),
        locations,
        has_location: true,
        sourceless: shown.ends_with(".pyc"),
    };
    let module = prepare(cx, &found)?;
    execute(cx, name, &module, &code)
}

fn load_embedded(cx: Ctx, name: &str, embedded: library::Embedded) -> PyResult {
    let shown = library::file_name(name, embedded.is_package);
    let code = super::run::compile_bytes(cx, embedded.source, &shown)?;
    let locations = match embedded.is_package {
        true => Some(path_list(cx, &[Path::new(&shown).with_file_name("")])?),
        false => None,
    };
    let found =
        Found { name, origin: Some(&shown), cached: None, locations, has_location: true, sourceless: false };
    let module = prepare(cx, &found)?;
    let loaded = execute(cx, name, &module, &code)?;
    match name {
        "traceback" => crate::stdlib::traceback::install(cx, &module)?,
        "dis" => crate::stdlib::dis::install(cx, &module)?,
        _ => {}
    }
    Ok(loaded)
}

/// A library module in the classic dialect.
fn load_classic(cx: Ctx, name: &str, source: &str) -> PyResult {
    let shown = format!("<classic>/{name}.py");
    let code = super::run::compile_text(cx, source, &shown, crate::syntax::Mode::Exec)?;
    let module = new_module(cx, &cx.intern(name))?;
    if let Some(dict) = module.dict.get() {
        dict.set_str(cx, &names().file, cx.new_str(&shown).into_object())?;
    }
    execute(cx, name, &module, &code)
}

/// The spec of a module of the embedded library, for finders that are asked for one.
pub fn library_spec(cx: Ctx, name: &str) -> PyResult<Option<Ref>> {
    if cx.vm().options.borrow().stdlib.is_some() {
        return Ok(None);
    }
    let Some(embedded) = library::find(name) else { return Ok(None) };
    let shown = library::file_name(name, embedded.is_package);
    let locations = match embedded.is_package {
        true => Some(path_list(cx, &[Path::new(&shown).with_file_name("")])?),
        false => None,
    };
    let found =
        Found { name, origin: Some(&shown), cached: None, locations, has_location: true, sourceless: false };
    Ok(Some(module_spec::new_spec(cx, &found)?.0))
}

fn load_namespace(cx: Ctx, name: &str, portions: &[PathBuf]) -> PyResult {
    let locations = path_list(cx, portions)?;
    let found = Found {
        name,
        origin: None,
        cached: None,
        locations: Some(locations),
        has_location: false,
        sourceless: false,
    };
    let module = prepare(cx, &found)?;
    modules(cx).set_str(cx, &cx.intern(name), module.to_object())?;
    Ok(module.into_object())
}

fn path_list(cx: Ctx, folders: &[PathBuf]) -> PyResult {
    let text = |folder: &PathBuf| {
        let shown = folder.to_string_lossy();
        cx.new_str(shown.strip_suffix('/').unwrap_or(&shown)).into_object()
    };
    Ok(cx.new_list(folders.iter().map(text).collect())?.into_object())
}

/// A module with the attributes that say where it is from.
fn prepare(cx: Ctx, found: &Found<'_>) -> PyResult<Ref<ModuleObject>> {
    let module = new_module(cx, &cx.intern(found.name))?;
    let dict = module.dict.get().unwrap_or_else(|| cx.new_dict());
    let parent = match &found.locations {
        Some(_) => found.name,
        None => found.name.rsplit_once('.').map_or("", |(parent, _)| parent),
    };
    // In the order in which the reference sets them.
    dict.set_str(cx, &names().package, cx.new_str(parent).into_object())?;
    module_spec::describe(cx, &module, found)?;
    if let Some(locations) = &found.locations {
        dict.set_str(cx, &names().path, locations.clone())?;
    }
    if found.has_location {
        let text = |value: Option<&str>| value.map_or_else(|| cx.none(), |v| cx.new_str(v).into_object());
        dict.set_str(cx, &names().file, text(found.origin))?;
        dict.set_str(cx, &cx.intern("__cached__"), text(found.cached))?;
    }
    Ok(module)
}

/// Runs a module's code in its dict, registered in `sys.modules` meanwhile.
fn execute(cx: Ctx, name: &str, module: &ModuleObject, code: &Arc<CodeObject>) -> PyResult {
    let key = cx.intern(name);
    modules(cx).set_str(cx, &key, module.to_object())?;
    module_spec::set_initializing(cx, module, true)?;
    let dict = module.dict.get().unwrap_or_else(|| cx.new_dict());
    if let Some(builtins) = cx.vm().builtins.get() {
        dict.set_str(cx, &names().builtins, builtins.into_object())?;
    }
    let code = make_foreign_code(cx, code);
    let result = run_code(cx, code, &dict, None);
    if let Err(raised) = result {
        let fetched = cx.fetch(raised);
        if let Err(other) = module_spec::set_initializing(cx, module, false) {
            cx.clear_exception(other);
        }
        if let Err(other) = modules(cx).remove(cx, key.as_object()) {
            cx.clear_exception(other);
        }
        return Err(cx.restore(fetched));
    }
    module_spec::set_initializing(cx, module, false)?;
    // The module may have replaced itself.
    match modules(cx).get(cx, key.as_object())? {
        Some(found) => Ok(found),
        None => Err(cx.raise_with(crate::objects::exceptions().key_error, cx.new_str(name).into_object())),
    }
}

/// Runs a code object in a namespace (`PyEval_EvalCode`).
pub fn run_code(cx: Ctx, code: Ref<Code>, globals: &DictObject, locals: Option<Ref>) -> PyResult {
    if code.nfreevars > 0 {
        return Err(cx.type_error("code object passed to exec() may not contain free variables"));
    }
    let function = new_function(cx, code, globals.to_ref())?;
    let locals = locals.unwrap_or_else(|| globals.to_object());
    let _hold = cx.hold("whoever runs it as a module", function.as_object());
    super::call::call_with_locals(cx, &function, Args::EMPTY, Some(locals))
}
