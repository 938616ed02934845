//! Attribute access on any object.

use crate::memory::{Layout, Object, Ref};
use crate::objects::slots::GetAttrFn;
use crate::objects::{
    DictObject, ListObject, PyResult, StrObject, TupleObject, TypeFlags, TypeObject, attr, exceptions, names,
    type_, types,
};
use crate::vm::Ctx;

/// Whether a `getattro` slot is `slot`.
fn is_slot(found: Option<GetAttrFn>, slot: GetAttrFn) -> bool {
    found.is_some_and(|found| found as usize == slot as usize)
}

impl Ctx {
    /// `object.name`.
    #[inline]
    pub fn get_attr(self, object: &Object, name: &StrObject) -> PyResult {
        match object.ty().slots().getattro {
            // An AttributeError raised by Python code learns what was looked for.
            Some(get) => get(self, object, name).inspect_err(|raised| {
                self.set_attribute_error_context(raised, object, name);
            }),
            None => Err(self.no_attribute(object, name)),
        }
    }
    /// `object.name`, `None` where that raises `AttributeError` (no exception is made when the
    /// generic lookup fails: `_PyObject_LookupAttr`).
    pub fn get_attr_opt(self, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
        let getattro = object.ty().slots().getattro;
        let result = if is_slot(getattro, attr::generic_get_attr) {
            self.generic_get_attr_opt(object, name)
        } else if is_slot(getattro, type_::getattro) {
            type_::getattr_opt(self, object, name)
        } else {
            match getattro {
                Some(get) => get(self, object, name).map(Some),
                None => return Ok(None),
            }
        };
        match result {
            Err(raised) if self.raised_is(&raised, exceptions().attribute_error) => {
                self.clear_exception(raised);
                Ok(None)
            }
            other => other,
        }
    }
    /// Sets, or deletes with `None`.
    #[inline]
    pub fn set_attr(self, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
        // Names that attributes are stored under are interned, so that lookups meet by identity.
        let interned;
        let name = if name.is_interned() || !name.as_object().is_exact(types().str) {
            name
        } else {
            interned = self.intern_ref(name.to_ref());
            &*interned
        };
        match object.ty().slots().setattro {
            Some(set) => set(self, object, name, value),
            None => {
                let kind = match object.ty().slots().getattro {
                    Some(_) => "only read-only",
                    None => "no",
                };
                let what = if value.is_some() { "assign to" } else { "del" };
                Err(self.type_error(format!(
                    "'{}' object has {kind} attributes ({what} .{})",
                    object.ty().tp_name(),
                    name.to_string_lossy()
                )))
            }
        }
    }
    /// `object.name` by text (for names not in [`crate::objects::Names`]).
    pub fn get_attr_str(self, object: &Object, name: &str) -> PyResult {
        let name = self.intern(name);
        self.get_attr(object, &name)
    }
    /// Looks `name` up along the MRO; no descriptor is called. Cached by type version.
    #[inline]
    pub fn type_lookup(self, ty: &TypeObject, name: &StrObject) -> Option<Ref> {
        type_::cache::lookup(self, ty, name).map(|found| {
            // SAFETY: what the lookup found is held by a type's dict.
            unsafe { Ref::from_borrowed(found) }
        })
    }
    /// A special method looked up on the type and bound to the object (`_PyObject_LookupSpecial`).
    pub fn lookup_special(self, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
        let ty = object.ty();
        if let Some(instance) = crate::objects::classic::instance::InstanceObject::from(object) {
            return instance.special(self, &name.to_string_lossy());
        }
        let Some(found) = self.type_lookup(ty, name) else { return Ok(None) };
        match found.ty().slots().descr_get {
            None => Ok(Some(found)),
            Some(get) => get(self, &found, Some(object), Some(ty.as_object())).map(Some),
        }
    }
    /// For method calls without a bound method: the function to call and whether the object must
    /// be passed as first argument (`_PyObject_GetMethod`).
    pub fn get_method(self, object: &Object, name: &StrObject) -> PyResult<(Ref, bool)> {
        let ty = object.ty();
        if !is_slot(ty.slots().getattro, attr::generic_get_attr) {
            return Ok((self.get_attr(object, name)?, false));
        }
        let found = self.type_lookup(ty, name);
        let mut is_method = false;
        let mut get = None;
        if let Some(found) = &found {
            let found_type = found.ty();
            if found_type.has_flag(TypeFlags::METHOD_DESCRIPTOR) {
                is_method = true;
            } else {
                get = found_type.slots().descr_get;
                if let Some(get) = get
                    && found_type.slots().descr_set.is_some()
                {
                    return Ok((get(self, found, Some(object), Some(ty.as_object()))?, false));
                }
            }
        }
        if let Some(value) = attr::instance_value(self, object, name)? {
            return Ok((value, false));
        }
        match (found, get) {
            (Some(found), _) if is_method => Ok((found, true)),
            (Some(found), Some(get)) => Ok((get(self, &found, Some(object), Some(ty.as_object()))?, false)),
            (Some(found), None) => Ok((found, false)),
            (None, _) => Err(self.no_attribute(object, name)),
        }
    }
    /// `PyObject_GenericGetAttr`, `None` instead of AttributeError where nothing is found.
    #[inline]
    pub fn generic_get_attr_opt(self, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
        attr::generic_get_attr_opt(self, object, name)
    }
    /// `PyObject_GenericSetAttr`.
    #[inline]
    pub fn generic_set_attr(self, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
        attr::generic_set_attr(self, object, name, value)
    }
    /// `isinstance(object, class_or_tuple)` with hooks.
    pub fn is_instance(self, object: &Object, class_or_tuple: &Object) -> PyResult<bool> {
        if std::ptr::eq(object.type_ptr().cast::<Object>(), class_or_tuple) {
            return Ok(true);
        }
        if class_or_tuple.is_exact(types().type_) {
            return self.real_is_instance(object, class_or_tuple);
        }
        // A union stands for the tuple of its members.
        let members = crate::objects::generic_alias::union_args(class_or_tuple);
        let members = members.as_deref().or_else(|| class_or_tuple.downcast::<TupleObject>());
        if let Some(tuple) = members {
            let _guard = self.enter_recursion(" in __instancecheck__")?;
            for item in tuple.as_slice() {
                if self.is_instance(object, item)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(check) = self.lookup_special(class_or_tuple, &names().instancecheck)? {
            let _guard = self.enter_recursion(" in __instancecheck__")?;
            let result = self.call1(&check, object)?;
            return self.is_true(&result);
        }
        self.real_is_instance(object, class_or_tuple)
    }
    /// `isinstance` without hooks but with `__class__` (`_PyObject_RealIsInstance`).
    pub fn real_is_instance(self, object: &Object, class: &Object) -> PyResult<bool> {
        if let Some(class) = class.downcast::<TypeObject>() {
            if object.is_instance(class) {
                return Ok(!crate::era::is_classic() || !crate::objects::classic::hides(object.ty(), class));
            }
            let Some(shown) = self.get_attr_opt(object, &names().class)? else { return Ok(false) };
            return Ok(shown
                .downcast::<TypeObject>()
                .is_some_and(|shown| !std::ptr::eq(shown, object.ty()) && shown.is_subtype(class)));
        }
        if self.bases_of(class)?.is_none() {
            return Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        }
        match self.get_attr_opt(object, &names().class)? {
            Some(shown) => self.abstract_is_subclass(&shown, class),
            None => Ok(false),
        }
    }
    /// `issubclass(class, class_or_tuple)` with hooks.
    pub fn is_subclass(self, class: &Object, class_or_tuple: &Object) -> PyResult<bool> {
        if class_or_tuple.is_exact(types().type_) {
            return if class.is(class_or_tuple) {
                Ok(true)
            } else {
                self.real_is_subclass(class, class_or_tuple)
            };
        }
        // A union stands for the tuple of its members.
        let members = crate::objects::generic_alias::union_args(class_or_tuple);
        let members = members.as_deref().or_else(|| class_or_tuple.downcast::<TupleObject>());
        if let Some(tuple) = members {
            let _guard = self.enter_recursion(" in __subclasscheck__")?;
            for item in tuple.as_slice() {
                if self.is_subclass(class, item)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(check) = self.lookup_special(class_or_tuple, &names().subclasscheck)? {
            let _guard = self.enter_recursion(" in __subclasscheck__")?;
            let result = self.call1(&check, class)?;
            return self.is_true(&result);
        }
        self.real_is_subclass(class, class_or_tuple)
    }
    /// `issubclass` without hooks (`_PyObject_RealIsSubclass`).
    pub fn real_is_subclass(self, derived: &Object, class: &Object) -> PyResult<bool> {
        if let (Some(derived), Some(class)) =
            (derived.downcast::<TypeObject>(), class.downcast::<TypeObject>())
        {
            return Ok(derived.is_subtype(class));
        }
        if self.bases_of(derived)?.is_none() {
            return Err(self.type_error("issubclass() arg 1 must be a class"));
        }
        if !class.is_exact(types().union_type) && self.bases_of(class)?.is_none() {
            return Err(self.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
        }
        self.abstract_is_subclass(derived, class)
    }
    /// `__bases__` of something that stands for a class, if it is a tuple.
    fn bases_of(self, class: &Object) -> PyResult<Option<Ref<TupleObject>>> {
        let Some(bases) = self.get_attr_opt(class, &names().bases)? else { return Ok(None) };
        Ok(bases.downcast_ref::<TupleObject>().ok())
    }
    fn abstract_is_subclass(self, derived: &Object, class: &Object) -> PyResult<bool> {
        if derived.is(class) {
            return Ok(true);
        }
        let _guard = self.enter_recursion(" in __subclasscheck__")?;
        let Some(bases) = self.bases_of(derived)? else { return Ok(false) };
        for base in bases.as_slice() {
            if self.abstract_is_subclass(base, class)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
    /// `dir(object)`: a sorted list.
    pub fn dir(self, object: &Object) -> PyResult {
        let Some(method) = self.lookup_special(object, &names().dir)? else {
            return Err(self.type_error("object does not provide __dir__"));
        };
        let found = self.call0(&method)?;
        drop(method);
        let list = self.new_list(self.collect(&found)?)?;
        drop(found);
        self.call_method(list.as_object(), &names().sort, &[])?;
        Ok(list.into_object())
    }
    /// The `__dict__` of an object as a dict, `None` where it has none or something else.
    pub fn dict_of(self, object: &Object) -> PyResult<Option<Ref<DictObject>>> {
        let Some(found) = self.get_attr_opt(object, &names().dict)? else { return Ok(None) };
        Ok(found.downcast_ref::<DictObject>().ok())
    }
    /// A list of the keys of a dict.
    pub fn list_of_keys(self, dict: &DictObject) -> PyResult<Ref<ListObject>> {
        self.new_list(dict.to_vec().into_iter().map(|(key, _)| key).collect())
    }
}
