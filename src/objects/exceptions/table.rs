//! The exception types: the tree as a table.

use super::kinds;
use crate::objects::spec::TypeSpec;
use crate::objects::type_object::TypeObject;

macro_rules! exceptions {
    ($($field:ident: $kind:ident($name:literal, $base:ident, $doc:literal),)*) => {
        /// Every built-in exception type.
        pub struct ExceptionTypes { $(pub $field: &'static TypeObject,)* }

        impl ExceptionTypes {
            /// Field, base field and spec, bases first.
            pub const SPECS: &'static [(&'static str, &'static str, TypeSpec)] =
                &[$((stringify!($field), stringify!($base), kinds::$kind($name, $doc)),)*];

            /// Builds the table from type objects made in the order of [`ExceptionTypes::SPECS`].
            pub(crate) fn from_made(made: &[&'static TypeObject]) -> ExceptionTypes {
                let mut made = made.iter().copied();
                ExceptionTypes { $($field: made.next().expect("one type object for each spec"),)* }
            }

            /// All types with their Python names.
            pub fn all(&self) -> Vec<(&'static str, &'static TypeObject)> {
                vec![$(($name, self.$field),)*]
            }
        }
    };
}

exceptions! {
    base_exception: base("BaseException", object, "Common base class for all exceptions"),
    base_exception_group: group("BaseExceptionGroup", base_exception, "A combination of multiple unrelated exceptions."),
    generator_exit: base("GeneratorExit", base_exception, "Request that a generator exit."),
    keyboard_interrupt: base("KeyboardInterrupt", base_exception, "Program interrupted by user."),
    system_exit: value("SystemExit", base_exception, "Request to exit from the interpreter."),
    exception: base("Exception", base_exception, "Common base class for all non-exit exceptions."),
    arithmetic_error: base("ArithmeticError", exception, "Base class for arithmetic errors."),
    floating_point_error: base("FloatingPointError", arithmetic_error, "Floating point operation failed."),
    overflow_error: base("OverflowError", arithmetic_error, "Result too large to be represented."),
    zero_division_error: base("ZeroDivisionError", arithmetic_error, "Second argument to a division or modulo operation was zero."),
    assertion_error: base("AssertionError", exception, "Assertion failed."),
    attribute_error: attribute("AttributeError", exception, "Attribute not found."),
    buffer_error: base("BufferError", exception, "Buffer error."),
    eof_error: base("EOFError", exception, "Read beyond end of file."),
    import_error: import("ImportError", exception, "Import can't find module, or can't find name in module."),
    module_not_found_error: import("ModuleNotFoundError", import_error, "Module not found."),
    lookup_error: base("LookupError", exception, "Base class for lookup errors."),
    index_error: base("IndexError", lookup_error, "Sequence index out of range."),
    key_error: base("KeyError", lookup_error, "Mapping key not found."),
    memory_error: base("MemoryError", exception, "Out of memory."),
    name_error: name("NameError", exception, "Name not found globally."),
    unbound_local_error: name("UnboundLocalError", name_error, "Local name referenced but not bound to a value."),
    os_error: os("OSError", exception, "Base class for I/O related errors."),
    blocking_io_error: os("BlockingIOError", os_error, "I/O operation would block."),
    child_process_error: os("ChildProcessError", os_error, "Child process error."),
    connection_error: os("ConnectionError", os_error, "Connection error."),
    broken_pipe_error: os("BrokenPipeError", connection_error, "Broken pipe."),
    connection_aborted_error: os("ConnectionAbortedError", connection_error, "Connection aborted."),
    connection_refused_error: os("ConnectionRefusedError", connection_error, "Connection refused."),
    connection_reset_error: os("ConnectionResetError", connection_error, "Connection reset."),
    file_exists_error: os("FileExistsError", os_error, "File already exists."),
    file_not_found_error: os("FileNotFoundError", os_error, "File not found."),
    interrupted_error: os("InterruptedError", os_error, "Interrupted by signal."),
    is_a_directory_error: os("IsADirectoryError", os_error, "Operation doesn't work on directories."),
    not_a_directory_error: os("NotADirectoryError", os_error, "Operation only works on directories."),
    permission_error: os("PermissionError", os_error, "Not enough permissions."),
    process_lookup_error: os("ProcessLookupError", os_error, "Process not found."),
    timeout_error: os("TimeoutError", os_error, "Timeout expired."),
    reference_error: base("ReferenceError", exception, "Weak ref proxy used after referent went away."),
    runtime_error: base("RuntimeError", exception, "Unspecified run-time error."),
    not_implemented_error: base("NotImplementedError", runtime_error, "Method or function hasn't been implemented yet."),
    recursion_error: base("RecursionError", runtime_error, "Recursion limit exceeded."),
    stop_async_iteration: base("StopAsyncIteration", exception, "Signal the end from iterator.__anext__()."),
    stop_iteration: value("StopIteration", exception, "Signal the end from iterator.__next__()."),
    syntax_error: syntax("SyntaxError", exception, "Invalid syntax."),
    indentation_error: syntax("IndentationError", syntax_error, "Improper indentation."),
    tab_error: syntax("TabError", indentation_error, "Improper mixture of spaces and tabs."),
    system_error: base("SystemError", exception, "Internal error in the Python interpreter.  Please report this to the Python maintainer, along with the traceback, the Python version, and the hardware/OS platform and version."),
    type_error: base("TypeError", exception, "Inappropriate argument type."),
    value_error: base("ValueError", exception, "Inappropriate argument value (of correct type)."),
    unicode_error: base("UnicodeError", value_error, "Unicode related error."),
    unicode_decode_error: unicode("UnicodeDecodeError", unicode_error, "Unicode decoding error."),
    unicode_encode_error: unicode("UnicodeEncodeError", unicode_error, "Unicode encoding error."),
    unicode_translate_error: unicode("UnicodeTranslateError", unicode_error, "Unicode translation error."),
    warning: base("Warning", exception, "Base class for warning categories."),
    bytes_warning: base("BytesWarning", warning, "Base class for warnings about bytes and buffer related problems, mostly related to conversion from str or comparing to str."),
    deprecation_warning: base("DeprecationWarning", warning, "Base class for warnings about deprecated features."),
    encoding_warning: base("EncodingWarning", warning, "Base class for warnings about encodings."),
    future_warning: base("FutureWarning", warning, "Base class for warnings about constructs that will change semantically in the future."),
    import_warning: base("ImportWarning", warning, "Base class for warnings about probable mistakes in module imports"),
    pending_deprecation_warning: base("PendingDeprecationWarning", warning, "Base class for warnings about features which will be deprecated in the future."),
    resource_warning: base("ResourceWarning", warning, "Base class for warnings about resource usage."),
    runtime_warning: base("RuntimeWarning", warning, "Base class for warnings about dubious runtime behavior."),
    syntax_warning: base("SyntaxWarning", warning, "Base class for warnings about dubious syntax."),
    unicode_warning: base("UnicodeWarning", warning, "Base class for warnings about Unicode related problems, mostly related to conversion problems."),
    user_warning: base("UserWarning", warning, "Base class for warnings generated by user code."),
}
