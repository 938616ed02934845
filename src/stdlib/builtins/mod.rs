//! `builtins`: functions, types and exceptions that need no import.

mod class;
mod code;
mod functions;
mod iteration;
mod scope;

use crate::memory::Layout;
use crate::objects::module::ModuleObject;
use crate::objects::{MethodDef, ModuleSpec, PyResult, exceptions, types};
use crate::vm::Ctx;

static FUNCTIONS: &[MethodDef] = &[
    MethodDef::keywords(
        "__build_class__",
        class::build_class,
        "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the class statement.",
    ),
    MethodDef::keywords(
        "__import__",
        code::import,
        "__import__(name, globals=None, locals=None, fromlist=(), level=0) -> module\n\nImport a module.",
    ),
    MethodDef::one(
        "abs",
        functions::abs,
        "abs($module, x, /)\n--\n\nReturn the absolute value of the argument.",
    ),
    MethodDef::one(
        "all",
        iteration::all,
        "all($module, iterable, /)\n--\n\nReturn True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.",
    ),
    MethodDef::one(
        "any",
        iteration::any,
        "any($module, iterable, /)\n--\n\nReturn True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.",
    ),
    MethodDef::one(
        "ascii",
        functions::ascii,
        "ascii($module, obj, /)\n--\n\nReturn an ASCII-only representation of an object.",
    ),
    MethodDef::one(
        "bin",
        functions::bin,
        "bin($module, number, /)\n--\n\nReturn the binary representation of an integer.",
    ),
    MethodDef::keywords(
        "breakpoint",
        code::breakpoint,
        "breakpoint(*args, **kws)\n\nCall sys.breakpointhook(*args, **kws).",
    ),
    MethodDef::one(
        "callable",
        functions::callable,
        "callable($module, obj, /)\n--\n\nReturn whether the object is callable.",
    ),
    MethodDef::one(
        "chr",
        functions::chr,
        "chr($module, i, /)\n--\n\nReturn a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.",
    ),
    MethodDef::keywords(
        "compile",
        code::compile,
        "compile($module, /, source, filename, mode, flags=0,\n        dont_inherit=False, optimize=-1, *, _feature_version=-1)\n--\n\nCompile source into a code object that can be executed by exec() or eval().",
    ),
    MethodDef::fast(
        "delattr",
        functions::delattr,
        "delattr($module, obj, name, /)\n--\n\nDeletes the named attribute from the given object.",
    ),
    MethodDef::varargs("dir", scope::dir, "dir([object]) -> list of strings"),
    MethodDef::fast(
        "divmod",
        functions::divmod,
        "divmod($module, x, y, /)\n--\n\nReturn the tuple (x//y, x%y).  Invariant: div*y + mod == x.",
    ),
    MethodDef::fast(
        "eval",
        code::eval,
        "eval($module, source, globals=None, locals=None, /)\n--\n\nEvaluate the given source in the context of globals and locals.",
    ),
    MethodDef::keywords(
        "exec",
        code::exec,
        "exec($module, source, globals=None, locals=None, /, *, closure=None)\n--\n\nExecute the given source in the context of globals and locals.",
    ),
    MethodDef::fast(
        "format",
        functions::format,
        "format($module, value, format_spec='', /)\n--\n\nReturn type(value).__format__(value, format_spec)",
    ),
    MethodDef::fast(
        "getattr",
        functions::getattr,
        "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object.",
    ),
    MethodDef::no_args(
        "globals",
        scope::globals,
        "globals($module, /)\n--\n\nReturn the dictionary containing the current scope's global variables.",
    ),
    MethodDef::fast(
        "hasattr",
        functions::hasattr,
        "hasattr($module, obj, name, /)\n--\n\nReturn whether the object has an attribute with the given name.",
    ),
    MethodDef::one(
        "hash",
        functions::hash,
        "hash($module, obj, /)\n--\n\nReturn the hash value for the given object.",
    ),
    MethodDef::one(
        "hex",
        functions::hex,
        "hex($module, number, /)\n--\n\nReturn the hexadecimal representation of an integer.",
    ),
    MethodDef::one("id", functions::id, "id($module, obj, /)\n--\n\nReturn the identity of an object."),
    MethodDef::fast(
        "input",
        functions::input,
        "input($module, prompt='', /)\n--\n\nRead a string from standard input.  The trailing newline is stripped.",
    ),
    MethodDef::fast(
        "isinstance",
        functions::isinstance,
        "isinstance($module, obj, class_or_tuple, /)\n--\n\nReturn whether an object is an instance of a class or of a subclass thereof.",
    ),
    MethodDef::fast(
        "issubclass",
        functions::issubclass,
        "issubclass($module, cls, class_or_tuple, /)\n--\n\nReturn whether 'cls' is derived from another class or is the same class.",
    ),
    MethodDef::fast(
        "iter",
        iteration::iter,
        "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator",
    ),
    MethodDef::one(
        "aiter",
        iteration::aiter,
        "aiter($module, async_iterable, /)\n--\n\nReturn an AsyncIterator for an AsyncIterable object.",
    ),
    MethodDef::one(
        "len",
        functions::len,
        "len($module, obj, /)\n--\n\nReturn the number of items in a container.",
    ),
    MethodDef::no_args(
        "locals",
        scope::locals,
        "locals($module, /)\n--\n\nReturn a dictionary containing the current scope's local variables.",
    ),
    MethodDef::varargs_keywords(
        "max",
        iteration::max,
        "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value",
    ),
    MethodDef::varargs_keywords(
        "min",
        iteration::min,
        "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value",
    ),
    MethodDef::fast(
        "next",
        iteration::next,
        "next(iterator[, default])\n\nReturn the next item from the iterator.",
    ),
    MethodDef::fast("anext", iteration::anext, "anext(async_iterator[, default])"),
    MethodDef::one(
        "oct",
        functions::oct,
        "oct($module, number, /)\n--\n\nReturn the octal representation of an integer.",
    ),
    MethodDef::one(
        "ord",
        functions::ord,
        "ord($module, c, /)\n--\n\nReturn the Unicode code point for a one-character string.",
    ),
    MethodDef::keywords(
        "pow",
        functions::pow,
        "pow($module, /, base, exp, mod=None)\n--\n\nEquivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.",
    ),
    MethodDef::keywords(
        "print",
        functions::print,
        "print($module, /, *args, sep=' ', end='\\n', file=None, flush=False)\n--\n\nPrints the values to a stream, or to sys.stdout by default.",
    ),
    MethodDef::one(
        "repr",
        functions::repr,
        "repr($module, obj, /)\n--\n\nReturn the canonical string representation of the object.",
    ),
    MethodDef::keywords(
        "round",
        functions::round,
        "round($module, /, number, ndigits=None)\n--\n\nRound a number to a given precision in decimal digits.",
    ),
    MethodDef::fast(
        "setattr",
        functions::setattr,
        "setattr($module, obj, name, value, /)\n--\n\nSets the named attribute on the given object to the specified value.",
    ),
    MethodDef::keywords(
        "sorted",
        iteration::sorted,
        "sorted($module, iterable, /, *, key=None, reverse=False)\n--\n\nReturn a new list containing all items from the iterable in ascending order.",
    ),
    MethodDef::keywords(
        "sum",
        iteration::sum,
        "sum($module, iterable, /, start=0)\n--\n\nReturn the sum of a 'start' value (default: 0) plus an iterable of numbers",
    ),
    MethodDef::varargs("vars", scope::vars, "vars([object]) -> dictionary"),
];

/// `exec()` with positional arguments, for the statement of the classic era.
pub fn exec(cx: Ctx, module: &crate::memory::Object, args: &[crate::memory::Ref]) -> PyResult {
    code::exec(cx, module, crate::objects::Args::positional(args))
}

/// `dir()`.
pub fn dir(cx: Ctx, module: &crate::memory::Object, args: &[crate::memory::Ref]) -> PyResult {
    scope::dir(cx, module, args)
}

fn add_all(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let t = types();
    for (name, ty) in [
        ("bool", t.bool),
        ("memoryview", t.memoryview),
        ("bytearray", t.bytearray),
        ("bytes", t.bytes),
        ("classmethod", t.classmethod),
        ("complex", t.complex),
        ("dict", t.dict),
        ("enumerate", t.enumerate),
        ("filter", t.filter),
        ("float", t.float),
        ("frozenset", t.frozenset),
        ("property", t.property),
        ("int", t.int),
        ("list", t.list),
        ("map", t.map),
        ("object", t.object),
        ("range", t.range),
        ("reversed", t.reversed),
        ("set", t.set),
        ("slice", t.slice),
        ("staticmethod", t.staticmethod),
        ("str", t.str),
        ("super", t.super_),
        ("tuple", t.tuple),
        ("type", t.type_),
        ("zip", t.zip),
    ] {
        module.add(cx, name, ty.to_object())?;
    }
    module.add(cx, "None", cx.none())?;
    module.add(cx, "Ellipsis", cx.ellipsis())?;
    module.add(cx, "NotImplemented", cx.not_implemented())?;
    module.add(cx, "False", cx.bool(false))?;
    module.add(cx, "True", cx.bool(true))?;
    module.add(cx, "__debug__", cx.bool(cx.vm().options.borrow().optimize == 0))?;
    for (name, ty) in exceptions().all() {
        module.add(cx, name, ty.to_object())?;
    }
    for alias in ["EnvironmentError", "IOError"] {
        module.add(cx, alias, exceptions().os_error.to_object())?;
    }
    Ok(())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "builtins",
    doc: Some(
        "Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all 'built-in'\nidentifiers of Python; for example, builtins.len is\nthe full name for the built-in function len().",
    ),
    functions: FUNCTIONS,
    exec: Some(add_all),
};
