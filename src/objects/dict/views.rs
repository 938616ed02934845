//! stub
use crate::objects::spec::TypeSpec;
pub static DICT_KEYS: TypeSpec = TypeSpec { name: "dict_keys", ..TypeSpec::EMPTY };
pub static DICT_VALUES: TypeSpec = TypeSpec { name: "dict_values", ..TypeSpec::EMPTY };
pub static DICT_ITEMS: TypeSpec = TypeSpec { name: "dict_items", ..TypeSpec::EMPTY };
