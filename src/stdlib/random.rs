//! `_random`: the Mersenne twister, so that a seed gives the numbers it gives everywhere.

use std::cell::RefCell;

use num_bigint::{BigInt, BigUint, Sign};

use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::args::{check_count, no_keywords};
use crate::objects::iterators::common::alloc_instance;
use crate::objects::module::ModuleObject;
use crate::objects::native_type::NativeType;
use crate::objects::slots::Slots;
use crate::objects::spec::{Layout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{Args, IntObject, ModuleSpec, PyResult, TypeObject, types};
use crate::vm::Ctx;

const N: usize = 624;
const M: usize = 397;

/// The generator's state (MT19937).
struct Twister {
    words: [u32; N],
    at: usize,
}

impl Twister {
    fn from_word(seed: u32) -> Twister {
        let mut words = [0; N];
        words[0] = seed;
        for i in 1..N {
            let before: u32 = words[i - 1];
            words[i] = 1_812_433_253u32.wrapping_mul(before ^ (before >> 30)).wrapping_add(i as u32);
        }
        Twister { words, at: N }
    }

    fn from_key(key: &[u32]) -> Twister {
        let mut twister = Twister::from_word(19_650_218);
        let words = &mut twister.words;
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let before = words[i - 1] ^ (words[i - 1] >> 30);
            words[i] =
                (words[i] ^ before.wrapping_mul(1_664_525)).wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            if i >= N {
                words[0] = words[N - 1];
                i = 1;
            }
            j = (j + 1) % key.len();
        }
        for _ in 0..N - 1 {
            let before = words[i - 1] ^ (words[i - 1] >> 30);
            words[i] = (words[i] ^ before.wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                words[0] = words[N - 1];
                i = 1;
            }
        }
        words[0] = 0x8000_0000;
        twister
    }

    fn next(&mut self) -> u32 {
        if self.at >= N {
            for i in 0..N {
                let joined = (self.words[i] & 0x8000_0000) | (self.words[(i + 1) % N] & 0x7fff_ffff);
                let odd = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                self.words[i] = self.words[(i + M) % N] ^ (joined >> 1) ^ odd;
            }
            self.at = 0;
        }
        let mut y = self.words[self.at];
        self.at += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }
}

#[repr(C)]
struct RandomObject {
    object: Object,
    state: RefCell<Option<Box<Twister>>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for RandomObject {}

static RANDOM: NativeType = NativeType::new(&RANDOM_SPEC);

fn with<R>(object: &Object, change: impl FnOnce(&mut Twister) -> R) -> R {
    // SAFETY: only slots and methods of this type call this; subclasses begin with its layout.
    let this: &RandomObject = unsafe { object.cast() };
    change(this.state.borrow_mut().get_or_insert_with(|| Box::new(Twister::from_word(0))))
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if RANDOM.peek().is_some_and(|random| ty.is_type(random)) {
        no_keywords(cx, "Random", args)?;
        check_count(cx, "Random", args.pos(), 0, 1)?;
    }
    // SAFETY: a zeroed state is an unborrowed `None`.
    let made = unsafe { alloc_instance(cx, ty, 0)? };
    reseed(cx, &made, args.pos().first())?;
    Ok(made)
}

fn reseed(cx: Ctx, object: &Object, seed: Option<&Ref>) -> PyResult<()> {
    let key: Vec<u32> = match seed.filter(|seed| !cx.is_none(seed)) {
        None => {
            let mut bytes = [0; N * 4];
            crate::stdlib::posix::raw::random(&mut bytes).map_err(|error| cx.raise_os_error(&error, None))?;
            bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        }
        Some(seed) => {
            let magnitude = match seed.downcast::<IntObject>() {
                Some(int) => int.to_bigint().magnitude().clone(),
                None => BigUint::from(cx.hash(seed)? as u64),
            };
            let digits = magnitude.to_u32_digits();
            if digits.is_empty() { vec![0] } else { digits }
        }
    };
    let made = Twister::from_key(&key);
    with(object, |state| *state = made);
    Ok(())
}

fn seed(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "seed", args, 0, 1)?;
    reseed(cx, object, args.first())?;
    Ok(cx.none())
}

fn random(cx: Ctx, object: &Object) -> PyResult {
    let value = with(object, |state| {
        let (a, b) = (state.next() >> 5, state.next() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) * (1.0 / 9_007_199_254_740_992.0)
    });
    Ok(cx.new_float(value))
}

fn getrandbits(cx: Ctx, object: &Object, count: &Ref) -> PyResult {
    let count = cx.to_i32(count)?;
    if count < 0 {
        return Err(cx.value_error("number of bits must be non-negative"));
    }
    if count <= 32 {
        if count == 0 {
            return Ok(cx.new_int(0));
        }
        return Ok(cx.new_int(i64::from(with(object, Twister::next) >> (32 - count))));
    }
    let words = (count as usize).div_ceil(32);
    let mut digits = Vec::with_capacity(words);
    let mut left = count;
    for _ in 0..words {
        let word = with(object, Twister::next);
        digits.push(if left < 32 { word >> (32 - left) } else { word });
        left -= 32;
    }
    Ok(cx.new_bigint(BigInt::from_slice(Sign::Plus, &digits)))
}

fn getstate(cx: Ctx, object: &Object) -> PyResult {
    let (words, at) = with(object, |state| (state.words, state.at));
    let mut items: Vec<Ref> = words.iter().map(|word| cx.new_int(i64::from(*word))).collect();
    items.push(cx.new_uint(at));
    Ok(cx.new_tuple(items).into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    if !state.is_instance(types().tuple) {
        return Err(cx.type_error("state vector must be a tuple"));
    }
    let items = cx.collect(state)?;
    if items.len() != N + 1 {
        return Err(cx.value_error("state vector is the wrong size"));
    }
    let mut words = [0; N];
    for (word, item) in words.iter_mut().zip(&items) {
        *word = cx.to_i64(item)? as u32;
    }
    let at = cx.to_i64(&items[N])?;
    let Some(at) = usize::try_from(at).ok().filter(|at| *at <= N) else {
        return Err(cx.value_error("invalid state"));
    };
    with(object, |state| *state = Twister { words, at });
    Ok(cx.none())
}

static RANDOM_SPEC: TypeSpec = TypeSpec {
    name: "_random.Random",
    doc: Some("Random() -> create a random number generator with its own internal state."),
    layout: Layout::plain::<RandomObject>(),
    basicsize: 2520,
    flags: TypeFlags::BASETYPE,
    slots: Slots { new: Some(new), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("random", random, "random($self, /)\n--\n\nrandom() -> x in the interval [0, 1)."),
        MethodDef::fast("seed", seed, "seed($self, n=None, /)\n--\n\nDefines the numbers to come."),
        MethodDef::no_args("getstate", getstate, "getstate($self, /)\n--\n\nThe state as a tuple."),
        MethodDef::one("setstate", setstate, "setstate($self, state, /)\n--\n\nPuts a state back."),
        MethodDef::one(
            "getrandbits",
            getrandbits,
            "getrandbits($self, k, /)\n--\n\ngetrandbits(k) -> x.  Generates an int with k random bits.",
        ),
    ],
    dealloc: Some(memory::dealloc_as::<RandomObject>),
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "Random", RANDOM.make(cx)?.to_object())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_random",
    doc: Some("Module implements the Mersenne Twister random number generator."),
    functions: &[],
    exec: Some(exec),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_sequence() {
        // The published test vector of MT19937, key 0x123, 0x234, 0x345, 0x456.
        let mut twister = Twister::from_key(&[0x123, 0x234, 0x345, 0x456]);
        let first: Vec<u32> = (0..4).map(|_| twister.next()).collect();
        assert_eq!(first, [1_067_595_299, 955_945_823, 477_289_528, 4_107_218_783]);
    }
}
