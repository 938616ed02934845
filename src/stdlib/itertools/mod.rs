//! `itertools`: lazy iterators, each a file's worth of like things.

mod combinatoric;
mod grouping;
mod infinite;
mod selecting;
mod teeing;

use crate::memory::dealloc_as;
use crate::objects::declare::{self, TypeCell};
use crate::objects::iterators::common;
use crate::objects::module::ModuleObject;
use crate::objects::slots::{NewFn, NextFn};
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::{MethodDef, ModuleSpec, PyResult, TypeFlags};
use crate::vm::Ctx;

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "itertools",
    doc: Some(
        "Building blocks for iterators.\n\n\
         Endless: count, cycle, repeat.\n\n\
         Ending with the shortest input: accumulate, chain, chain.from_iterable, compress,\n\
         dropwhile, filterfalse, groupby, islice, pairwise, starmap, takewhile, tee, zip_longest.\n\n\
         Choosing: product, permutations, combinations, combinations_with_replacement.",
    ),
    functions: &[MethodDef::fast(
        "tee",
        teeing::tee,
        "tee($module, iterable, n=2, /)\n--\n\nA tuple of n iterators over the items of one.",
    )],
    exec: Some(exec),
};

static CHAIN: TypeCell = TypeCell::new();
static ISLICE: TypeCell = TypeCell::new();
static GROUPBY: TypeCell = TypeCell::new();
static GROUPER: TypeCell = TypeCell::new();
static TEE: TypeCell = TypeCell::new();
static TEE_DATA: TypeCell = TypeCell::new();

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    declare::add_types(
        cx,
        module,
        &[
            (&infinite::ACCUMULATE, None),
            (&combinatoric::COMBINATIONS, None),
            (&combinatoric::COMBINATIONS_WITH_REPLACEMENT, None),
            (&infinite::CYCLE, None),
            (&selecting::DROPWHILE, None),
            (&selecting::TAKEWHILE, None),
            (&selecting::ISLICE, Some(&ISLICE)),
            (&selecting::STARMAP, None),
            (&grouping::CHAIN, Some(&CHAIN)),
            (&selecting::COMPRESS, None),
            (&selecting::FILTERFALSE, None),
            (&infinite::COUNT, None),
            (&grouping::ZIP_LONGEST, None),
            (&grouping::PAIRWISE, None),
            (&combinatoric::PERMUTATIONS, None),
            (&combinatoric::PRODUCT, None),
            (&infinite::REPEAT, None),
            (&grouping::GROUPBY, Some(&GROUPBY)),
            (&grouping::GROUPER, Some(&GROUPER)),
            (&teeing::TEE, Some(&TEE)),
            (&teeing::TEE_DATA, Some(&TEE_DATA)),
        ],
    )
}

/// The spec of an iterator type with layout `T`.
const fn spec<T: crate::memory::Layout>(
    name: &'static str,
    basicsize: usize,
    doc: &'static str,
    new: NewFn,
    next: NextFn,
    methods: &'static [MethodDef],
) -> TypeSpec {
    let mut spec = TypeSpec::EMPTY;
    spec.name = name;
    spec.doc = Some(doc);
    spec.layout = Layout::gc::<T>();
    spec.basicsize = basicsize;
    spec.flags = TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC);
    spec.slots.new = Some(new);
    spec.slots.iter = Some(common::iter_self);
    spec.slots.iternext = Some(next);
    spec.methods = methods;
    spec.dealloc = Some(dealloc_as::<T>);
    spec
}
