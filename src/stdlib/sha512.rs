//! `_sha512`: the hash that `random` seeds with.

use std::cell::RefCell;

use crate::memory::{self, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::module::ModuleObject;
use crate::objects::native_type::NativeType;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{Args, ModuleSpec, PyResult};
use crate::vm::Ctx;

/// The first 64 bits of the fractional part of a root of a prime: `cube` or square.
fn root_fraction(prime: u64, cube: bool) -> u64 {
    // The integer root of prime * 2^(128 or 192), whose lower 64 bits are the fraction.
    use num_bigint::BigUint;
    let scaled: BigUint = BigUint::from(prime) << if cube { 192 } else { 128 };
    let root = if cube { scaled.cbrt() } else { scaled.sqrt() };
    root.iter_u64_digits().next().unwrap_or(0)
}

struct Constants {
    start: [u64; 8],
    round: [u64; 80],
}

fn constants() -> &'static Constants {
    static MADE: std::sync::OnceLock<Constants> = std::sync::OnceLock::new();
    MADE.get_or_init(|| {
        let primes: Vec<u64> = (2..)
            .filter(|n: &u64| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d)))
            .take(80)
            .collect();
        Constants {
            start: std::array::from_fn(|i| root_fraction(primes[i], false)),
            round: std::array::from_fn(|i| root_fraction(primes[i], true)),
        }
    })
}

/// SHA-512 of the bytes.
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    let constants = constants();
    let mut state = constants.start;
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 128 != 112 {
        padded.push(0);
    }
    padded.extend((bytes.len() as u128 * 8).to_be_bytes());
    for block in padded.chunks_exact(128) {
        let mut w = [0u64; 80];
        for (word, chunk) in w.iter_mut().zip(block.chunks_exact(8)) {
            *word = chunk.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        }
        for i in 16..80 {
            let (a, b) = (w[i - 15], w[i - 2]);
            let small = a.rotate_right(1) ^ a.rotate_right(8) ^ (a >> 7);
            let large = b.rotate_right(19) ^ b.rotate_right(61) ^ (b >> 6);
            w[i] = w[i - 16].wrapping_add(small).wrapping_add(w[i - 7]).wrapping_add(large);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for i in 0..80 {
            let sum = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
            let choice = (e & f) ^ (!e & g);
            let first =
                h.wrapping_add(sum).wrapping_add(choice).wrapping_add(constants.round[i]).wrapping_add(w[i]);
            let sum = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
            let second = sum.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(second));
        }
        for (word, value) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(value);
        }
    }
    let mut out = [0; 64];
    out.chunks_exact_mut(8).zip(state).for_each(|(to, word)| to.copy_from_slice(&word.to_be_bytes()));
    out
}

#[repr(C)]
struct Hasher {
    object: Object,
    bytes: RefCell<Vec<u8>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Hasher {}

static TYPE: NativeType = NativeType::new(&HASHER);

fn this(object: &Object) -> &Hasher {
    // SAFETY: only methods and attributes of this type call this; it has no subclasses.
    unsafe { object.cast() }
}

fn make(cx: Ctx, bytes: Vec<u8>) -> PyResult {
    let made = memory::new_ref(&TYPE.get(cx)?.core, |object| Hasher { object, bytes: RefCell::new(bytes) });
    Ok(made.into_object())
}

fn new_sha512(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    check_count(cx, "sha512", args.pos(), 0, 1)?;
    let given = args.pos().first().map(|value| cx.with_bytes(value, <[u8]>::to_vec)).transpose()?;
    make(cx, given.unwrap_or_default())
}

fn update(cx: Ctx, object: &Object, more: &Ref) -> PyResult {
    let more = cx.with_bytes(more, <[u8]>::to_vec)?;
    this(object).bytes.borrow_mut().extend(more);
    Ok(cx.none())
}

fn digest(cx: Ctx, object: &Object) -> PyResult {
    let digest = sha512(&this(object).bytes.borrow());
    Ok(cx.new_bytes(&digest).into_object())
}

fn hexdigest(cx: Ctx, object: &Object) -> PyResult {
    let digest = sha512(&this(object).bytes.borrow());
    let text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(cx.new_str(&text).into_object())
}

fn copy(cx: Ctx, object: &Object) -> PyResult {
    let bytes = this(object).bytes.borrow().clone();
    make(cx, bytes)
}

static HASHER: TypeSpec = TypeSpec {
    name: "_sha512.sha512",
    layout: Layout::plain::<Hasher>(),
    basicsize: 232,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    methods: &[
        MethodDef::no_args("copy", copy, "copy($self, /)\n--\n\nA copy of the hash object."),
        MethodDef::no_args("digest", digest, "digest($self, /)\n--\n\nThe digest as bytes."),
        MethodDef::no_args(
            "hexdigest",
            hexdigest,
            "hexdigest($self, /)\n--\n\nThe digest in hexadecimal digits.",
        ),
        MethodDef::one("update", update, "update($self, obj, /)\n--\n\nHashes more bytes."),
    ],
    getset: &[
        GetSetDef { name: "block_size", get: Some(|cx, _| Ok(cx.new_int(128))), set: None, doc: "" },
        GetSetDef { name: "digest_size", get: Some(|cx, _| Ok(cx.new_int(64))), set: None, doc: "" },
        GetSetDef {
            name: "name",
            get: Some(|cx, _| Ok(cx.new_str("sha512").into_object())),
            set: None,
            doc: "",
        },
    ],
    dealloc: Some(memory::dealloc_as::<Hasher>),
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, _: &ModuleObject) -> PyResult<()> {
    TYPE.make(cx).map(drop)
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_sha512",
    doc: None,
    functions: &[MethodDef::keywords(
        "sha512",
        new_sha512,
        "sha512($module, /, string=b\'\', *, usedforsecurity=True)\n--\n\nA new SHA-512 hash object.",
    )],
    exec: Some(exec),
};

#[cfg(test)]
mod tests {
    #[test]
    fn a_known_digest() {
        let digest = super::sha512(b"abc");
        assert_eq!(digest[..8], [0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba]);
        assert_eq!(digest[60..], [0xa5, 0x4c, 0xa4, 0x9f]);
    }
}
