//! The struct sequences of `sys`: versions, flags, facts about numbers and hashes.

use crate::memory::Ref;
use crate::objects::native_type::NativeType;
use crate::objects::spec::TypeSpec;
use crate::objects::structseq::{self, field};
use crate::objects::{ModuleObject, PyResult};
use crate::vm::Ctx;

static VERSION_SPEC: TypeSpec = structseq::spec(
    "sys.version_info",
    "sys.version_info\n\nVersion information as a named tuple.",
    &[
        field::<0>("major", "Major release number"),
        field::<1>("minor", "Minor release number"),
        field::<2>("micro", "Patch release number"),
        field::<3>("releaselevel", "'alpha', 'beta', 'candidate', or 'final'"),
        field::<4>("serial", "Serial release number"),
    ],
);
static VERSION: NativeType = NativeType::new(&VERSION_SPEC);

static FLAGS_SPEC: TypeSpec = structseq::spec(
    "sys.flags",
    "sys.flags\n\nFlags provided through command line arguments or environment vars.",
    &[
        field::<0>("debug", "-d"),
        field::<1>("inspect", "-i"),
        field::<2>("interactive", "-i"),
        field::<3>("optimize", "-O or -OO"),
        field::<4>("dont_write_bytecode", "-B"),
        field::<5>("no_user_site", "-s"),
        field::<6>("no_site", "-S"),
        field::<7>("ignore_environment", "-E"),
        field::<8>("verbose", "-v"),
        field::<9>("bytes_warning", "-b"),
        field::<10>("quiet", "-q"),
        field::<11>("hash_randomization", "-R"),
        field::<12>("isolated", "-I"),
        field::<13>("dev_mode", "-X dev"),
        field::<14>("utf8_mode", "-X utf8"),
        field::<15>("warn_default_encoding", "-X warn_default_encoding"),
        field::<16>("safe_path", "-P"),
        field::<17>("int_max_str_digits", "-X int_max_str_digits"),
    ],
);
static FLAGS: NativeType = NativeType::new(&FLAGS_SPEC);

static FLOAT_SPEC: TypeSpec = structseq::constructible(
    "sys.float_info",
    "sys.float_info\n\nA named tuple that tells how precise floats are and how they are kept.",
    &[
        field::<0>("max", "DBL_MAX -- maximum representable finite float"),
        field::<1>("max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"),
        field::<2>("max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"),
        field::<3>("min", "DBL_MIN -- Minimum positive normalized float"),
        field::<4>("min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"),
        field::<5>("min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"),
        field::<6>("dig", "DBL_DIG -- decimal digits that a float keeps"),
        field::<7>("mant_dig", "DBL_MANT_DIG -- mantissa digits"),
        field::<8>("epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"),
        field::<9>("radix", "FLT_RADIX -- radix of exponent"),
        field::<10>("rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"),
    ],
);
static FLOAT: NativeType = NativeType::new(&FLOAT_SPEC);

static INT_SPEC: TypeSpec = structseq::constructible(
    "sys.int_info",
    "sys.int_info\n\nA named tuple that tells how ints are kept.  The attributes are read only.",
    &[
        field::<0>("bits_per_digit", "size of a digit in bits"),
        field::<1>("sizeof_digit", "size in bytes of the C type used to represent a digit"),
        field::<2>("default_max_str_digits", "maximum string conversion digits limitation"),
        field::<3>("str_digits_check_threshold", "minimum positive value for int_max_str_digits"),
    ],
);
static INT: NativeType = NativeType::new(&INT_SPEC);

static HASH_SPEC: TypeSpec = structseq::constructible(
    "sys.hash_info",
    "hash_info\n\nA named tuple of what hashes are computed with. The attributes are read only.",
    &[
        field::<0>("width", "width of the type used for hashing, in bits"),
        field::<1>("modulus", "prime number giving the modulus on which the hash function is based"),
        field::<2>("inf", "value to be used for hash of a positive infinity"),
        field::<3>("nan", "value to be used for hash of a nan"),
        field::<4>("imag", "multiplier used for the imaginary part of a complex number"),
        field::<5>("algorithm", "name of the algorithm for hashing of str, bytes and memoryviews"),
        field::<6>("hash_bits", "internal output size of hash algorithm"),
        field::<7>("seed_bits", "seed size of hash algorithm"),
        field::<8>("cutoff", "small string optimization cutoff"),
    ],
);
static HASH: NativeType = NativeType::new(&HASH_SPEC);

static THREAD_SPEC: TypeSpec = structseq::constructible(
    "sys.thread_info",
    "sys.thread_info\n\nA named tuple that tells about the thread implementation.",
    &[
        field::<0>("name", "name of the thread implementation"),
        field::<1>("lock", "name of the lock implementation"),
        field::<2>("version", "name and version of the thread library"),
    ],
);
static THREAD: NativeType = NativeType::new(&THREAD_SPEC);

static HOOKS_SPEC: TypeSpec = structseq::constructible(
    "asyncgen_hooks",
    "asyncgen_hooks",
    &[field::<0>("firstiter", ""), field::<1>("finalizer", "")],
);
static HOOKS: NativeType = NativeType::new(&HOOKS_SPEC);

fn make(cx: Ctx, ty: &NativeType, fields: Vec<Ref>) -> PyResult {
    let count = fields.len();
    let ty = ty.make_structseq(cx, count)?;
    Ok(structseq::new_instance(cx, ty, count, fields))
}

/// `sys.get_asyncgen_hooks()`.
pub fn asyncgen_hooks(cx: Ctx) -> PyResult {
    let hook = |slot: &crate::memory::Slot| slot.get().unwrap_or_else(|| cx.none());
    let fields = vec![hook(&cx.vm().async_gen_firstiter), hook(&cx.vm().async_gen_finalizer)];
    Ok(structseq::new_instance(cx, HOOKS.get(cx)?, 2, fields))
}

/// `sys.int_info.default_max_str_digits`.
pub const MAX_STR_DIGITS: i64 = 4300;
/// Least limit that a program may set.
pub const STR_DIGITS_THRESHOLD: i64 = 640;

/// Adds them to the module; returns `sys.version_info`.
pub fn add(cx: Ctx, module: &ModuleObject) -> PyResult {
    let int = |value: i64| cx.new_int(value);
    let text = |value: &str| cx.new_str(value).into_object();
    let version = make(cx, &VERSION, vec![int(3), int(11), int(7), text("final"), int(0)])?;
    module.add(cx, "version_info", version.clone())?;
    let options = cx.vm().options.borrow().clone();
    let flag = |on: bool| int(i64::from(on));
    let flags = vec![
        int(0),
        flag(options.inspect),
        flag(options.interactive),
        int(i64::from(options.optimize)),
        flag(options.dont_write_bytecode),
        int(0),
        int(0),
        int(0),
        flag(options.verbose),
        int(0),
        flag(options.quiet),
        int(0),
        int(0),
        cx.bool(false),
        int(0),
        int(0),
        cx.bool(false),
        int(-1),
    ];
    module.add(cx, "flags", make(cx, &FLAGS, flags)?)?;
    let float = vec![
        cx.new_float(f64::MAX),
        int(i64::from(f64::MAX_EXP)),
        int(i64::from(f64::MAX_10_EXP)),
        cx.new_float(f64::MIN_POSITIVE),
        int(i64::from(f64::MIN_EXP)),
        int(i64::from(f64::MIN_10_EXP)),
        int(i64::from(f64::DIGITS)),
        int(i64::from(f64::MANTISSA_DIGITS)),
        cx.new_float(f64::EPSILON),
        int(2),
        int(1),
    ];
    module.add(cx, "float_info", make(cx, &FLOAT, float)?)?;
    let digits = vec![int(30), int(4), int(MAX_STR_DIGITS), int(STR_DIGITS_THRESHOLD)];
    module.add(cx, "int_info", make(cx, &INT, digits)?)?;
    let hash = vec![
        int(64),
        int((1 << 61) - 1),
        int(314159),
        int(0),
        int(1000003),
        text("siphash13"),
        int(64),
        int(128),
        int(0),
    ];
    module.add(cx, "hash_info", make(cx, &HASH, hash)?)?;
    let thread = vec![text("pthread"), text("semaphore"), text("NPTL 2.36")];
    module.add(cx, "thread_info", make(cx, &THREAD, thread)?)?;
    HOOKS.make_structseq(cx, 2)?;
    crate::vm::unraisable::HOOK_ARGS.make_structseq(cx, 5)?;
    Ok(version)
}
