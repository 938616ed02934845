//! `_md5`, `_sha1`, `_sha256`, `_sha512`, `_sha3`, `_blake2`: hash objects over the published
//! implementations.

mod blake2;

use std::cell::RefCell;

use sha2::digest::{Digest, ExtendableOutput, Update as _, XofReader as _};

use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::args::bind;
use crate::objects::declare::TypeCell;
use crate::objects::module::ModuleObject;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{Args, ModuleSpec, PyResult, Slots, StrObject, TypeObject};
use crate::vm::Ctx;

pub use blake2::BLAKE2;

macro_rules! states {
    ($($variant:ident($ty:ty) = $name:literal, $block:literal, $size:literal;)*) => {
        /// A hash that is being computed.
        #[derive(Clone)]
        enum State {
            $($variant($ty),)*
            Shake128(sha3::Shake128),
            Shake256(sha3::Shake256),
        }

        impl State {
            fn update(&mut self, bytes: &[u8]) {
                match self {
                    $(State::$variant(state) => Digest::update(state, bytes),)*
                    State::Shake128(state) => state.update(bytes),
                    State::Shake256(state) => state.update(bytes),
                }
            }

            /// The digest so far; `length` is for those of any length.
            fn digest(&self, length: usize) -> Vec<u8> {
                match self.clone() {
                    $(State::$variant(state) => state.finalize().to_vec(),)*
                    State::Shake128(state) => {
                        let mut out = vec![0; length];
                        state.finalize_xof().read(&mut out);
                        out
                    }
                    State::Shake256(state) => {
                        let mut out = vec![0; length];
                        state.finalize_xof().read(&mut out);
                        out
                    }
                }
            }

            /// Name, bytes of a block, bytes of the digest (0 for any).
            fn facts(&self) -> (&'static str, usize, usize) {
                match self {
                    $(State::$variant(_) => ($name, $block, $size),)*
                    State::Shake128(_) => ("shake_128", 168, 0),
                    State::Shake256(_) => ("shake_256", 136, 0),
                }
            }
        }
    };
}

states! {
    Md5(md5::Md5) = "md5", 64, 16;
    Sha1(sha1::Sha1) = "sha1", 64, 20;
    Sha224(sha2::Sha224) = "sha224", 64, 28;
    Sha256(sha2::Sha256) = "sha256", 64, 32;
    Sha384(sha2::Sha384) = "sha384", 128, 48;
    Sha512(sha2::Sha512) = "sha512", 128, 64;
    Sha3x224(sha3::Sha3_224) = "sha3_224", 144, 28;
    Sha3x256(sha3::Sha3_256) = "sha3_256", 136, 32;
    Sha3x384(sha3::Sha3_384) = "sha3_384", 104, 48;
    Sha3x512(sha3::Sha3_512) = "sha3_512", 72, 64;
}

#[repr(C)]
struct Hasher {
    object: Object,
    state: RefCell<Option<Box<State>>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Hasher {}

fn this(object: &Object) -> &Hasher {
    // SAFETY: only methods and attributes of the hash types call this; they have no subclasses.
    unsafe { object.cast() }
}

/// Looks at or changes the state of a hash object.
fn with<R>(cx: Ctx, object: &Object, act: impl FnOnce(&mut State) -> R) -> PyResult<R> {
    match this(object).state.borrow_mut().as_deref_mut() {
        Some(state) => Ok(act(state)),
        None => Err(cx.system_error("a hash object without a state")),
    }
}

fn make(ty: &TypeObject, state: State) -> Ref {
    memory::new_ref(&ty.core, |object| Hasher { object, state: RefCell::new(Some(Box::new(state))) })
        .into_object()
}

/// The bytes to hash that a constructor was given.
fn first_bytes(cx: Ctx, name: &'static str, args: Args<'_>) -> PyResult<Vec<u8>> {
    let signature =
        Signature { name, params: &["string", "usedforsecurity"], required: 0, max_positional: 1 };
    let mut given = [None, None];
    bind(cx, &signature, args, &mut given)?;
    match &given[0] {
        None => Ok(Vec::new()),
        Some(value) => bytes_to_hash(cx, value),
    }
}

/// The bytes of an object to hash; text must be encoded first.
fn bytes_to_hash(cx: Ctx, value: &Object) -> PyResult<Vec<u8>> {
    if value.downcast::<StrObject>().is_some() {
        return Err(cx.type_error("Strings must be encoded before hashing"));
    }
    if value.ty().slots().as_bytes.is_none() {
        return Err(cx.type_error("object supporting the buffer API required"));
    }
    cx.with_bytes(value, <[u8]>::to_vec)
}

fn update(cx: Ctx, object: &Object, more: &Ref) -> PyResult {
    let more = bytes_to_hash(cx, more)?;
    with(cx, object, |state| state.update(&more))?;
    Ok(cx.none())
}

fn digest(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_bytes(&with(cx, object, |state| state.digest(0))?).into_object())
}

fn hexdigest(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_str(&hex(&with(cx, object, |state| state.digest(0))?)).into_object())
}

/// How many bytes a hash of any length shall give.
fn wanted_length(cx: Ctx, args: Args<'_>, name: &'static str) -> PyResult<usize> {
    let signature = Signature { name, params: &["length"], required: 1, max_positional: 1 };
    let mut given = [None];
    bind(cx, &signature, args, &mut given)?;
    let length = given[0].as_ref().map_or(Ok(0), |length| cx.to_i64(length))?;
    match usize::try_from(length) {
        Ok(length) if length < 1 << 29 => Ok(length),
        Ok(_) => Err(cx.value_error("length is too large")),
        Err(_) => Err(cx.value_error("value must be positive")),
    }
}

fn shake_digest(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let length = wanted_length(cx, args, "digest")?;
    Ok(cx.new_bytes(&with(cx, object, |state| state.digest(length))?).into_object())
}

fn shake_hexdigest(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let length = wanted_length(cx, args, "hexdigest")?;
    Ok(cx.new_str(&hex(&with(cx, object, |state| state.digest(length))?)).into_object())
}

/// Bytes in lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn copy(cx: Ctx, object: &Object) -> PyResult {
    let state = with(cx, object, |state| state.clone())?;
    Ok(make(object.ty(), state))
}

const UPDATE_DOC: &str =
    "update($self, obj, /)\n--\n\nUpdate this hash object's state with the provided string.";
const COPY_DOC: &str = "copy($self, /)\n--\n\nReturn a copy of the hash object.";

static METHODS: &[MethodDef] = &[
    MethodDef::no_args("copy", copy, COPY_DOC),
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
    MethodDef::one("update", update, UPDATE_DOC),
];

static SHAKE_METHODS: &[MethodDef] = &[
    MethodDef::no_args("copy", copy, COPY_DOC),
    MethodDef::keywords(
        "digest",
        shake_digest,
        "digest($self, length)\n--\n\nReturn the digest value as a bytes object.",
    ),
    MethodDef::keywords(
        "hexdigest",
        shake_hexdigest,
        "hexdigest($self, length)\n--\n\nReturn the digest value as a string of hexadecimal digits.",
    ),
    MethodDef::one("update", update, UPDATE_DOC),
];

static ATTRIBUTES: &[GetSetDef] = &[
    GetSetDef {
        name: "block_size",
        get: Some(|cx, object| Ok(cx.new_uint(with(cx, object, |state| state.facts().1)?))),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "name",
        get: Some(|cx, object| Ok(cx.new_str(with(cx, object, |state| state.facts().0)?).into_object())),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "digest_size",
        get: Some(|cx, object| Ok(cx.new_uint(with(cx, object, |state| state.facts().2)?))),
        set: None,
        doc: "",
    },
];

const fn spec(name: &'static str, slots: Slots, methods: &'static [MethodDef], basicsize: usize) -> TypeSpec {
    TypeSpec {
        name,
        layout: Layout::plain::<Hasher>(),
        basicsize,
        flags: if slots.new.is_some() { TypeFlags::NONE } else { TypeFlags::DISALLOW_INSTANTIATION },
        slots,
        methods,
        getset: ATTRIBUTES,
        dealloc: Some(memory::dealloc_as::<Hasher>),
        ..TypeSpec::EMPTY
    }
}

/// A module whose functions make hash objects of types that cannot be called.
macro_rules! by_function {
    ($module:ident = $module_name:literal: $($function:ident $cell:ident $spec:ident $name:literal $ty:literal $size:literal = $state:expr;)*) => {
        $(
            static $spec: TypeSpec = spec($ty, Slots::EMPTY, METHODS, $size);
            static $cell: TypeCell = TypeCell::new();
            fn $function(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
                let bytes = first_bytes(cx, $name, args)?;
                let mut state = $state;
                state.update(&bytes);
                Ok(make($cell.get(cx)?, state))
            }
        )*
        pub static $module: ModuleSpec = ModuleSpec {
            name: $module_name,
            doc: None,
            functions: &[$(MethodDef::keywords(
                $name,
                $function,
                concat!($name, "($module, /, string=b\'\', *, usedforsecurity=True)\n--\n\nReturn a new hash object."),
            ),)*],
            exec: Some(|cx, _| {
                $($cell.set(crate::objects::type_::ready::new_static_type(cx, &$spec)?);)*
                Ok(())
            }),
        };
    };
}

by_function! { MD5 = "_md5":
    new_md5 MD5_CELL MD5_TYPE "md5" "_md5.md5" 112 = State::Md5(Default::default());
}
by_function! { SHA1 = "_sha1":
    new_sha1 SHA1_CELL SHA1_TYPE "sha1" "_sha1.sha1" 112 = State::Sha1(Default::default());
}
by_function! { SHA256 = "_sha256":
    new_sha224 SHA224_CELL SHA224_TYPE "sha224" "_sha256.sha224" 128 = State::Sha224(Default::default());
    new_sha256 SHA256_CELL SHA256_TYPE "sha256" "_sha256.sha256" 128 = State::Sha256(Default::default());
}
by_function! { SHA512 = "_sha512":
    new_sha384 SHA384_CELL SHA384_TYPE "sha384" "_sha512.sha384" 232 = State::Sha384(Default::default());
    new_sha512 SHA512_CELL SHA512_TYPE "sha512" "_sha512.sha512" 232 = State::Sha512(Default::default());
}

/// The types of `_sha3`, which are called themselves.
macro_rules! by_type {
    ($($new:ident $spec:ident $name:literal $ty:literal $methods:ident = $state:expr;)*) => {
        $(
            fn $new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
                let signature = Signature { name: $name, params: &["", "usedforsecurity"], required: 0, max_positional: 1 };
                let mut given = [None, None];
                bind(cx, &signature, args, &mut given)?;
                let mut state = $state;
                if let Some(value) = &given[0] {
                    state.update(&bytes_to_hash(cx, value)?);
                }
                Ok(make(ty, state))
            }
            static $spec: TypeSpec = spec($ty, Slots { new: Some($new), ..Slots::EMPTY }, $methods, 232);
        )*
        fn sha3_exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
            module.add(cx, "implementation", cx.new_str("generic 64-bit optimized implementation (lane complementing, all rounds unrolled)").into_object())?;
            $(module.add(cx, $name, crate::objects::type_::ready::new_static_type(cx, &$spec)?.to_object())?;)*
            Ok(())
        }
    };
}

by_type! {
    sha3_224 SHA3_224 "sha3_224" "_sha3.sha3_224" METHODS = State::Sha3x224(Default::default());
    sha3_256 SHA3_256 "sha3_256" "_sha3.sha3_256" METHODS = State::Sha3x256(Default::default());
    sha3_384 SHA3_384 "sha3_384" "_sha3.sha3_384" METHODS = State::Sha3x384(Default::default());
    sha3_512 SHA3_512 "sha3_512" "_sha3.sha3_512" METHODS = State::Sha3x512(Default::default());
    shake_128 SHAKE_128 "shake_128" "_sha3.shake_128" SHAKE_METHODS = State::Shake128(Default::default());
    shake_256 SHAKE_256 "shake_256" "_sha3.shake_256" SHAKE_METHODS = State::Shake256(Default::default());
}

pub static SHA3: ModuleSpec = ModuleSpec { name: "_sha3", doc: None, functions: &[], exec: Some(sha3_exec) };
