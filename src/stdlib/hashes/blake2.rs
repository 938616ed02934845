//! `_blake2`: BLAKE2b and BLAKE2s with all their parameters.

use std::cell::RefCell;

use super::{bytes_to_hash, hex};
use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::args::bind;
use crate::objects::module::ModuleObject;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeSpec};
use crate::objects::{Args, ModuleSpec, PyResult, Slots, TypeObject};
use crate::vm::Ctx;

#[derive(Clone)]
enum State {
    B(blake2b_simd::State, usize),
    S(blake2s_simd::State, usize),
}

#[repr(C)]
struct Blake2 {
    object: Object,
    state: RefCell<Option<Box<State>>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Blake2 {}

fn with<R>(cx: Ctx, object: &Object, act: impl FnOnce(&mut State) -> R) -> PyResult<R> {
    // SAFETY: only methods and attributes of the two types call this; they have no subclasses.
    let this: &Blake2 = unsafe { object.cast() };
    match this.state.borrow_mut().as_deref_mut() {
        Some(state) => Ok(act(state)),
        None => Err(cx.system_error("a hash object without a state")),
    }
}

/// What distinguishes the two: sizes in bytes.
struct Kind {
    name: &'static str,
    digest: usize,
    key: usize,
    salt: usize,
    offset: u64,
}

const B: Kind = Kind { name: "blake2b", digest: 64, key: 64, salt: 16, offset: u64::MAX };
const S: Kind = Kind { name: "blake2s", digest: 32, key: 32, salt: 8, offset: (1 << 48) - 1 };

struct Given {
    data: Vec<u8>,
    digest: usize,
    key: Vec<u8>,
    salt: Vec<u8>,
    person: Vec<u8>,
    fanout: u8,
    depth: u8,
    leaf: u32,
    offset: u64,
    node_depth: u8,
    inner: usize,
    last: bool,
}

fn parameters(cx: Ctx, kind: &Kind, args: Args<'_>) -> PyResult<Given> {
    let signature = Signature {
        name: kind.name,
        params: &[
            "",
            "digest_size",
            "key",
            "salt",
            "person",
            "fanout",
            "depth",
            "leaf_size",
            "node_offset",
            "node_depth",
            "inner_size",
            "last_node",
            "usedforsecurity",
        ],
        required: 0,
        max_positional: 1,
    };
    let mut given: [Option<Ref>; 13] = Default::default();
    bind(cx, &signature, args, &mut given)?;
    let number =
        |index: usize, default: i64| given[index].as_ref().map_or(Ok(default), |value| cx.to_i64(value));
    let bytes = |index: usize, most: usize, what: &str| -> PyResult<Vec<u8>> {
        let Some(value) = &given[index] else { return Ok(Vec::new()) };
        let bytes = cx.with_bytes(value, <[u8]>::to_vec)?;
        if bytes.len() > most {
            return Err(cx.value_error(format_args!("maximum {what} length is {most} bytes")));
        }
        Ok(bytes)
    };
    let data = given[0].as_ref().map_or(Ok(Vec::new()), |value| bytes_to_hash(cx, value))?;
    let digest = number(1, kind.digest as i64)?;
    if digest <= 0 || digest > kind.digest as i64 {
        return Err(cx.value_error(format_args!(
            "digest_size for {} must be between 1 and {} bytes, here it is {digest}",
            if kind.digest == 64 { "Blake2b" } else { "Blake2s" },
            kind.digest
        )));
    }
    let salt = bytes(3, kind.salt, "salt")?;
    let person = bytes(4, kind.salt, "person")?;
    let within = |index: usize, default: i64, low: i64, high: i64, message: &str| -> PyResult<i64> {
        let value = number(index, default)?;
        if (low..=high).contains(&value) { Ok(value) } else { Err(cx.value_error(message)) }
    };
    let fanout = within(5, 1, 0, 255, "fanout must be between 0 and 255")? as u8;
    let depth = within(6, 1, 1, 255, "depth must be between 1 and 255")? as u8;
    let leaf = match given[7].as_ref() {
        None => 0,
        Some(value) => u32::try_from(&cx.index(value)?.to_bigint())
            .map_err(|_| cx.overflow_error("leaf_size is too large"))?,
    };
    let offset = match given[8].as_ref() {
        None => 0,
        Some(value) => {
            let value = cx.index(value)?.to_bigint();
            u64::try_from(&value).ok().filter(|offset| *offset <= kind.offset).ok_or_else(|| {
                if value.sign() == num_bigint::Sign::Minus {
                    cx.value_error("value must be positive")
                } else {
                    cx.overflow_error("node_offset is too large")
                }
            })?
        }
    };
    let node_depth = within(9, 0, 0, 255, "node_depth must be between 0 and 255")? as u8;
    let inner_message = format!("inner_size must be between 0 and is {}", kind.digest);
    let inner = within(10, 0, 0, kind.digest as i64, &inner_message)? as usize;
    let last = given[11].as_ref().map_or(Ok(false), |value| cx.is_true(value))?;
    let key = bytes(2, kind.key, "key")?;
    Ok(Given {
        data,
        digest: digest as usize,
        key,
        salt,
        person,
        fanout,
        depth,
        leaf,
        offset,
        node_depth,
        inner,
        last,
    })
}

macro_rules! start {
    ($variant:ident, $krate:ident, $given:ident) => {{
        let state = $krate::Params::new()
            .hash_length($given.digest)
            .key(&$given.key)
            .salt(&$given.salt)
            .personal(&$given.person)
            .fanout($given.fanout)
            .max_depth($given.depth)
            .max_leaf_length($given.leaf)
            .node_offset($given.offset)
            .node_depth($given.node_depth)
            .inner_hash_length($given.inner)
            .last_node($given.last)
            .to_state();
        State::$variant(state, $given.digest)
    }};
}

impl State {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            State::B(state, _) => drop(state.update(bytes)),
            State::S(state, _) => drop(state.update(bytes)),
        }
    }

    fn digest(&self) -> Vec<u8> {
        match self {
            State::B(state, _) => state.finalize().as_bytes().to_vec(),
            State::S(state, _) => state.finalize().as_bytes().to_vec(),
        }
    }
}

fn make(ty: &TypeObject, state: State) -> Ref {
    memory::new_ref(&ty.core, |object| Blake2 { object, state: RefCell::new(Some(Box::new(state))) })
        .into_object()
}

fn new_b(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let given = parameters(cx, &B, args)?;
    let mut state = start!(B, blake2b_simd, given);
    state.update(&given.data);
    Ok(make(ty, state))
}

fn new_s(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let given = parameters(cx, &S, args)?;
    let mut state = start!(S, blake2s_simd, given);
    state.update(&given.data);
    Ok(make(ty, state))
}

fn update(cx: Ctx, object: &Object, more: &Ref) -> PyResult {
    let more = bytes_to_hash(cx, more)?;
    with(cx, object, |state| state.update(&more))?;
    Ok(cx.none())
}

fn digest(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_bytes(&with(cx, object, |state| state.digest())?).into_object())
}

fn hexdigest(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_str(&hex(&with(cx, object, |state| state.digest())?)).into_object())
}

fn copy(cx: Ctx, object: &Object) -> PyResult {
    let state = with(cx, object, |state| state.clone())?;
    Ok(make(object.ty(), state))
}

static METHODS: &[MethodDef] = &[
    MethodDef::no_args("copy", copy, "copy($self, /)\n--\n\nReturn a copy of the hash object."),
    MethodDef::no_args(
        "digest",
        digest,
        "digest($self, /)\n--\n\nReturn the digest value as a bytes object.",
    ),
    MethodDef::no_args(
        "hexdigest",
        hexdigest,
        "hexdigest($self, /)\n--\n\nReturn the digest value as a string of hexadecimal digits.",
    ),
    MethodDef::one(
        "update",
        update,
        "update($self, data, /)\n--\n\nUpdate this hash object's state with the provided bytes-like object.",
    ),
];

fn is_b(cx: Ctx, object: &Object) -> PyResult<bool> {
    with(cx, object, |state| matches!(state, State::B(..)))
}

static ATTRIBUTES: &[GetSetDef] = &[
    GetSetDef {
        name: "name",
        get: Some(|cx, object| {
            let name = if is_b(cx, object)? { B.name } else { S.name };
            Ok(cx.new_str(name).into_object())
        }),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "block_size",
        get: Some(|cx, object| Ok(cx.new_int(if is_b(cx, object)? { 128 } else { 64 }))),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "digest_size",
        get: Some(|cx, object| {
            Ok(cx.new_uint(with(cx, object, |state| match state {
                State::B(_, size) | State::S(_, size) => *size,
            })?))
        }),
        set: None,
        doc: "",
    },
];

const fn spec(name: &'static str, slots: Slots, basicsize: usize) -> TypeSpec {
    TypeSpec {
        name,
        layout: Layout::plain::<Blake2>(),
        basicsize,
        slots,
        methods: METHODS,
        getset: ATTRIBUTES,
        dealloc: Some(memory::dealloc_as::<Blake2>),
        ..TypeSpec::EMPTY
    }
}

static BLAKE2B: TypeSpec = spec("_blake2.blake2b", Slots { new: Some(new_b), ..Slots::EMPTY }, 352);
static BLAKE2S: TypeSpec = spec("_blake2.blake2s", Slots { new: Some(new_s), ..Slots::EMPTY }, 208);

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    for (kind, spec, upper) in [(&B, &BLAKE2B, "BLAKE2B"), (&S, &BLAKE2S, "BLAKE2S")] {
        let ty = crate::objects::type_::ready::new_static_type(cx, spec)?;
        module.add(cx, kind.name, ty.to_object())?;
        for (what, size) in [
            ("SALT_SIZE", kind.salt),
            ("PERSON_SIZE", kind.salt),
            ("MAX_KEY_SIZE", kind.key),
            ("MAX_DIGEST_SIZE", kind.digest),
        ] {
            if let Some(dict) = ty.dict.peek() {
                dict.set_str(cx, &cx.intern(what), cx.new_uint(size))?;
            }
            module.add(cx, &format!("{upper}_{what}"), cx.new_uint(size))?;
        }
    }
    Ok(())
}

pub static BLAKE2: ModuleSpec = ModuleSpec {
    name: "_blake2",
    doc: Some("_blake2b provides BLAKE2b for hashlib\n"),
    functions: &[],
    exec: Some(exec),
};
