//! stub
use crate::objects::spec::TypeSpec;
pub static DICT_KEYITERATOR: TypeSpec = TypeSpec { name: "dict_keyiterator", ..TypeSpec::EMPTY };
pub static DICT_VALUEITERATOR: TypeSpec = TypeSpec { name: "dict_valueiterator", ..TypeSpec::EMPTY };
pub static DICT_ITEMITERATOR: TypeSpec = TypeSpec { name: "dict_itemiterator", ..TypeSpec::EMPTY };
pub static DICT_REVERSEKEYITERATOR: TypeSpec = TypeSpec { name: "dict_reversekeyiterator", ..TypeSpec::EMPTY };
pub static DICT_REVERSEVALUEITERATOR: TypeSpec = TypeSpec { name: "dict_reversevalueiterator", ..TypeSpec::EMPTY };
pub static DICT_REVERSEITEMITERATOR: TypeSpec = TypeSpec { name: "dict_reverseitemiterator", ..TypeSpec::EMPTY };
