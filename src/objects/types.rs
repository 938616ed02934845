//! The table of built-in types: one line each, in the order they are made.

use super::spec::TypeSpec;
use super::type_object::TypeObject;

macro_rules! types {
    ($($field:ident: $path:path,)*) => {
        /// Every built-in type that native code refers to by name.
        pub struct Types { $(pub $field: &'static TypeObject,)* }

        impl Types {
            /// The specs in the order of the fields; `object` and `type` come first.
            pub const SPECS: &'static [&'static TypeSpec] = &[$(&$path,)*];

            /// Every type of the table.
            fn list(&self) -> Vec<&'static TypeObject> {
                vec![$(self.$field,)*]
            }

            /// Builds the table from type objects made in the order of [`Types::SPECS`].
            pub(crate) fn from_made(made: &[&'static TypeObject]) -> Types {
                let mut made = made.iter().copied();
                Types { $($field: made.next().expect("one type object for each spec"),)* }
            }
        }
    };
}

/// All of them, for what concerns every type.
pub fn all(types: &Types) -> Vec<&'static TypeObject> {
    types.list()
}

types! {
    object: crate::objects::object_type::SPEC,
    type_: crate::objects::type_::SPEC,
    int: crate::objects::int::SPEC,
    bool: crate::objects::bool::SPEC,
    float: crate::objects::float::SPEC,
    complex: crate::objects::complex::SPEC,
    str: crate::objects::str::SPEC,
    str_iterator: crate::objects::str::STR_ITERATOR,
    str_ascii_iterator: crate::objects::str::STR_ASCII_ITERATOR,
    bytes: crate::objects::bytes::SPEC,
    bytes_iterator: crate::objects::bytes::BYTES_ITERATOR,
    bytearray: crate::objects::bytearray::SPEC,
    bytearray_iterator: crate::objects::bytearray::BYTEARRAY_ITERATOR,
    memoryview: crate::objects::memoryview::SPEC,
    managed_buffer: crate::objects::memoryview::MANAGED_BUFFER,
    memory_iterator: crate::objects::memoryview::MEMORY_ITERATOR,
    list: crate::objects::list::SPEC,
    list_iterator: crate::objects::list::LIST_ITERATOR,
    list_reverseiterator: crate::objects::list::LIST_REVERSEITERATOR,
    tuple: crate::objects::tuple::SPEC,
    tuple_iterator: crate::objects::tuple::TUPLE_ITERATOR,
    dict: crate::objects::dict::SPEC,
    dict_keys: crate::objects::dict::DICT_KEYS,
    dict_values: crate::objects::dict::DICT_VALUES,
    dict_items: crate::objects::dict::DICT_ITEMS,
    dict_keyiterator: crate::objects::dict::DICT_KEYITERATOR,
    dict_valueiterator: crate::objects::dict::DICT_VALUEITERATOR,
    dict_itemiterator: crate::objects::dict::DICT_ITEMITERATOR,
    dict_reversekeyiterator: crate::objects::dict::DICT_REVERSEKEYITERATOR,
    dict_reversevalueiterator: crate::objects::dict::DICT_REVERSEVALUEITERATOR,
    dict_reverseitemiterator: crate::objects::dict::DICT_REVERSEITEMITERATOR,
    set: crate::objects::set::SPEC,
    frozenset: crate::objects::set::FROZENSET,
    set_iterator: crate::objects::set::SET_ITERATOR,
    range: crate::objects::range::SPEC,
    range_iterator: crate::objects::range::RANGE_ITERATOR,
    longrange_iterator: crate::objects::range::LONGRANGE_ITERATOR,
    slice: crate::objects::slice::SPEC,
    none_type: crate::objects::singletons::NONE_TYPE,
    ellipsis_type: crate::objects::singletons::ELLIPSIS_TYPE,
    not_implemented_type: crate::objects::singletons::NOT_IMPLEMENTED_TYPE,
    iterator: crate::objects::iterators::ITERATOR,
    callable_iterator: crate::objects::iterators::CALLABLE_ITERATOR,
    enumerate: crate::objects::iterators::ENUMERATE,
    zip: crate::objects::iterators::ZIP,
    map: crate::objects::iterators::MAP,
    filter: crate::objects::iterators::FILTER,
    reversed: crate::objects::iterators::REVERSED,
    method_descriptor: crate::objects::descr::METHOD_DESCRIPTOR,
    classmethod_descriptor: crate::objects::descr::CLASSMETHOD_DESCRIPTOR,
    wrapper_descriptor: crate::objects::descr::WRAPPER_DESCRIPTOR,
    method_wrapper: crate::objects::descr::METHOD_WRAPPER,
    getset_descriptor: crate::objects::descr::GETSET_DESCRIPTOR,
    member_descriptor: crate::objects::descr::MEMBER_DESCRIPTOR,
    mappingproxy: crate::objects::descr::MAPPINGPROXY,
    property: crate::objects::descr::PROPERTY,
    builtin_function: crate::objects::native::SPEC,
    method: crate::objects::method::SPEC,
    classmethod: crate::objects::wrappers::CLASSMETHOD,
    staticmethod: crate::objects::wrappers::STATICMETHOD,
    super_: crate::objects::super_::SPEC,
    module: crate::objects::module::SPEC,
    namespace: crate::objects::namespace::SPEC,
    generic_alias: crate::objects::generic_alias::SPEC,
    union_type: crate::objects::generic_alias::UNION_TYPE,
    weakref: crate::objects::weakref::SPEC,
    weakproxy: crate::objects::weakref::WEAKPROXY,
    weakcallableproxy: crate::objects::weakref::WEAKCALLABLEPROXY,
    cell: crate::objects::cell::SPEC,
    function: crate::vm::function::SPEC,
    code: crate::vm::code_object::SPEC,
    frame: crate::vm::frame_object::SPEC,
    traceback: crate::vm::traceback::SPEC,
    generator: crate::vm::generator::SPEC,
    coroutine: crate::vm::generator::COROUTINE,
    coroutine_wrapper: crate::vm::generator::COROUTINE_WRAPPER,
    async_generator: crate::vm::generator::ASYNC_GENERATOR,
    async_generator_asend: crate::vm::generator::ASYNC_GENERATOR_ASEND,
    async_generator_athrow: crate::vm::generator::ASYNC_GENERATOR_ATHROW,
    async_generator_wrapped_value: crate::vm::generator::ASYNC_GENERATOR_WRAPPED_VALUE,
}
