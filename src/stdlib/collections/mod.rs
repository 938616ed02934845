//! `_collections`: the native core of `collections`.

mod counting;
mod defaultdict;
mod deque;
mod deque_iter;
mod ordered;
mod tuplegetter;

use crate::objects::declare::{self, TypeCell};
use crate::objects::module::ModuleObject;
use crate::objects::{MethodDef, ModuleSpec, PyResult};
use crate::vm::Ctx;

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_collections",
    doc: Some(
        "High performance data structures.\n- deque: a double-ended queue\n- defaultdict: a dict that makes missing values",
    ),
    functions: &[MethodDef::fast(
        "_count_elements",
        counting::count_elements,
        "_count_elements($module, mapping, iterable, /)\n--\n\nCounts the elements of the iterable in the mapping.",
    )],
    exec: Some(exec),
};

static DEQUE: TypeCell = TypeCell::new();
static DEQUE_ITERATOR: TypeCell = TypeCell::new();
static DEQUE_REVERSE_ITERATOR: TypeCell = TypeCell::new();
static DEFAULTDICT: TypeCell = TypeCell::new();

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    ordered::make_hidden_types(cx)?;
    declare::add_types(
        cx,
        module,
        &[
            (&deque::SPEC, Some(&DEQUE)),
            (&defaultdict::SPEC, Some(&DEFAULTDICT)),
            (&ordered::SPEC, Some(&ordered::TYPE)),
            (&deque_iter::SPEC, Some(&DEQUE_ITERATOR)),
            (&deque_iter::REVERSE_SPEC, Some(&DEQUE_REVERSE_ITERATOR)),
            (&tuplegetter::SPEC, None),
        ],
    )
}
