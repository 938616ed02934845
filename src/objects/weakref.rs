//! `weakref.ReferenceType`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "weakref.ReferenceType", ..TypeSpec::EMPTY };
pub static WEAKPROXY: TypeSpec = TypeSpec { name: "weakref.ProxyType", ..TypeSpec::EMPTY };
pub static WEAKCALLABLEPROXY: TypeSpec = TypeSpec { name: "weakref.CallableProxyType", ..TypeSpec::EMPTY };

/// A plain `weakref.ref` without callback.
pub fn new_plain(
    cx: crate::vm::Ctx,
    referent: &crate::memory::Object,
) -> super::PyResult<crate::memory::Ref<crate::memory::weakref::WeakRefCore>> {
    let made = cx.call1(crate::memory::Layout::as_object(super::types().weakref), referent)?;
    // SAFETY: every instance of the type has this layout.
    Ok(unsafe { made.cast_unchecked() })
}
