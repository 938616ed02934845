//! The tables of the `opcode` module.

use crate::code::opcode::{ArgKind, BINARY_OPERATORS, COMPARE_OPERATORS, HAVE_ARGUMENT, Opcode, op};
use crate::memory::Ref;
use crate::objects::PyResult;
use crate::objects::module::ModuleObject;
use crate::vm::Ctx;

/// The names of the operators, without the prefixes `NB_` and `NB_INPLACE_`.
const OPERATOR_NAMES: [&str; 13] = [
    "ADD",
    "AND",
    "FLOOR_DIVIDE",
    "LSHIFT",
    "MATRIX_MULTIPLY",
    "MULTIPLY",
    "REMAINDER",
    "OR",
    "POWER",
    "RSHIFT",
    "SUBTRACT",
    "TRUE_DIVIDE",
    "XOR",
];

/// The fields of the inline caches: operation, then name and size in code units.
const CACHES: [(&str, &[(&str, i64)]); 11] = [
    ("LOAD_GLOBAL", &[("counter", 1), ("index", 1), ("module_keys_version", 2), ("builtin_keys_version", 1)]),
    ("BINARY_OP", &[("counter", 1)]),
    ("UNPACK_SEQUENCE", &[("counter", 1)]),
    ("COMPARE_OP", &[("counter", 1), ("mask", 1)]),
    ("BINARY_SUBSCR", &[("counter", 1), ("type_version", 2), ("func_version", 1)]),
    ("LOAD_ATTR", &[("counter", 1), ("version", 2), ("index", 1)]),
    ("STORE_ATTR", &[("counter", 1), ("version", 2), ("index", 1)]),
    (
        "LOAD_METHOD",
        &[("counter", 1), ("type_version", 2), ("dict_offset", 1), ("keys_version", 2), ("descr", 4)],
    ),
    ("CALL", &[("counter", 1), ("func_version", 2), ("min_args", 1)]),
    ("PRECALL", &[("counter", 1)]),
    ("STORE_SUBSCR", &[("counter", 1)]),
];

/// The quickened forms that the reference has: operation, and the ends of their names.
const QUICKENED: [(&str, &[&str]); 17] = [
    (
        "BINARY_OP",
        &[
            "_ADAPTIVE",
            "_ADD_FLOAT",
            "_ADD_INT",
            "_ADD_UNICODE",
            "_INPLACE_ADD_UNICODE",
            "_MULTIPLY_FLOAT",
            "_MULTIPLY_INT",
            "_SUBTRACT_FLOAT",
            "_SUBTRACT_INT",
        ],
    ),
    ("BINARY_SUBSCR", &["_ADAPTIVE", "_DICT", "_GETITEM", "_LIST_INT", "_TUPLE_INT"]),
    ("CALL", &["_ADAPTIVE", "_PY_EXACT_ARGS", "_PY_WITH_DEFAULTS"]),
    ("COMPARE_OP", &["_ADAPTIVE", "_FLOAT_JUMP", "_INT_JUMP", "_STR_JUMP"]),
    ("EXTENDED_ARG", &["_QUICK"]),
    ("JUMP_BACKWARD", &["_QUICK"]),
    ("LOAD_ATTR", &["_ADAPTIVE", "_INSTANCE_VALUE", "_MODULE", "_SLOT", "_WITH_HINT"]),
    ("LOAD_CONST", &["__LOAD_FAST"]),
    ("LOAD_FAST", &["__LOAD_CONST", "__LOAD_FAST"]),
    ("LOAD_GLOBAL", &["_ADAPTIVE", "_BUILTIN", "_MODULE"]),
    ("LOAD_METHOD", &["_ADAPTIVE", "_CLASS", "_MODULE", "_NO_DICT", "_WITH_DICT", "_WITH_VALUES"]),
    (
        "PRECALL",
        &[
            "_ADAPTIVE",
            "_BOUND_METHOD",
            "_BUILTIN_CLASS",
            "_BUILTIN_FAST_WITH_KEYWORDS",
            "_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS",
            "_NO_KW_BUILTIN_FAST",
            "_NO_KW_BUILTIN_O",
            "_NO_KW_ISINSTANCE",
            "_NO_KW_LEN",
            "_NO_KW_LIST_APPEND",
            "_NO_KW_METHOD_DESCRIPTOR_FAST",
            "_NO_KW_METHOD_DESCRIPTOR_NOARGS",
            "_NO_KW_METHOD_DESCRIPTOR_O",
            "_NO_KW_STR_1",
            "_NO_KW_TUPLE_1",
            "_NO_KW_TYPE_1",
            "_PYFUNC",
        ],
    ),
    ("RESUME", &["_QUICK"]),
    ("STORE_ATTR", &["_ADAPTIVE", "_INSTANCE_VALUE", "_SLOT", "_WITH_HINT"]),
    ("STORE_FAST", &["__LOAD_FAST", "__STORE_FAST"]),
    ("STORE_SUBSCR", &["_ADAPTIVE", "_DICT", "_LIST_INT"]),
    ("UNPACK_SEQUENCE", &["_ADAPTIVE", "_LIST", "_TUPLE", "_TWO_TUPLE"]),
];

const STATS: [&str; 6] = ["success", "failure", "hit", "deferred", "miss", "deopt"];

/// Everything that `__all__` lists.
const PUBLIC: [&str; 14] = [
    "cmp_op",
    "hasconst",
    "hasname",
    "hasjrel",
    "hasjabs",
    "haslocal",
    "hascompare",
    "hasfree",
    "opname",
    "opmap",
    "HAVE_ARGUMENT",
    "EXTENDED_ARG",
    "hasnargs",
    "stack_effect",
];

/// Fills the module.
pub(super) fn fill(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let real = |number: u8| {
        Opcode::from_u8(number).filter(|opcode| !opcode.is_pseudo() && *opcode != Opcode::CLASSIC)
    };
    let (mut opnames, opmap) = (Vec::new(), cx.new_dict());
    for number in 0..=255u8 {
        match real(number) {
            Some(opcode) => {
                opmap.set_str(cx, &cx.intern(opcode.name()), cx.new_int(i64::from(number)))?;
                opnames.push(cx.intern(opcode.name()).into_object());
            }
            None => opnames.push(cx.new_str(&format!("<{number}>")).into_object()),
        }
    }
    module.add(cx, "opname", cx.new_list(opnames)?.into_object())?;
    module.add(cx, "opmap", opmap.into_object())?;
    let listed = |wanted: &dyn Fn(u8, ArgKind) -> bool| -> PyResult {
        let numbers = (0..=255u8)
            .filter(|&number| real(number).is_some_and(|opcode| wanted(number, opcode.arg_kind())));
        Ok(cx.new_list(numbers.map(|number| cx.new_int(i64::from(number))).collect())?.into_object())
    };
    module.add(cx, "hasconst", listed(&|_, kind| kind == ArgKind::Const)?)?;
    module.add(cx, "hasname", listed(&|_, kind| kind == ArgKind::Name)?)?;
    module.add(cx, "hasjrel", listed(&|_, kind| matches!(kind, ArgKind::Jump | ArgKind::JumpBack))?)?;
    module.add(cx, "hasjabs", listed(&|_, _| false)?)?;
    module.add(cx, "haslocal", listed(&|_, kind| kind == ArgKind::Local)?)?;
    module.add(cx, "hascompare", listed(&|_, kind| kind == ArgKind::Compare)?)?;
    module.add(cx, "hasfree", listed(&|_, kind| kind == ArgKind::Deref)?)?;
    module.add(cx, "hasnargs", listed(&|_, _| false)?)?;
    module.add(cx, "HAVE_ARGUMENT", cx.new_int(i64::from(HAVE_ARGUMENT)))?;
    module.add(cx, "EXTENDED_ARG", cx.new_int(i64::from(op::EXTENDED_ARG)))?;
    let text = |text: &str| -> Ref { cx.intern(text).into_object() };
    let compare = COMPARE_OPERATORS.iter().map(|name| text(name)).collect();
    module.add(cx, "cmp_op", cx.new_tuple(compare).into_object())?;

    let operators = BINARY_OPERATORS.iter().enumerate().map(|(index, sign)| {
        let prefix = if index < OPERATOR_NAMES.len() { "NB_" } else { "NB_INPLACE_" };
        let name = format!("{prefix}{}", OPERATOR_NAMES[index % OPERATOR_NAMES.len()]);
        cx.new_tuple(vec![text(&name), text(sign)]).into_object()
    });
    module.add(cx, "_nb_ops", cx.new_list(operators.collect())?.into_object())?;
    let caches = cx.new_dict();
    for (name, fields) in CACHES {
        let format = cx.new_dict();
        for (field, size) in fields {
            format.set_str(cx, &cx.intern(field), cx.new_int(*size))?;
        }
        caches.set_str(cx, &cx.intern(name), format.into_object())?;
    }
    module.add(cx, "_cache_format", caches.into_object())?;
    let entries = (0..=255u8).map(|number| real(number).map_or(0, Opcode::caches));
    let entries = entries.map(|count| cx.new_int(count as i64)).collect();
    module.add(cx, "_inline_cache_entries", cx.new_list(entries)?.into_object())?;
    let (families, mut all) = (cx.new_dict(), Vec::new());
    for (name, ends) in QUICKENED {
        let family: Vec<Ref> = ends.iter().map(|end| text(&format!("{name}{end}"))).collect();
        all.extend(family.iter().cloned());
        families.set_str(cx, &cx.intern(name), cx.new_list(family)?.into_object())?;
    }
    module.add(cx, "_specializations", families.into_object())?;
    module.add(cx, "_specialized_instructions", cx.new_list(all)?.into_object())?;
    let stats = STATS.iter().map(|name| text(name)).collect();
    module.add(cx, "_specialization_stats", cx.new_list(stats)?.into_object())?;
    let effect = crate::vm::import::import_module(cx, "_opcode")?;
    module.add(cx, "stack_effect", cx.get_attr(&effect, &cx.intern("stack_effect"))?)?;
    let public = PUBLIC.iter().map(|name| text(name)).collect();
    module.add(cx, "__all__", cx.new_list(public)?.into_object())
}
