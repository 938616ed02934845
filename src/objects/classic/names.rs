//! What types and special methods are called in Python 2.7.

use crate::objects::spec::{Layout, TypeFlags, TypeSpec};

/// The name that a built-in type has in the classic era.
pub fn type_name(modern: &'static str) -> &'static str {
    match modern {
        "method" => "instancemethod",
        "list_iterator" => "listiterator",
        "list_reverseiterator" => "listreverseiterator",
        "tuple_iterator" => "tupleiterator",
        "set_iterator" => "setiterator",
        "range_iterator" => "rangeiterator",
        "callable_iterator" => "callable-iterator",
        "dict_keyiterator" => "dictionary-keyiterator",
        "dict_valueiterator" => "dictionary-valueiterator",
        "dict_itemiterator" => "dictionary-itemiterator",
        "mappingproxy" => "dictproxy",
        "weakref.ReferenceType" => "weakref",
        "weakref.ProxyType" => "weakproxy",
        "weakref.CallableProxyType" => "weakcallableproxy",
        "method-wrapper" => "method-wrapper",
        "str_iterator" | "str_ascii_iterator" => "iterator",
        "ellipsis" => "ellipsis",
        other => other,
    }
}

/// The classic spelling of a special method that native code looks up.
pub fn special_name(modern: &'static str) -> &'static str {
    if !crate::era::is_classic() {
        return modern;
    }
    match modern {
        "__next__" => "next",
        "__bool__" => "__nonzero__",
        "builtins" => "__builtin__",
        other => other,
    }
}

/// `basestring`, which programs only test with `isinstance`.
pub static BASESTRING_SPEC: TypeSpec = TypeSpec {
    name: "basestring",
    doc: Some("Type basestring cannot be instantiated; it is the base for str and unicode."),
    layout: Layout {
        size: 16,
        item_size: 0,
        pre_header: crate::memory::object::PreHeader::Plain,
        weaklist: 0,
        dict: 0,
    },
    flags: TypeFlags::BASETYPE.with(TypeFlags::DISALLOW_INSTANTIATION),
    ..TypeSpec::EMPTY
};
