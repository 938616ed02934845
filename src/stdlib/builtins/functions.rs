//! Functions on single objects: attributes, conversion, printing.

use num_bigint::{BigInt, Sign};

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{bind_borrowed, check_count};
use crate::objects::bytes::BytesObject;
use crate::objects::spec::Signature;
use crate::objects::{Args, PyResult, StrObject, exceptions, names, types};
use crate::vm::Ctx;

pub fn abs(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    cx.absolute(x)
}

pub fn ascii(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    Ok(cx.ascii(x)?.into_object())
}

fn in_base(cx: Ctx, x: &Object, radix: u32, prefix: &str) -> PyResult {
    let value: BigInt = cx.index(x)?.to_bigint();
    let sign = if value.sign() == Sign::Minus { "-" } else { "" };
    let text = format!("{sign}{prefix}{}", value.magnitude().to_str_radix(radix));
    Ok(cx.new_str(&text).into_object())
}

pub fn bin(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    in_base(cx, x, 2, "0b")
}

pub fn oct(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    in_base(cx, x, 8, "0o")
}

pub fn hex(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    in_base(cx, x, 16, "0x")
}

pub fn callable(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    Ok(cx.bool(x.ty().slots().call.is_some()))
}

pub fn chr(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    let value = match cx.to_i64(x) {
        Ok(value) => value,
        Err(raised) if cx.raised_is(&raised, exceptions().overflow_error) => {
            cx.clear_exception(raised);
            return Err(cx.overflow_error("Python int too large to convert to C int"));
        }
        Err(raised) => return Err(raised),
    };
    if i32::try_from(value).is_err() {
        let what = if value < 0 {
            "signed integer is less than minimum"
        } else {
            "signed integer is greater than maximum"
        };
        return Err(cx.overflow_error(what));
    }
    match u32::try_from(value).ok().filter(|p| *p <= 0x10_ffff) {
        Some(point) => Ok(cx.new_str_from_code_points(&[point]).into_object()),
        None => Err(cx.value_error("chr() arg not in range(0x110000)")),
    }
}

pub fn ord(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    let length = if let Some(text) = x.downcast::<StrObject>() {
        if text.len() == 1 {
            return Ok(cx.new_int(i64::from(text.code_point(0))));
        }
        text.len()
    } else if x.is_instance(types().bytes) || x.is_instance(types().bytearray) {
        let bytes = match x.downcast::<BytesObject>() {
            Some(bytes) => bytes.as_slice().to_vec(),
            None => cx.with_bytes(x, <[u8]>::to_vec)?,
        };
        if let [byte] = bytes.as_slice() {
            return Ok(cx.new_int(i64::from(*byte)));
        }
        bytes.len()
    } else {
        return Err(
            cx.type_error(format_args!("ord() expected string of length 1, but {} found", x.ty().tp_name()))
        );
    };
    Err(cx.type_error(format_args!("ord() expected a character, but string of length {length} found")))
}

/// An attribute name argument; "attribute name must be string, not 'T'" otherwise.
fn attribute_name(cx: Ctx, name: &Object) -> PyResult<&StrObject> {
    name.downcast::<StrObject>().ok_or_else(|| {
        cx.type_error(format_args!("attribute name must be string, not '{}'", name.ty().tp_name()))
    })
}

pub fn getattr(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "getattr", args, 2, 3)?;
    let name = attribute_name(cx, &args[1])?;
    match args.get(2) {
        None => cx.get_attr(&args[0], name),
        Some(default) => Ok(cx.get_attr_opt(&args[0], name)?.unwrap_or_else(|| default.clone())),
    }
}

pub fn hasattr(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "hasattr", args, 2, 2)?;
    let name = attribute_name(cx, &args[1])?;
    Ok(cx.bool(cx.get_attr_opt(&args[0], name)?.is_some()))
}

pub fn setattr(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "setattr", args, 3, 3)?;
    cx.set_attr(&args[0], attribute_name(cx, &args[1])?, Some(&args[2]))?;
    Ok(cx.none())
}

pub fn delattr(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "delattr", args, 2, 2)?;
    cx.set_attr(&args[0], attribute_name(cx, &args[1])?, None)?;
    Ok(cx.none())
}

pub fn divmod(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "divmod", args, 2, 2)?;
    cx.divmod(&args[0], &args[1])
}

pub fn format(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "format", args, 1, 2)?;
    let spec = match args.get(1) {
        None => names().empty.clone(),
        Some(spec) => match spec.downcast::<StrObject>() {
            Some(spec) => spec.to_ref(),
            None => {
                return Err(cx.type_error(format_args!(
                    "format() argument 2 must be str, not {}",
                    spec.ty().tp_name()
                )));
            }
        },
    };
    Ok(cx.format(&args[0], &spec)?.into_object())
}

pub fn hash(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    Ok(cx.new_int(cx.hash(x)?))
}

pub fn id(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    Ok(cx.new_uint(x.address()))
}

pub fn isinstance(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "isinstance", args, 2, 2)?;
    Ok(cx.bool(cx.is_instance(&args[0], &args[1])?))
}

pub fn issubclass(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "issubclass", args, 2, 2)?;
    Ok(cx.bool(cx.is_subclass(&args[0], &args[1])?))
}

pub fn len(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    Ok(cx.new_uint(cx.len(x)?))
}

pub fn repr(cx: Ctx, _: &Object, x: &Ref) -> PyResult {
    Ok(cx.repr(x)?.into_object())
}

static POW: Signature =
    Signature { name: "pow", params: &["base", "exp", "mod"], required: 2, max_positional: 3 };

pub fn pow(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut values = [None, None, None];
    bind_borrowed(cx, &POW, args, &mut values)?;
    let [base, exp, modulus] = values;
    let none = cx.none();
    cx.power(base.unwrap_or(&none), exp.unwrap_or(&none), modulus.unwrap_or(&none))
}

static ROUND: Signature =
    Signature { name: "round", params: &["number", "ndigits"], required: 1, max_positional: 2 };

pub fn round(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut values = [None, None];
    bind_borrowed(cx, &ROUND, args, &mut values)?;
    let [number, digits] = values;
    let none = cx.none();
    let number = number.unwrap_or(&none);
    let Some(method) = cx.lookup_special(number, &names().round)? else {
        return Err(
            cx.type_error(format_args!("type {} doesn't define __round__ method", number.ty().tp_name()))
        );
    };
    match digits.filter(|d| !cx.is_none(d)) {
        None => cx.call0(&method),
        Some(digits) => cx.call1(&method, digits),
    }
}

static PRINT: [&str; 4] = ["sep", "end", "file", "flush"];

pub fn print(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    // What is printed is gathered in a tuple first, as for every native function with `*args`.
    let held = cx.tuple_from_slice(args.pos());
    let _hold = cx.hold("the call of print (its arguments)", held.as_object());
    let mut options: [Option<&Ref>; 4] = [None; 4];
    for (name, value) in args.keywords() {
        match PRINT.iter().position(|p| name.eq_str(p)) {
            Some(index) => options[index] = Some(value),
            None => {
                return Err(cx.type_error(format_args!(
                    "'{}' is an invalid keyword argument for print()",
                    name.to_string_lossy()
                )));
            }
        }
    }
    let [sep, end, file, flush] = options.map(|o| o.filter(|v| !cx.is_none(v)));
    let file = match file {
        Some(file) => file.clone(),
        None => {
            let sys = cx.vm().sys_dict.get();
            match sys.and_then(|sys| sys.get_str(cx, &names().stdout)) {
                None => return Err(cx.runtime_error("lost sys.stdout")),
                Some(out) if cx.is_none(&out) => return Ok(cx.none()),
                Some(out) => out,
            }
        }
    };
    for (option, what) in [(sep, "sep"), (end, "end")] {
        if let Some(value) = option
            && !value.is_instance(types().str)
        {
            return Err(
                cx.type_error(format_args!("{what} must be None or a string, not {}", value.ty().tp_name()))
            );
        }
    }
    let write = |text: Ref| match text.downcast::<StrObject>() {
        Some(plain) => match crate::stdlib::io::write_text(cx, &file, plain) {
            Some(result) => result,
            None => cx.call_method(&file, &names().write, &[text]).map(drop),
        },
        None => cx.call_method(&file, &names().write, &[text]).map(drop),
    };
    for (index, value) in args.pos().iter().enumerate() {
        if index > 0 {
            write(sep.map_or_else(|| cx.new_str(" ").into_object(), Ref::clone))?;
        }
        write(cx.str(value)?.into_object())?;
    }
    write(end.map_or_else(|| cx.new_str("\n").into_object(), Ref::clone))?;
    if let Some(flush) = flush
        && cx.is_true(flush)?
    {
        cx.call_method(&file, &names().flush, &[])?;
    }
    Ok(cx.none())
}

/// `input`: prompt on stdout, one line from stdin without its newline.
pub fn input(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "input", args, 0, 1)?;
    let sys = cx.vm().sys_dict.get();
    let stream = |name: &StrObject| sys.as_ref().and_then(|s| s.get_str(cx, name)).filter(|s| !cx.is_none(s));
    let Some(stdin) = stream(&names().stdin) else {
        return Err(cx.runtime_error("input(): lost sys.stdin"));
    };
    let Some(stdout) = stream(&names().stdout) else {
        return Err(cx.runtime_error("input(): lost sys.stdout"));
    };
    if let Some(stderr) = stream(&names().stderr) {
        let flushed = cx.call_method(&stderr, &names().flush, &[]);
        if let Err(raised) = flushed {
            cx.clear_exception(raised);
        }
    }
    if let Some(prompt) = args.first() {
        let text = cx.str(prompt)?.into_object();
        cx.call_method(&stdout, &names().write, &[text])?;
    }
    cx.call_method(&stdout, &names().flush, &[])?;
    let line = cx.call_method(&stdin, &cx.intern("readline"), &[])?;
    let Some(text) = line.downcast::<StrObject>() else {
        return Err(cx.type_error("object.readline() returned non-string"));
    };
    if text.is_empty() {
        return Err(cx.raise(exceptions().eof_error, "EOF when reading a line"));
    }
    let points: Vec<u32> = text.code_points().collect();
    let kept = match points.split_last() {
        Some((10, rest)) => rest,
        _ => &points[..],
    };
    Ok(cx.new_str_from_code_points(kept).into_object())
}
