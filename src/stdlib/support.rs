//! What many native modules need: exception classes of their own, numbers that wrap, constants.

use crate::memory::{Layout, Object, Ref};
use crate::objects::module::ModuleObject;
use crate::objects::{PyResult, Raised, TypeObject, names, types};
use crate::vm::Ctx;

/// A new exception class `module.name` under `base`.
pub fn new_exception(cx: Ctx, module: &str, name: &str, base: Ref) -> PyResult {
    let bases = cx.new_tuple(vec![base]);
    let namespace = cx.new_dict();
    namespace.set_str(cx, &names().module, cx.intern(module).into_object())?;
    cx.call(
        types().type_.as_object(),
        &[cx.intern(name).into_object(), bases.into_object(), namespace.into_object()],
    )
}

/// Raises an exception whose class the module `module` holds as `name`; `fallback` if it is gone.
pub fn raise_of(
    cx: Ctx,
    module: &str,
    name: &str,
    fallback: &TypeObject,
    message: impl std::fmt::Display,
) -> Raised {
    let class = crate::vm::import::import_module(cx, module)
        .and_then(|module| cx.get_attr(&module, &cx.intern(name)));
    match class.as_ref().map(|class| class.downcast::<TypeObject>()) {
        Ok(Some(class)) => cx.raise(class, message),
        Ok(None) => cx.raise(fallback, message),
        Err(_) => match class {
            Err(raised) => {
                cx.clear_exception(raised);
                cx.raise(fallback, message)
            }
            Ok(_) => cx.raise(fallback, message),
        },
    }
}

/// The lowest 32 bits of an integer.
pub fn wrapped_u32(cx: Ctx, value: &Object) -> PyResult<u32> {
    let int = cx.index(value)?.to_bigint();
    let mask = num_bigint::BigInt::from(u32::MAX);
    Ok(u32::try_from(&(int & mask)).unwrap_or(0))
}

/// Adds integer constants to a module under construction.
pub fn add_numbers(cx: Ctx, module: &ModuleObject, numbers: &[(&str, i64)]) -> PyResult<()> {
    for (name, value) in numbers {
        module.add(cx, name, cx.new_int(*value))?;
    }
    Ok(())
}
