//! How a native type or function is declared: plain tables, one per type, found by search.

use super::slots::{Args, PyResult, Slots};
use super::{StrObject, TypeObject};
use crate::memory::object::{ClearFn, DeallocFn, PreHeader, TraverseFn};
use crate::memory::{Object, Ref};
use crate::vm::Ctx;

/// A native function by calling convention; the interpreter checks counts and keywords with
/// CPython's messages before it calls.
#[derive(Clone, Copy)]
pub enum NativeFn {
    /// `METH_NOARGS`: the receiver (or module) only.
    NoArgs(fn(Ctx, &Object) -> PyResult),
    /// `METH_O`: receiver and one positional argument.
    One(fn(Ctx, &Object, &Ref) -> PyResult),
    /// `METH_FASTCALL`: positional arguments only, any number.
    Fast(fn(Ctx, &Object, &[Ref]) -> PyResult),
    /// `METH_FASTCALL | METH_KEYWORDS`.
    Keywords(fn(Ctx, &Object, Args<'_>) -> PyResult),
    /// `METH_VARARGS`: as `Fast`, with a tuple that holds the arguments.
    Varargs(fn(Ctx, &Object, &[Ref]) -> PyResult),
    /// `METH_VARARGS | METH_KEYWORDS`: as `Keywords`, with a tuple and a dict that hold them.
    VarargsKeywords(fn(Ctx, &Object, Args<'_>) -> PyResult),
}

impl NativeFn {
    /// Whether CPython hands the arguments over in a tuple.
    pub fn is_varargs(&self) -> bool {
        matches!(self, NativeFn::Varargs(_) | NativeFn::VarargsKeywords(_))
    }
}

/// How a native method binds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binding {
    Instance,
    /// `METH_CLASS`: the receiver is the type.
    Class,
    /// `METH_STATIC`: the receiver is ignored.
    Static,
    /// Replaces the wrapper of a slot of the same name (`METH_COEXIST`).
    Coexist,
}

/// A native method or module function.
pub struct MethodDef {
    pub name: &'static str,
    pub function: NativeFn,
    pub binding: Binding,
    /// Documentation. A first line like `append($self, object, /)` followed by `\n--\n\n` is the
    /// text signature and is not part of `__doc__` (as in CPython).
    pub doc: &'static str,
}

impl MethodDef {
    pub const fn no_args(name: &'static str, f: fn(Ctx, &Object) -> PyResult, doc: &'static str) -> Self {
        MethodDef { name, function: NativeFn::NoArgs(f), binding: Binding::Instance, doc }
    }
    pub const fn one(name: &'static str, f: fn(Ctx, &Object, &Ref) -> PyResult, doc: &'static str) -> Self {
        MethodDef { name, function: NativeFn::One(f), binding: Binding::Instance, doc }
    }
    pub const fn fast(
        name: &'static str,
        f: fn(Ctx, &Object, &[Ref]) -> PyResult,
        doc: &'static str,
    ) -> Self {
        MethodDef { name, function: NativeFn::Fast(f), binding: Binding::Instance, doc }
    }
    pub const fn varargs(
        name: &'static str,
        f: fn(Ctx, &Object, &[Ref]) -> PyResult,
        doc: &'static str,
    ) -> Self {
        MethodDef { name, function: NativeFn::Varargs(f), binding: Binding::Instance, doc }
    }
    pub const fn varargs_keywords(
        name: &'static str,
        f: fn(Ctx, &Object, Args<'_>) -> PyResult,
        doc: &'static str,
    ) -> Self {
        MethodDef { name, function: NativeFn::VarargsKeywords(f), binding: Binding::Instance, doc }
    }
    pub const fn keywords(
        name: &'static str,
        f: fn(Ctx, &Object, Args<'_>) -> PyResult,
        doc: &'static str,
    ) -> Self {
        MethodDef { name, function: NativeFn::Keywords(f), binding: Binding::Instance, doc }
    }
    pub const fn class(mut self) -> Self {
        self.binding = Binding::Class;
        self
    }
    pub const fn static_(mut self) -> Self {
        self.binding = Binding::Static;
        self
    }
    pub const fn coexist(mut self) -> Self {
        self.binding = Binding::Coexist;
        self
    }
}

/// A computed attribute.
pub struct GetSetDef {
    pub name: &'static str,
    pub get: Option<fn(Ctx, &Object) -> PyResult>,
    /// `None` deletes.
    pub set: Option<fn(Ctx, &Object, Option<&Object>) -> PyResult<()>>,
    pub doc: &'static str,
}

/// A plain field shown as an attribute (a `member_descriptor`): read through `get`.
pub struct MemberDef {
    pub name: &'static str,
    pub get: fn(Ctx, &Object) -> PyResult,
    pub set: Option<fn(Ctx, &Object, Option<&Object>) -> PyResult<()>>,
    pub doc: &'static str,
}

/// Everything the interpreter needs to make a built-in (static) type.
pub struct TypeSpec {
    /// `tp_name`, with the module before the last dot unless it is `builtins`.
    pub name: &'static str,
    pub doc: Option<&'static str>,
    /// Real layout: `size_of` the struct, bytes per inline item, pre-header.
    pub layout: Layout,
    /// The numbers that `__basicsize__` and `__itemsize__` show: CPython 3.11's.
    pub basicsize: usize,
    pub itemsize: usize,
    pub flags: TypeFlags,
    /// The base type; `None` means `object`.
    pub base: Option<fn(&super::Types) -> &TypeObject>,
    pub slots: Slots,
    pub methods: &'static [MethodDef],
    pub members: &'static [MemberDef],
    pub getset: &'static [GetSetDef],
    pub dealloc: Option<DeallocFn>,
    pub traverse: Option<TraverseFn>,
    /// Instead of `traverse` where the collector does not know the type: shows what an object owns, for audits.
    pub owned: Option<TraverseFn>,
    pub clear: Option<ClearFn>,
    pub finalize: Option<fn(&Object)>,
    /// CPython's trashcan covers this type's dealloc.
    pub trashcan: bool,
    /// For the collector: untrack if nothing inside can be part of a cycle.
    pub maybe_untrack: Option<fn(&Object)>,
}

/// Real memory layout of a type's instances.
#[derive(Clone, Copy)]
pub struct Layout {
    pub size: usize,
    pub item_size: usize,
    pub pre_header: PreHeader,
    /// Byte offset of the weak reference list head (`Cell<*mut WeakRefCore>`-sized word), 0 for none.
    pub weaklist: usize,
    /// Byte offset of the instance dict slot (`Slot<DictObject>`), 0 for none.
    pub dict: usize,
}

impl Layout {
    pub const fn plain<T>() -> Self {
        Layout { size: size_of::<T>(), item_size: 0, pre_header: PreHeader::Plain, weaklist: 0, dict: 0 }
    }
    pub const fn gc<T>() -> Self {
        Layout { size: size_of::<T>(), item_size: 0, pre_header: PreHeader::Gc, weaklist: 0, dict: 0 }
    }
    pub const fn items(mut self, item_size: usize) -> Self {
        self.item_size = item_size;
        self
    }
    pub const fn weaklist(mut self, offset: usize) -> Self {
        self.weaklist = offset;
        self
    }
    pub const fn dict(mut self, offset: usize) -> Self {
        self.dict = offset;
        self
    }
}

/// `tp_flags` as far as they mean something here; values are CPython 3.11's, so that
/// `type.__flags__` is right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypeFlags(pub u64);

impl TypeFlags {
    pub const NONE: Self = TypeFlags(0);
    pub const MANAGED_DICT: Self = TypeFlags(1 << 4);
    pub const SEQUENCE: Self = TypeFlags(1 << 5);
    pub const MAPPING: Self = TypeFlags(1 << 6);
    pub const DISALLOW_INSTANTIATION: Self = TypeFlags(1 << 7);
    pub const IMMUTABLETYPE: Self = TypeFlags(1 << 8);
    pub const HEAPTYPE: Self = TypeFlags(1 << 9);
    pub const BASETYPE: Self = TypeFlags(1 << 10);
    pub const HAVE_VECTORCALL: Self = TypeFlags(1 << 11);
    pub const READY: Self = TypeFlags(1 << 12);
    pub const HAVE_GC: Self = TypeFlags(1 << 14);
    pub const METHOD_DESCRIPTOR: Self = TypeFlags(1 << 17);
    pub const VALID_VERSION_TAG: Self = TypeFlags(1 << 19);
    pub const IS_ABSTRACT: Self = TypeFlags(1 << 20);
    pub const MATCH_SELF: Self = TypeFlags(1 << 22);
    pub const LONG_SUBCLASS: Self = TypeFlags(1 << 24);
    pub const LIST_SUBCLASS: Self = TypeFlags(1 << 25);
    pub const TUPLE_SUBCLASS: Self = TypeFlags(1 << 26);
    pub const BYTES_SUBCLASS: Self = TypeFlags(1 << 27);
    pub const UNICODE_SUBCLASS: Self = TypeFlags(1 << 28);
    pub const DICT_SUBCLASS: Self = TypeFlags(1 << 29);
    pub const BASE_EXC_SUBCLASS: Self = TypeFlags(1 << 30);
    pub const TYPE_SUBCLASS: Self = TypeFlags(1 << 31);
    // Ours; `__flags__` shows the lower 32 bits only.
    /// Instances may have inline values in their managed words.
    pub const INLINE_VALUES: Self = TypeFlags(1 << 33);
    /// Instances with managed words have a dict (slots-only classes and `str` ones may not).
    pub const HAS_DICT: Self = TypeFlags(1 << 34);
    /// Calling the type itself takes no argument tuple (`tp_vectorcall`).
    pub const VECTORCALL_TYPE: Self = TypeFlags(1 << 36);
    /// The MRO is not made of bases alone: lookups cannot be cached.
    pub const NO_VERSION: Self = TypeFlags(1 << 35);

    pub const fn with(self, other: Self) -> Self {
        TypeFlags(self.0 | other.0)
    }
    pub const fn without(self, other: Self) -> Self {
        TypeFlags(self.0 & !other.0)
    }
    #[inline(always)]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl TypeSpec {
    /// The base for `TypeSpec { name: ..., ..TypeSpec::EMPTY }`. Not instantiable on its own.
    pub const EMPTY: TypeSpec = TypeSpec {
        name: "",
        doc: None,
        layout: Layout { size: 16, item_size: 0, pre_header: PreHeader::Plain, weaklist: 0, dict: 0 },
        basicsize: 16,
        itemsize: 0,
        flags: TypeFlags::NONE,
        base: None,
        slots: Slots::EMPTY,
        methods: &[],
        members: &[],
        getset: &[],
        dealloc: None,
        traverse: None,
        owned: None,
        clear: None,
        finalize: None,
        trashcan: false,
        maybe_untrack: None,
    };
}

/// A native module: name, doc, functions, and a hook that adds constants and types.
pub struct ModuleSpec {
    pub name: &'static str,
    pub doc: Option<&'static str>,
    pub functions: &'static [MethodDef],
    /// Adds everything that is not a function. The module is the second argument.
    pub exec: Option<fn(Ctx, &super::module::ModuleObject) -> PyResult<()>>,
}

/// Signature of an argument list for [`Args::bind`]-like parsing: see `objects/args.rs`.
pub struct Signature {
    /// Function name for messages.
    pub name: &'static str,
    /// All parameter names; positional-only ones are "".
    pub params: &'static [&'static str],
    /// How many of `params` must be given.
    pub required: usize,
    /// How many may be given by position (the rest are keyword-only).
    pub max_positional: usize,
}

/// A keyword name, for messages.
pub fn keyword_text(name: &StrObject) -> String {
    name.to_string_lossy()
}
