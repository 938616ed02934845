//! What the argument of the `CLASSIC` instruction means: the operations of Python 2.7 that 3.11's bytecode lacks.
//!
//! One instruction for all of them keeps the loop of the modern era as it is. Each line gives the effect on the
//! value stack. A bound of a slice that the source does not give is an empty slot.

/// `x --`: `print x,`
pub const PRINT_ITEM: u32 = 0;
/// `--`: ends a line.
pub const PRINT_NEWLINE: u32 = 1;
/// `file, x -- file`
pub const PRINT_ITEM_TO: u32 = 2;
/// `file --`: ends a line of it.
pub const PRINT_NEWLINE_TO: u32 = 3;
/// `file --`: a `print >>file, x,` is done.
pub const PRINT_DONE: u32 = 4;
/// `code, globals or None, locals or None --`
pub const EXEC: u32 = 5;
/// `x -- repr(x)`
pub const REPR: u32 = 6;
/// `type -- exception`, and with one and two more values: what `raise` is about to raise.
pub const PREPARE_RAISE: u32 = 7;
pub const PREPARE_RAISE_VALUE: u32 = 8;
pub const PREPARE_RAISE_TRACEBACK: u32 = 9;
/// `a, b -- a / b`
pub const DIVIDE: u32 = 10;
/// `a, b -- a / b`, in place where `a` can.
pub const INPLACE_DIVIDE: u32 = 11;
/// `x, from, to -- x[from:to]`
pub const GET_SLICE: u32 = 12;
/// `value, x, from, to --`
pub const SET_SLICE: u32 = 13;
/// `x, from, to --`
pub const DELETE_SLICE: u32 = 14;
/// `name, bases, function of the body -- class`
pub const BUILD_CLASS: u32 = 15;
/// `traceback -- None`: a handler has matched.
pub const DROP_TRACEBACK: u32 = 16;
/// `exception -- traceback, exception`: a `finally` begins, which `sys.exc_info()` does not know of.
pub const PUSH_FINALLY: u32 = 17;
/// `-- dict`: with room for so many entries as this is less than the argument.
pub const NEW_MAP: u32 = 256;

/// By how much the operation changes the depth of the stack.
pub const fn stack_effect(operation: u32) -> i32 {
    match operation {
        PRINT_ITEM | PRINT_ITEM_TO | PRINT_NEWLINE_TO | PRINT_DONE => -1,
        PREPARE_RAISE_VALUE | DIVIDE | INPLACE_DIVIDE => -1,
        PREPARE_RAISE_TRACEBACK | GET_SLICE | BUILD_CLASS => -2,
        EXEC | DELETE_SLICE => -3,
        SET_SLICE => -4,
        PUSH_FINALLY | NEW_MAP.. => 1,
        _ => 0,
    }
}

/// The name that `dis` shows.
pub const fn name(operation: u32) -> &'static str {
    match operation {
        PRINT_ITEM => "PRINT_ITEM",
        PRINT_NEWLINE => "PRINT_NEWLINE",
        PRINT_ITEM_TO => "PRINT_ITEM_TO",
        PRINT_NEWLINE_TO => "PRINT_NEWLINE_TO",
        PRINT_DONE => "PRINT_DONE",
        EXEC => "EXEC_STMT",
        REPR => "UNARY_CONVERT",
        PREPARE_RAISE | PREPARE_RAISE_VALUE | PREPARE_RAISE_TRACEBACK => "PREPARE_RAISE",
        DIVIDE => "BINARY_DIVIDE",
        INPLACE_DIVIDE => "INPLACE_DIVIDE",
        GET_SLICE => "SLICE",
        SET_SLICE => "STORE_SLICE",
        DELETE_SLICE => "DELETE_SLICE",
        BUILD_CLASS => "BUILD_CLASS",
        DROP_TRACEBACK => "DROP_TRACEBACK",
        PUSH_FINALLY => "PUSH_FINALLY",
        NEW_MAP.. => "BUILD_MAP",
        _ => "?",
    }
}
