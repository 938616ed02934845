//! Warnings: filters, registries, and the line that is shown.
//!
//! The `_warnings` module shows what lives here; once a program has imported `warnings`, that
//! module's `filters`, `_defaultaction` and `_showwarnmsg` are used instead, as in CPython.

use std::sync::atomic::{AtomicI64, Ordering};

use super::Ctx;
use super::frame_object::{FrameObject, current_frame};
use super::traceback_text::source_line;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::str::StrBuilder;
use crate::objects::{
    DictObject, IntObject, ListObject, PyResult, StrObject, TupleObject, TypeObject, exceptions, names, types,
};

/// Goes up when filters change: registries from before count no more.
static FILTERS_VERSION: AtomicI64 = AtomicI64::new(0);

/// Filters have changed (`warnings._filters_mutated`).
pub fn filters_mutated() {
    FILTERS_VERSION.fetch_add(1, Ordering::Relaxed);
}

/// Where a warning is said to come from.
pub struct Place {
    pub filename: Ref,
    pub line: i64,
    pub module: Option<Ref>,
    pub registry: Option<Ref>,
    /// The source line, where the caller knows it.
    pub source_line: Option<Ref>,
    /// The object that was not closed, for a ResourceWarning.
    pub source: Option<Ref>,
}

impl Ctx {
    /// Issues a warning about the Python code `stacklevel` frames up, 1 being the innermost. An
    /// error when a filter turns it into an exception.
    pub fn warn(self, category: &TypeObject, message: &str, stacklevel: usize) -> PyResult<()> {
        let message = self.new_str(message).into_object();
        self.warn_object(&message, category.as_object(), stacklevel as i64, None)
    }

    /// `warnings.warn(message, category, stacklevel, source)`.
    pub fn warn_object(
        self,
        message: &Object,
        category: &Object,
        stacklevel: i64,
        source: Option<Ref>,
    ) -> PyResult<()> {
        let mut place = self.place_of(stacklevel)?;
        place.source = source;
        self.warn_at(message, category, place)
    }

    fn place_of(self, stacklevel: i64) -> PyResult<Place> {
        let mut frame = current_frame(self);
        let mut level = stacklevel;
        if level <= 0 || frame.as_ref().is_some_and(|f| is_import_frame(f)) {
            while level > 1 && frame.is_some() {
                frame = frame.and_then(|f| f.back(self));
                level -= 1;
            }
        } else {
            while level > 1 && frame.is_some() {
                frame = frame.and_then(|f| f.back(self));
                while frame.as_ref().is_some_and(|f| is_import_frame(f)) {
                    frame = frame.and_then(|f| f.back(self));
                }
                level -= 1;
            }
        }
        let (globals, filename, line) = match &frame {
            Some(frame) => {
                let activation = frame.frame();
                let filename = activation.code().filename.to_object();
                (activation.globals().to_ref(), filename, i64::from(frame.line_number()))
            }
            None => {
                let globals = self.vm().sys_dict.get().unwrap_or_else(|| self.new_dict());
                (globals, self.intern("sys").into_object(), 1)
            }
        };
        let key = self.intern("__warningregistry__");
        let registry = match globals.get_str(self, &key) {
            Some(registry) => registry,
            None => {
                let made = self.new_dict().into_object();
                globals.set_str(self, &key, made.clone())?;
                made
            }
        };
        let module = match globals.get_str(self, &names().name) {
            Some(name) if self.is_none(&name) || name.is_instance(types().str) => name,
            _ => self.new_str("<string>").into_object(),
        };
        Ok(Place {
            filename,
            line,
            module: Some(module),
            registry: Some(registry),
            source_line: None,
            source: None,
        })
    }

    /// `warnings.warn_explicit`.
    pub fn warn_at(self, message: &Object, category: &Object, place: Place) -> PyResult<()> {
        if place.module.as_ref().is_some_and(|module| self.is_none(module)) {
            return Ok(());
        }
        let registry = place.registry.clone().filter(|registry| !self.is_none(registry));
        if let Some(registry) = &registry
            && registry.downcast::<DictObject>().is_none()
        {
            return Err(self.type_error("'registry' must be a dict or None"));
        }
        let module = match &place.module {
            Some(module) => module.clone(),
            None => self.module_of_file(&place.filename)?,
        };
        let (text, category, message) = if message.is_instance(exceptions().warning) {
            (self.str(message)?.into_object(), message.ty().to_object(), message.to_ref())
        } else {
            (message.to_ref(), category.to_ref(), self.call1(category, message)?)
        };
        let line = self.new_int(place.line);
        let key = self.new_tuple(vec![text.clone(), category.clone(), line.clone()]).into_object();
        if let Some(registry) = &registry
            && self.already_warned(registry, &key, false)?
        {
            return Ok(());
        }
        let (action, item) = self.filter_action(&category, &text, place.line, &module)?;
        match action.as_str() {
            "error" => {
                let ty = category.downcast::<TypeObject>().unwrap_or(exceptions().warning);
                return Err(self.raise_with(ty, message));
            }
            "ignore" => return Ok(()),
            "always" => {}
            _ => {
                if let Some(dict) = registry.as_ref().and_then(|r| r.downcast::<DictObject>()) {
                    dict.set(self, &key, self.bool(true))?;
                }
                let short = self.new_tuple(vec![text.clone(), category.clone()]).into_object();
                let seen = match action.as_str() {
                    "default" => false,
                    "once" => match registry {
                        Some(registry) => self.already_warned(&registry, &short, true)?,
                        None => self.already_warned(&*self.once_registry()?, &short, true)?,
                    },
                    "module" => match registry {
                        Some(registry) => self.already_warned(&registry, &short, true)?,
                        None => false,
                    },
                    _ => {
                        let shown = self.repr_text(self.new_str(&action).as_object())?;
                        let item = self.repr_text(&item.unwrap_or_else(|| self.none()))?;
                        return Err(self.runtime_error(format_args!(
                            "Unrecognized action ({shown}) in warnings.filters:\n {item}"
                        )));
                    }
                };
                if seen {
                    return Ok(());
                }
            }
        }
        self.show_warning(&category, &text, message, &place)
    }

    fn show_warning(self, category: &Object, text: &Object, message: Ref, place: &Place) -> PyResult<()> {
        let Some(show) = self.warnings_attr("_showwarnmsg")? else {
            return self.show_plainly(category, text, place);
        };
        let Some(class) = self.warnings_attr("WarningMessage")? else {
            return Err(self.runtime_error("unable to get warnings.WarningMessage"));
        };
        let shown = self.call(
            &class,
            &[
                message,
                category.to_ref(),
                place.filename.clone(),
                self.new_int(place.line),
                self.none(),
                self.none(),
                place.source.clone().unwrap_or_else(|| self.none()),
            ],
        )?;
        self.call(&show, &[shown]).map(drop)
    }

    /// The line that is shown before `warnings` has been imported.
    fn show_plainly(self, category: &Object, text: &Object, place: &Place) -> PyResult<()> {
        let Some(file) = self.stderr() else { return Ok(()) };
        let name = self.get_attr(category, &names().name)?;
        let mut out = StrBuilder::new();
        self.push_str_of(&mut out, &place.filename, "");
        out.push_str(&format!(":{}: ", place.line));
        self.push_str_of(&mut out, &name, "");
        out.push_str(": ");
        self.push_str_of(&mut out, text, "");
        out.push_char('\n');
        let source = match place.source_line.as_ref().and_then(|line| line.downcast::<StrObject>()) {
            Some(line) => Some(line.to_string_lossy()),
            None => place
                .filename
                .downcast::<StrObject>()
                .and_then(|name| source_line(self, name, place.line as i32)),
        };
        if let Some(source) = source {
            out.push_str("  ");
            out.push_str(source.trim_start_matches([' ', '\t', '\x0c']));
            out.push_char('\n');
        }
        if place.source.is_some() {
            self.push_str_of(&mut out, &name, "");
            out.push_str(": Enable tracemalloc to get the object allocation traceback\n");
        }
        self.write_to(&file, &out.finish())
    }

    /// Whether `key` has been warned of; says so from now on when `remember`.
    fn already_warned(self, registry: &Object, key: &Object, remember: bool) -> PyResult<bool> {
        let Some(registry) = registry.downcast::<DictObject>() else { return Ok(false) };
        let version_key = self.intern("version");
        let current = FILTERS_VERSION.load(Ordering::Relaxed);
        let known = registry.get_str(self, &version_key);
        let known = known.and_then(|version| version.downcast::<IntObject>()?.as_i64());
        if known != Some(current) {
            registry.clear(self);
            registry.set_str(self, &version_key, self.new_int(current))?;
        } else if let Some(found) = registry.get(self, key)?
            && self.is_true(&found)?
        {
            return Ok(true);
        }
        if remember {
            registry.set(self, key, self.bool(true))?;
        }
        Ok(false)
    }

    /// An attribute of `warnings`, if a program has imported it.
    fn warnings_attr(self, name: &str) -> PyResult<Option<Ref>> {
        let module =
            self.vm().modules.get().and_then(|modules| modules.get_str(self, &self.intern("warnings")));
        match module {
            Some(module) => self.get_attr_opt(&module, &self.intern(name)),
            None => Ok(None),
        }
    }

    /// The action for a warning and the filter that says so.
    fn filter_action(
        self,
        category: &Object,
        text: &Object,
        line: i64,
        module: &Object,
    ) -> PyResult<(String, Option<Ref>)> {
        let filters = match self.warnings_attr("filters")? {
            Some(filters) => filters,
            None => self.warning_filters()?.into_object(),
        };
        let Some(filters) = filters.downcast::<ListObject>() else {
            return Err(self.value_error("_warnings.filters must be a list"));
        };
        let mut index = 0;
        while let Some(item) = filters.get(index) {
            let parts = item.downcast::<TupleObject>().map(TupleObject::as_slice);
            let Some([action, wanted_text, wanted_category, wanted_module, wanted_line]) = parts else {
                return Err(self.value_error(format_args!("_warnings.filters item {index} isn't a 5-tuple")));
            };
            let Some(action) = action.downcast::<StrObject>() else {
                return Err(
                    self.type_error(format_args!("action must be a string, not '{}'", action.ty().tp_name()))
                );
            };
            let wanted_line = self.to_i64(wanted_line)?;
            if self.filter_matches(wanted_text, text)?
                && self.is_subclass(category, wanted_category)?
                && self.filter_matches(wanted_module, module)?
                && (wanted_line == 0 || wanted_line == line)
            {
                return Ok((action.to_string_lossy(), Some(item.clone())));
            }
            index += 1;
        }
        let default = self.warnings_attr("defaultaction")?;
        let default =
            default.and_then(|action| action.downcast::<StrObject>().map(StrObject::to_string_lossy));
        Ok((default.unwrap_or_else(|| "default".to_string()), None))
    }

    fn filter_matches(self, wanted: &Object, given: &Object) -> PyResult<bool> {
        if self.is_none(wanted) {
            return Ok(true);
        }
        if wanted.is_exact(types().str) {
            return self.equal(wanted, given);
        }
        let result = self.call_method(wanted, &self.intern("match"), &[given.to_ref()])?;
        self.is_true(&result)
    }

    fn module_of_file(self, filename: &Object) -> PyResult<Ref> {
        let Some(name) = filename.downcast::<StrObject>() else { return Ok(filename.to_ref()) };
        if name.is_empty() {
            return Ok(self.new_str("<unknown>").into_object());
        }
        let text = name.to_string_lossy();
        Ok(match text.strip_suffix(".py") {
            Some(stem) => self.new_str(stem).into_object(),
            None => name.to_object(),
        })
    }

    /// The filters of the start: `_warnings.filters`.
    pub fn warning_filters(self) -> PyResult<Ref<ListObject>> {
        if let Some(list) = self.named_root("warnings.filters")
            && let Ok(list) = list.downcast_ref::<ListObject>()
        {
            return Ok(list);
        }
        let e = exceptions();
        let filter = |action: &str, category: &TypeObject, module: Option<&str>| {
            let module = module.map_or_else(|| self.none(), |name| self.intern(name).into_object());
            let parts = vec![
                self.intern(action).into_object(),
                self.none(),
                category.to_object(),
                module,
                self.new_int(0),
            ];
            self.new_tuple(parts).into_object()
        };
        let list = self.new_list(vec![
            filter("default", e.deprecation_warning, Some("__main__")),
            filter("ignore", e.deprecation_warning, None),
            filter("ignore", e.pending_deprecation_warning, None),
            filter("ignore", e.import_warning, None),
            filter("ignore", e.resource_warning, None),
        ])?;
        self.set_named_root("warnings.filters", Some(list.to_object()));
        Ok(list)
    }

    /// What has been warned of under "once": `_warnings._onceregistry`.
    pub fn once_registry(self) -> PyResult<Ref> {
        if let Some(registry) = self.warnings_attr("onceregistry")? {
            return Ok(registry);
        }
        if let Some(registry) = self.named_root("warnings.once") {
            return Ok(registry);
        }
        let made = self.new_dict().into_object();
        self.set_named_root("warnings.once", Some(made.clone()));
        Ok(made)
    }
}

/// Frames of the import machinery are passed over when a place is looked for.
fn is_import_frame(frame: &FrameObject) -> bool {
    let name = frame.frame().code().filename.to_string_lossy();
    name.contains("importlib") && name.contains("_bootstrap")
}
