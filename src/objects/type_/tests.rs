//! The built-in types come up and fit together, without a virtual machine.

use crate::memory::{Layout, heap::Heap};
use crate::objects::types;
use crate::vm::Ctx;

#[test]
fn built_in_types_come_up() {
    let _guard = Heap::acquire();
    // SAFETY: this thread holds the heap and makes the types before it uses them.
    let cx = unsafe { Ctx::current() };
    super::make_builtin_types(cx);
    let types = types();
    assert!(types.bool.is_subtype(types.int));
    assert!(types.type_.is_subtype(types.object));
    assert!(types.type_.as_object().ty().is_type(types.type_));
    let name = cx.intern("__repr__");
    assert!(cx.type_lookup(types.bool, &name).is_some());
    let mro = types.bool.mro.get().map(|mro| mro.len());
    assert_eq!(mro, Some(3));
    let subclasses = super::direct_subclasses(types.int);
    assert!(subclasses.iter().any(|ty| ty.is_type(types.bool)));
}
