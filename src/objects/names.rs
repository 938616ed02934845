//! Interned strings that native code needs again and again.

use super::StrObject;
use crate::memory::{Layout, Object, Ref};
use crate::vm::Ctx;

macro_rules! names {
    ($($field:ident: $text:literal,)*) => {
        /// Well-known interned strings; a field is named as the text, less the underscores around it
        /// where that is unambiguous.
        pub struct Names { $(pub $field: Ref<StrObject>,)* }

        impl Names {
            pub(crate) fn new(cx: Ctx) -> Names {
                Names { $($field: cx.intern(crate::objects::classic::names::special_name($text)),)* }
            }

            /// Shows every name.
            pub(crate) fn each(&self, each: &mut dyn FnMut(&Object)) {
                $(each(self.$field.as_object());)*
            }
        }
    };
}

names! {
    abs: "__abs__", add: "__add__", and: "__and__", annotations: "__annotations__", await_: "__await__", aiter: "__aiter__", anext: "__anext__",
    aenter: "__aenter__", aexit: "__aexit__",
    bases: "__bases__", bool: "__bool__", build_class: "__build_class__", builtins: "__builtins__", bytes: "__bytes__",
    call: "__call__", cause: "__cause__", class: "__class__", class_getitem: "__class_getitem__", classcell: "__classcell__", close: "close", clear: "clear",
    complex: "__complex__", contains: "__contains__", context: "__context__", copy: "copy",
    del: "__del__", delattr: "__delattr__", delete: "__delete__", delitem: "__delitem__", dict: "__dict__", dir: "__dir__",
    divmod: "__divmod__", doc: "__doc__", enter: "__enter__", eq: "__eq__", excepthook: "excepthook", exit: "__exit__",
    file: "__file__", flush: "flush", float: "__float__", floordiv: "__floordiv__", format: "__format__", fspath: "__fspath__",
    ge: "__ge__", get: "__get__", getattr: "__getattr__", getattribute: "__getattribute__", getitem: "__getitem__", getstate: "__getstate__", gt: "__gt__",
    get_plain: "get", hash: "__hash__", iadd: "__iadd__", iand: "__iand__", ifloordiv: "__ifloordiv__", ilshift: "__ilshift__",
    imatmul: "__imatmul__", imod: "__imod__", import: "__import__", imul: "__imul__", index: "__index__", init: "__init__",
    init_subclass: "__init_subclass__", instancecheck: "__instancecheck__", int: "__int__", invert: "__invert__", ior: "__ior__",
    ipow: "__ipow__", irshift: "__irshift__", isub: "__isub__", items: "items", iter: "__iter__", itruediv: "__itruediv__", ixor: "__ixor__",
    keys: "keys", le: "__le__", len: "__len__", length_hint: "__length_hint__", loader: "__loader__", lshift: "__lshift__", lt: "__lt__",
    main: "__main__", matmul: "__matmul__", match_args: "__match_args__", metaclass: "metaclass", missing: "__missing__", mod_: "__mod__", module: "__module__", mro: "mro", mro_entries: "__mro_entries__", mul: "__mul__",
    name: "__name__", ne: "__ne__", neg: "__neg__", new: "__new__", next: "__next__", notes: "__notes__",
    objclass: "__objclass__", or: "__or__", package: "__package__", path: "__path__", pos: "__pos__", pow: "__pow__", prepare: "__prepare__",
    qualname: "__qualname__", radd: "__radd__", rand: "__rand__", rdivmod: "__rdivmod__", reduce: "__reduce__", reduce_ex: "__reduce_ex__",
    repr: "__repr__", reversed: "__reversed__", rfloordiv: "__rfloordiv__", rlshift: "__rlshift__", rmatmul: "__rmatmul__",
    rmod: "__rmod__", rmul: "__rmul__", ror: "__ror__", round: "__round__", rpow: "__rpow__", rrshift: "__rrshift__", rshift: "__rshift__",
    rsub: "__rsub__", rtruediv: "__rtruediv__", rxor: "__rxor__",
    self_class: "__self_class__", send: "send", set: "__set__", set_name: "__set_name__", setattr: "__setattr__", setitem: "__setitem__",
    sizeof: "__sizeof__", slots: "__slots__", spec: "__spec__", stdout: "stdout", stderr: "stderr", stdin: "stdin", str: "__str__", sub: "__sub__", subclasscheck: "__subclasscheck__", subclasshook: "__subclasshook__",
    suppress_context: "__suppress_context__", text_signature: "__text_signature__", this_class: "__thisclass__", throw: "throw", traceback: "__traceback__", truediv: "__truediv__", trunc: "__trunc__",
    type_params: "__type_params__", unraisablehook: "unraisablehook", update: "update", values: "values", weakref: "__weakref__", write: "write", xor: "__xor__",
    abstractmethods: "__abstractmethods__", dictoffset: "__dictoffset__", displayhook: "displayhook", encoding: "encoding", errors: "errors",
    wrapped: "__wrapped__", all: "__all__", debug: "__debug__", self_: "__self__", func: "__func__", orig_bases: "__orig_bases__", orig_class: "__orig_class__",
    args: "__args__", origin: "__origin__", parameters: "__parameters__", underscore: "_", empty: "", join: "join", add_plain: "add", append: "append", sort: "sort", last_value: "last_value", last_type: "last_type", last_traceback: "last_traceback", ps1: "ps1", ps2: "ps2", modules: "modules", builtins_module: "builtins", sys_module: "sys",
}
