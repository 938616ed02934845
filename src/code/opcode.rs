//! The opcodes of 3.11: numbers, names, inline-cache sizes, what the argument means, stack effects.
//!
//! One table. Each opcode's comment gives its effect on the value stack, bottom to top, before and
//! after `--`; `|` separates the two outcomes of an instruction that may jump. An opcode from
//! [`HAVE_ARGUMENT`] on has an argument; every instruction takes two bytes all the same, followed by
//! its inline-cache slots of two bytes each.
//!
//! The last entries are pseudo-opcodes: the compiler's flow graph uses them and its assembler
//! replaces them, so that they never occur in `co_code`.

#![allow(non_camel_case_types, clippy::upper_case_acronyms)]

/// Opcodes below this take no argument.
pub const HAVE_ARGUMENT: u8 = 90;

/// What the argument of an opcode stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgKind {
    /// A number, or nothing.
    Plain,
    /// A forward jump, in code units from the next instruction.
    Jump,
    /// A backward jump, in code units from the next instruction.
    JumpBack,
    /// An index into `co_consts`.
    Const,
    /// An index into `co_names` (shifted by one for LOAD_GLOBAL).
    Name,
    /// An index into `co_localsplus`, a local.
    Local,
    /// An index into `co_localsplus`, a cell or free variable.
    Deref,
    /// An index into [`COMPARE_OPERATORS`].
    Compare,
}

macro_rules! opcodes {
    ($($(#[doc = $doc:literal])* $name:ident = $value:literal, $caches:literal, $kind:ident;)*) => {
        /// An operation of the virtual machine.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Opcode {
            $($(#[doc = $doc])* $name = $value,)*
        }

        impl Opcode {
            /// Every opcode, pseudo-opcodes included, by number.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name,)*];

            /// The opcode with this number; pseudo-opcodes have numbers too.
            pub const fn from_u8(value: u8) -> Option<Opcode> {
                match value {
                    $($value => Some(Opcode::$name),)*
                    _ => None,
                }
            }

            /// The name that `dis` prints.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Opcode::$name => stringify!($name),)*
                }
            }

            /// How many inline-cache slots of two bytes follow the instruction.
            pub const fn caches(self) -> usize {
                match self {
                    $(Opcode::$name => $caches,)*
                }
            }

            /// What the argument stands for.
            pub const fn arg_kind(self) -> ArgKind {
                match self {
                    $(Opcode::$name => ArgKind::$kind,)*
                }
            }
        }

        /// The opcode numbers as plain constants, for `match` on a byte.
        pub mod op {
            $(pub const $name: u8 = $value;)*
        }
    };
}

opcodes! {
    /// an inline-cache slot; never executed
    CACHE = 0, 0, Plain;
    /// `x --`
    POP_TOP = 1, 0, Plain;
    /// `-- NULL`: push the empty slot that a plain call has below its callable
    PUSH_NULL = 2, 0, Plain;
    /// `--`: nothing
    NOP = 9, 0, Plain;
    /// `x -- +x`
    UNARY_POSITIVE = 10, 0, Plain;
    /// `x -- -x`
    UNARY_NEGATIVE = 11, 0, Plain;
    /// `x -- not x`
    UNARY_NOT = 12, 0, Plain;
    /// `x -- ~x`
    UNARY_INVERT = 15, 0, Plain;
    /// `x, k -- x[k]`
    BINARY_SUBSCR = 25, 4, Plain;
    /// `x -- x, len(x)`
    GET_LEN = 30, 0, Plain;
    /// `x -- x, is x a mapping`
    MATCH_MAPPING = 31, 0, Plain;
    /// `x -- x, is x a sequence`
    MATCH_SEQUENCE = 32, 0, Plain;
    /// `x, keys -- x, keys, values or None`
    MATCH_KEYS = 33, 0, Plain;
    /// `exc -- previous, exc`: exc becomes the handled exception
    PUSH_EXC_INFO = 35, 0, Plain;
    /// `exc, type -- exc, does exc match`
    CHECK_EXC_MATCH = 36, 0, Plain;
    /// `exc, type -- rest, matched`: rest is None when all matched; matched None when nothing did
    CHECK_EG_MATCH = 37, 0, Plain;
    /// `exit, lasti, prev, exc -- exit, lasti, prev, exc, result`: call exit with the exception
    WITH_EXCEPT_START = 49, 0, Plain;
    /// `x -- x.__aiter__()`
    GET_AITER = 50, 0, Plain;
    /// `it -- it, awaitable of it.__anext__()`
    GET_ANEXT = 51, 0, Plain;
    /// `mgr -- exit, awaitable of enter()`
    BEFORE_ASYNC_WITH = 52, 0, Plain;
    /// `mgr -- exit, enter()`
    BEFORE_WITH = 53, 0, Plain;
    /// `it, exc --`: swallow StopAsyncIteration, raise anything else again
    END_ASYNC_FOR = 54, 0, Plain;
    /// `v, x, k --`: x[k] = v
    STORE_SUBSCR = 60, 1, Plain;
    /// `x, k --`: del x[k]
    DELETE_SUBSCR = 61, 0, Plain;
    /// `x -- iter(x)`
    GET_ITER = 68, 0, Plain;
    /// `x -- iter(x)`: coroutines and generators stay as they are
    GET_YIELD_FROM_ITER = 69, 0, Plain;
    /// `x --`: sys.displayhook(x)
    PRINT_EXPR = 70, 0, Plain;
    /// `-- __build_class__`
    LOAD_BUILD_CLASS = 71, 0, Plain;
    /// `-- AssertionError`
    LOAD_ASSERTION_ERROR = 74, 0, Plain;
    /// `-- placeholder`: make the generator of this frame and return it to the caller
    RETURN_GENERATOR = 75, 0, Plain;
    /// `l -- tuple(l)`
    LIST_TO_TUPLE = 82, 0, Plain;
    /// `x --`: return x
    RETURN_VALUE = 83, 0, Plain;
    /// `m --`
    IMPORT_STAR = 84, 0, Plain;
    /// `--`: make __annotations__ when there is none
    SETUP_ANNOTATIONS = 85, 0, Plain;
    /// `x -- sent`
    YIELD_VALUE = 86, 0, Plain;
    /// `x -- wrapped x`: mark a value that an async generator yields
    ASYNC_GEN_WRAP = 87, 0, Plain;
    /// `orig, raised -- exc or None`: what an except* statement raises in the end
    PREP_RERAISE_STAR = 88, 0, Plain;
    /// `previous --`: previous becomes the handled exception
    POP_EXCEPT = 89, 0, Plain;
    /// `x --`
    STORE_NAME = 90, 0, Name;
    /// `--`
    DELETE_NAME = 91, 0, Name;
    /// `x -- x[n-1], .., x[0]`
    UNPACK_SEQUENCE = 92, 1, Plain;
    /// `it -- it, next | --`: jump when the iterator is exhausted
    FOR_ITER = 93, 0, Jump;
    /// `x -- after.., list, before..`: low byte: how many before the star, high: after
    UNPACK_EX = 94, 0, Plain;
    /// `v, x --`: x.name = v
    STORE_ATTR = 95, 4, Name;
    /// `x --`
    DELETE_ATTR = 96, 0, Name;
    /// `x --`
    STORE_GLOBAL = 97, 0, Name;
    /// `--`
    DELETE_GLOBAL = 98, 0, Name;
    /// `a, .., b -- b, .., a`: swap the top with the n-th from the top
    SWAP = 99, 0, Plain;
    /// `-- const`
    LOAD_CONST = 100, 0, Const;
    /// `-- value`
    LOAD_NAME = 101, 0, Name;
    /// `x.. -- tuple`
    BUILD_TUPLE = 102, 0, Plain;
    /// `x.. -- list`
    BUILD_LIST = 103, 0, Plain;
    /// `x.. -- set`
    BUILD_SET = 104, 0, Plain;
    /// `k, v.. -- dict`
    BUILD_MAP = 105, 0, Plain;
    /// `x -- x.name`
    LOAD_ATTR = 106, 4, Name;
    /// `a, b -- a op b`: see `COMPARE_OPERATORS`
    COMPARE_OP = 107, 2, Compare;
    /// `level, fromlist -- module`
    IMPORT_NAME = 108, 0, Name;
    /// `m -- m, m.name`
    IMPORT_FROM = 109, 0, Name;
    /// `--`
    JUMP_FORWARD = 110, 0, Jump;
    /// `x -- x | --`: stays when it jumps
    JUMP_IF_FALSE_OR_POP = 111, 0, Jump;
    /// `x -- x | --`: stays when it jumps
    JUMP_IF_TRUE_OR_POP = 112, 0, Jump;
    /// `x --`
    POP_JUMP_FORWARD_IF_FALSE = 114, 0, Jump;
    /// `x --`
    POP_JUMP_FORWARD_IF_TRUE = 115, 0, Jump;
    /// `-- [NULL,] value`: low bit of the argument: push NULL first; the rest is the name
    LOAD_GLOBAL = 116, 5, Name;
    /// `a, b -- a is b`: argument 1: is not
    IS_OP = 117, 0, Plain;
    /// `a, b -- a in b`: argument 1: not in
    CONTAINS_OP = 118, 0, Plain;
    /// `[lasti,] exc --`: argument: how many slots below hold the instruction to blame
    RERAISE = 119, 0, Plain;
    /// `x, .. -- x, .., x`: push the n-th from the top
    COPY = 120, 0, Plain;
    /// `a, b -- a op b`: see `BINARY_OPERATORS`
    BINARY_OP = 122, 1, Plain;
    /// `it, v -- it, yielded | returned`: jump when the iterator returns
    SEND = 123, 0, Jump;
    /// `-- local`
    LOAD_FAST = 124, 0, Local;
    /// `x --`
    STORE_FAST = 125, 0, Local;
    /// `--`
    DELETE_FAST = 126, 0, Local;
    /// `x --`
    POP_JUMP_FORWARD_IF_NOT_NONE = 128, 0, Jump;
    /// `x --`
    POP_JUMP_FORWARD_IF_NONE = 129, 0, Jump;
    /// `[exc, [cause]] --`
    RAISE_VARARGS = 130, 0, Plain;
    /// `x -- awaitable`: argument: 1 after aenter, 2 after aexit, else 0
    GET_AWAITABLE = 131, 0, Plain;
    /// `[defaults, kwdefaults, annotations, closure,] code -- function`: argument bits 1, 2, 4, 8 say which are there
    MAKE_FUNCTION = 132, 0, Plain;
    /// `a, b[, c] -- slice`
    BUILD_SLICE = 133, 0, Plain;
    /// `--`: a backward jump without safepoint
    JUMP_BACKWARD_NO_INTERRUPT = 134, 0, JumpBack;
    /// `--`: put the local into a new cell
    MAKE_CELL = 135, 0, Deref;
    /// `-- cell`
    LOAD_CLOSURE = 136, 0, Deref;
    /// `-- value of cell`
    LOAD_DEREF = 137, 0, Deref;
    /// `x --`
    STORE_DEREF = 138, 0, Deref;
    /// `--`
    DELETE_DEREF = 139, 0, Deref;
    /// `--`: a safepoint
    JUMP_BACKWARD = 140, 0, JumpBack;
    /// `NULL, f, args[, kwargs] -- result`: argument 1: with kwargs
    CALL_FUNCTION_EX = 142, 0, Plain;
    /// `--`: eight higher bits for the next argument
    EXTENDED_ARG = 144, 0, Plain;
    /// `x --`: to the list n below
    LIST_APPEND = 145, 0, Plain;
    /// `x --`: to the set n below
    SET_ADD = 146, 0, Plain;
    /// `k, v --`: to the dict n below
    MAP_ADD = 147, 0, Plain;
    /// `-- value`: the class namespace first, then the cell
    LOAD_CLASSDEREF = 148, 0, Deref;
    /// `--`: take n cells from the closure
    COPY_FREE_VARS = 149, 0, Plain;
    /// `--`: argument: 0 start, 1 after yield, 2 after yield from, 3 after await; a safepoint
    RESUME = 151, 0, Plain;
    /// `x, cls, names -- values or None`: argument: how many positional patterns
    MATCH_CLASS = 152, 0, Plain;
    /// `x[, spec] -- str`: low two bits: conversion; bit 4: spec
    FORMAT_VALUE = 155, 0, Plain;
    /// `v.., keys -- dict`
    BUILD_CONST_KEY_MAP = 156, 0, Plain;
    /// `s.. -- str`
    BUILD_STRING = 157, 0, Plain;
    /// `x -- method, x | NULL, attr`
    LOAD_METHOD = 160, 10, Name;
    /// `x --`: the list n below
    LIST_EXTEND = 162, 0, Plain;
    /// `x --`: the set n below
    SET_UPDATE = 163, 0, Plain;
    /// `x --`: the dict n below; a key twice is an error
    DICT_MERGE = 164, 0, Plain;
    /// `x --`: the dict n below
    DICT_UPDATE = 165, 0, Plain;
    /// `method or NULL, self or f, args.. -- same`: counts arguments; the stack effect of the call is split between PRECALL and CALL
    PRECALL = 166, 1, Plain;
    /// `method or NULL, self or f, args.. -- result`
    CALL = 171, 4, Plain;
    /// `--`: names of the keyword arguments of the next call
    KW_NAMES = 172, 0, Const;
    /// `x --`
    POP_JUMP_BACKWARD_IF_NOT_NONE = 173, 0, JumpBack;
    /// `x --`
    POP_JUMP_BACKWARD_IF_NONE = 174, 0, JumpBack;
    /// `x --`
    POP_JUMP_BACKWARD_IF_FALSE = 175, 0, JumpBack;
    /// `x --`
    POP_JUMP_BACKWARD_IF_TRUE = 176, 0, JumpBack;

    /// An operation of Python 2.7, by number: see [`super::classic`].
    CLASSIC = 200, 0, Plain;

    /// `-- | exc`: an exception from here on goes to the target.
    SETUP_FINALLY = 245, 0, Jump;
    /// `-- | lasti, exc`: as SETUP_FINALLY, with the instruction to blame.
    SETUP_CLEANUP = 246, 0, Jump;
    /// `-- | lasti, exc`: as SETUP_CLEANUP, for the body of a `with`, one slot (its result) below.
    SETUP_WITH = 247, 0, Jump;
    /// `--`: end of the innermost SETUP block.
    POP_BLOCK = 248, 0, Plain;
    /// `--`: a jump whose direction is not known yet.
    JUMP = 249, 0, Jump;
    /// `--`: a jump without safepoint.
    JUMP_NO_INTERRUPT = 250, 0, Jump;
    /// `x --`
    POP_JUMP_IF_FALSE = 251, 0, Jump;
    /// `x --`
    POP_JUMP_IF_TRUE = 252, 0, Jump;
    /// `x --`
    POP_JUMP_IF_NONE = 253, 0, Jump;
    /// `x --`
    POP_JUMP_IF_NOT_NONE = 254, 0, Jump;
}

/// The operators of COMPARE_OP, by argument.
pub const COMPARE_OPERATORS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];

/// The operators of BINARY_OP, by argument; the in-place ones end in `=`.
pub const BINARY_OPERATORS: [&str; 26] = [
    "+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^", "+=", "&=", "//=", "<<=", "@=",
    "*=", "%=", "|=", "**=", ">>=", "-=", "/=", "^=",
];

/// Which way a jump goes, for the stack effect of an instruction that may jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// Control goes on to the next instruction.
    Falls,
    /// Control goes to the target.
    Jumps,
}

impl Opcode {
    /// Whether the instruction has an argument (`dis` shows it).
    pub const fn has_arg(self) -> bool {
        self as u8 >= HAVE_ARGUMENT
    }

    /// Whether this is one of the compiler's own, which never occur in `co_code`.
    pub const fn is_pseudo(self) -> bool {
        self as u8 >= Opcode::SETUP_FINALLY as u8
    }

    /// Whether the argument is a jump target (SETUP pseudo-opcodes included).
    pub const fn is_jump(self) -> bool {
        matches!(self.arg_kind(), ArgKind::Jump | ArgKind::JumpBack)
    }

    /// By how much the instruction changes the depth of the value stack on this branch.
    ///
    /// PRECALL and CALL share a call's effect as in the reference, so only their sum is meaningful.
    pub fn stack_effect(self, arg: u32, branch: Branch) -> i32 {
        use Opcode::*;
        let n = arg as i32;
        let jumps = matches!(branch, Branch::Jumps);
        match self {
            CACHE | NOP | EXTENDED_ARG | RESUME | SWAP => 0,
            CLASSIC => super::classic::stack_effect(arg),
            UNARY_POSITIVE | UNARY_NEGATIVE | UNARY_NOT | UNARY_INVERT => 0,
            GET_ITER | GET_YIELD_FROM_ITER | GET_AITER | GET_AWAITABLE => 0,
            SETUP_ANNOTATIONS | ASYNC_GEN_WRAP | YIELD_VALUE | RETURN_GENERATOR => 0,
            POP_BLOCK | DELETE_NAME | DELETE_GLOBAL | DELETE_FAST | DELETE_DEREF => 0,
            LOAD_ATTR | CHECK_EXC_MATCH | CHECK_EG_MATCH | LIST_TO_TUPLE | KW_NAMES => 0,
            MAKE_CELL | COPY_FREE_VARS => 0,
            JUMP | JUMP_NO_INTERRUPT | JUMP_FORWARD | JUMP_BACKWARD => 0,
            JUMP_BACKWARD_NO_INTERRUPT => 0,
            PUSH_NULL | LOAD_BUILD_CLASS | LOAD_ASSERTION_ERROR | PUSH_EXC_INFO => 1,
            WITH_EXCEPT_START | BEFORE_WITH | BEFORE_ASYNC_WITH | GET_ANEXT => 1,
            LOAD_CONST | LOAD_NAME | LOAD_FAST | LOAD_CLOSURE | LOAD_DEREF => 1,
            LOAD_CLASSDEREF | LOAD_METHOD | IMPORT_FROM | COPY => 1,
            GET_LEN | MATCH_MAPPING | MATCH_SEQUENCE | MATCH_KEYS => 1,
            POP_TOP | PRINT_EXPR | RETURN_VALUE | IMPORT_STAR | POP_EXCEPT => -1,
            STORE_NAME | STORE_GLOBAL | STORE_FAST | STORE_DEREF | DELETE_ATTR => -1,
            BINARY_SUBSCR | BINARY_OP | COMPARE_OP | IS_OP | CONTAINS_OP => -1,
            SET_ADD | LIST_APPEND | LIST_EXTEND | SET_UPDATE | DICT_MERGE | DICT_UPDATE => -1,
            IMPORT_NAME | RERAISE | PREP_RERAISE_STAR | CALL => -1,
            POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE | POP_JUMP_IF_NONE | POP_JUMP_IF_NOT_NONE => -1,
            POP_JUMP_FORWARD_IF_FALSE | POP_JUMP_FORWARD_IF_TRUE => -1,
            POP_JUMP_FORWARD_IF_NONE | POP_JUMP_FORWARD_IF_NOT_NONE => -1,
            POP_JUMP_BACKWARD_IF_FALSE | POP_JUMP_BACKWARD_IF_TRUE => -1,
            POP_JUMP_BACKWARD_IF_NONE | POP_JUMP_BACKWARD_IF_NOT_NONE => -1,
            DELETE_SUBSCR | STORE_ATTR | MAP_ADD | END_ASYNC_FOR | MATCH_CLASS => -2,
            STORE_SUBSCR => -3,
            FOR_ITER => {
                if jumps {
                    -1
                } else {
                    1
                }
            }
            SEND => {
                if jumps {
                    -1
                } else {
                    0
                }
            }
            JUMP_IF_TRUE_OR_POP | JUMP_IF_FALSE_OR_POP => {
                if jumps {
                    0
                } else {
                    -1
                }
            }
            SETUP_FINALLY | SETUP_WITH => {
                if jumps {
                    1
                } else {
                    0
                }
            }
            SETUP_CLEANUP => {
                if jumps {
                    2
                } else {
                    0
                }
            }
            LOAD_GLOBAL => 1 + (n & 1),
            UNPACK_SEQUENCE => n - 1,
            UNPACK_EX => (n & 0xff) + (n >> 8),
            BUILD_TUPLE | BUILD_LIST | BUILD_SET | BUILD_STRING => 1 - n,
            BUILD_MAP => 1 - 2 * n,
            BUILD_CONST_KEY_MAP | RAISE_VARARGS | PRECALL => -n,
            BUILD_SLICE => {
                if n == 3 {
                    -2
                } else {
                    -1
                }
            }
            FORMAT_VALUE => {
                if n & 4 != 0 {
                    -1
                } else {
                    0
                }
            }
            MAKE_FUNCTION => -((n & 0xf).count_ones() as i32),
            CALL_FUNCTION_EX => -2 - (n & 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_back_to_their_opcode() {
        for &opcode in Opcode::ALL {
            assert_eq!(Opcode::from_u8(opcode as u8), Some(opcode));
        }
        assert_eq!(Opcode::from_u8(3), None);
    }

    #[test]
    fn caches_are_those_of_the_reference() {
        assert_eq!(Opcode::LOAD_METHOD.caches(), 10);
        assert_eq!(Opcode::CALL.caches(), 4);
        assert_eq!(Opcode::LOAD_FAST.caches(), 0);
    }
}
