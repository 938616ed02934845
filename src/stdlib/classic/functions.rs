//! Built-in functions of Python 2.7.

use super::sorting;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::classic::{unicode, xrange};
use crate::objects::slots::Args;
use crate::objects::spec::MethodDef;
use crate::objects::{
    DictObject, FloatObject, IntObject, ModuleObject, PyResult, StrObject, TupleObject, exceptions, names,
    types,
};
use crate::vm::Ctx;

fn list(cx: Ctx, items: Vec<Ref>) -> PyResult {
    Ok(cx.new_list(items)?.into_object())
}

fn range(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let (start, step, len) = xrange::bounds(cx, "range", args)?;
    list(cx, (0..len).map(|index| cx.new_int(start + index * step)).collect())
}

fn map(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let [function, first, rest @ ..] = args else {
        return Err(cx.type_error("map() requires at least two args"));
    };
    let identity = cx.is_none(function);
    if rest.is_empty() {
        let items = cx.collect(first)?;
        if identity {
            return list(cx, items);
        }
        return list(cx, items.iter().map(|item| cx.call1(function, item)).collect::<PyResult<Vec<_>>>()?);
    }
    let columns = args[1..].iter().map(|column| cx.collect(column)).collect::<PyResult<Vec<_>>>()?;
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let mut results = Vec::with_capacity(rows);
    for row in 0..rows {
        let values: Vec<Ref> =
            columns.iter().map(|column| column.get(row).cloned().unwrap_or_else(|| cx.none())).collect();
        results.push(if identity { cx.new_tuple(values).into_object() } else { cx.call(function, &values)? });
    }
    list(cx, results)
}

fn filter(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "filter", args, 2, 2)?;
    let mut kept = Vec::new();
    for item in cx.collect(&args[1])? {
        let keep = if cx.is_none(&args[0]) {
            cx.is_true(&item)?
        } else {
            let answer = cx.call1(&args[0], &item)?;
            cx.is_true(&answer)?
        };
        if keep {
            kept.push(item);
        }
    }
    if args[1].is_exact(types().tuple) {
        return Ok(cx.new_tuple(kept).into_object());
    }
    if args[1].is_exact(types().str) {
        let empty = cx.new_str("").into_object();
        let joined = list(cx, kept)?;
        return cx.call_method(&empty, &names().join, &[joined]);
    }
    list(cx, kept)
}

fn zip(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let mut iterators = Vec::with_capacity(args.len());
    for (index, column) in args.iter().enumerate() {
        match cx.iter(column) {
            Ok(iterator) => iterators.push(iterator),
            Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
                cx.clear_exception(raised);
                return Err(cx.type_error(format!("zip argument #{} must support iteration", index + 1)));
            }
            Err(raised) => return Err(raised),
        }
    }
    let mut rows = Vec::new();
    while !iterators.is_empty() {
        let mut row = Vec::with_capacity(iterators.len());
        for iterator in &iterators {
            match cx.next(iterator)? {
                Some(item) => row.push(item),
                None => return list(cx, rows),
            }
        }
        rows.push(cx.new_tuple(row).into_object());
    }
    list(cx, rows)
}

fn reduce(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "reduce", args, 2, 3)?;
    let mut result = args.get(2).cloned();
    let iterator = cx.iter(&args[1])?;
    while let Some(item) = cx.next(&iterator)? {
        result = Some(match result {
            Some(before) => cx.call(&args[0], &[before, item])?,
            None => item,
        });
    }
    result.ok_or_else(|| cx.type_error("reduce() of empty sequence with no initial value"))
}

fn apply(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "apply", args, 1, 3)?;
    let positional = match args.get(1) {
        // A tuple is handed on as it is.
        Some(given) if given.is_exact(types().tuple) => match given.clone().downcast_ref::<TupleObject>() {
            Ok(tuple) => tuple,
            Err(_) => cx.new_tuple(Vec::new()),
        },
        Some(given) => cx.new_tuple(cx.collect(given)?),
        None => cx.new_tuple(Vec::new()),
    };
    let keywords = args.get(2).and_then(|keywords| keywords.downcast::<DictObject>());
    cx.call_tuple_dict(&args[0], &positional, keywords)
}

fn cmp(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "cmp", args, 2, 2)?;
    Ok(cx.new_int(sorting::compared(cx, &args[0], &args[1])?))
}

fn coerce(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "coerce", args, 2, 2)?;
    let pair = |a: Ref, b: Ref| Ok(cx.new_tuple(vec![a, b]).into_object());
    let (a, b) = (&args[0], &args[1]);
    if a.ty().is_type(b.ty()) {
        return pair(a.clone(), b.clone());
    }
    let is_float = |object: &Ref| object.downcast::<FloatObject>().is_some();
    let is_int = |object: &Ref| object.downcast::<IntObject>().is_some();
    if (is_float(a) || is_int(a)) && (is_float(b) || is_int(b)) {
        if is_float(a) || is_float(b) {
            return pair(cx.new_float(cx.to_f64(a)?), cx.new_float(cx.to_f64(b)?));
        }
        return pair(a.clone(), b.clone());
    }
    Err(cx.type_error("number coercion failed"))
}

fn chr(cx: Ctx, _: &Object, number: &Ref) -> PyResult {
    match u32::try_from(cx.to_i64(number)?) {
        Ok(point) if point < 256 => Ok(cx.new_str_from_code_points(&[point]).into_object()),
        _ => Err(cx.value_error("chr() arg not in range(256)")),
    }
}

fn unichr(cx: Ctx, _: &Object, number: &Ref) -> PyResult {
    match u32::try_from(cx.to_i64(number)?) {
        Ok(point) if point < 0x11_0000 => unicode::from_str(cx, &cx.new_str_from_code_points(&[point])),
        _ => Err(cx.value_error("unichr() arg not in range(0x110000) (wide Python build)")),
    }
}

fn intern(cx: Ctx, _: &Object, text: &Ref) -> PyResult {
    match text.clone().downcast_ref::<StrObject>() {
        Ok(text) if text.as_object().is_exact(types().str) => Ok(cx.intern_ref(text).into_object()),
        _ => Err(cx.type_error("intern() argument 1 must be string")),
    }
}

fn oct(cx: Ctx, _: &Object, number: &Ref) -> PyResult {
    based(cx, number, "0", "__oct__", |value| format!("{value:o}"))
}

fn hex(cx: Ctx, _: &Object, number: &Ref) -> PyResult {
    based(cx, number, "0x", "__hex__", |value| format!("{value:x}"))
}

fn based(
    cx: Ctx,
    number: &Ref,
    prefix: &str,
    method: &str,
    digits: fn(num_bigint::BigInt) -> String,
) -> PyResult {
    let Some(int) = number.downcast::<IntObject>() else {
        if let Some(method) = cx.get_attr_opt(number, &cx.intern(method))? {
            return cx.call0(&method);
        }
        let name = method.trim_matches('_');
        return Err(cx.type_error(format!("{name}() argument can't be converted to {name}")));
    };
    let value = int.to_bigint();
    let sign = if int.is_negative() { "-" } else { "" };
    let shown = digits(num_bigint::BigInt::from(value.magnitude().clone()));
    let prefix = if shown == "0" && prefix == "0" { "" } else { prefix };
    let suffix = if crate::objects::classic::LONG.is_instance(number) { "L" } else { "" };
    Ok(cx.new_str(&format!("{sign}{prefix}{shown}{suffix}")).into_object())
}

/// Half away from zero, and always a float.
fn round(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "round", args, 1, 2)?;
    let value = cx.to_f64(&args[0])?;
    let digits = args.get(1).map_or(Ok(0), |digits| cx.to_i64(digits))?;
    if !value.is_finite() || digits > 300 {
        return Ok(cx.new_float(value));
    }
    if digits < 0 {
        let scale = 10f64.powi((-digits).min(400) as i32);
        return Ok(cx.new_float((value / scale).round() * scale));
    }
    if digits == 0 {
        return Ok(cx.new_float(value.round()));
    }
    // Exactly halfway cases go away from zero; all others are what the shortest text rounds to.
    let text = format!("{:.*}", digits as usize, value);
    let mut rounded: f64 = text.parse().unwrap_or(value);
    let exact = format!("{:.*}", digits as usize + 60, value.abs());
    if let Some(tail) = exact.split('.').nth(1).map(|tail| &tail[digits as usize..])
        && tail.starts_with('5')
        && tail[1..].bytes().all(|byte| byte == b'0')
    {
        let unit = 10f64.powi(-(digits as i32));
        let up: f64 = format!("{:.*}", digits as usize, value.abs() + unit / 2.0).parse().unwrap_or(rounded);
        rounded = up.copysign(value);
    }
    Ok(cx.new_float(rounded))
}

fn raw_input(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "raw_input", args, 0, 1)?;
    if let Some(out) = cx.sys_attr("stdout") {
        if let Some(prompt) = args.first() {
            crate::vm::classic::write_object(cx, &out, prompt)?;
        }
        cx.flush_quietly(&out);
    }
    let Some(input) = cx.sys_attr("stdin") else {
        return Err(cx.runtime_error("[raw_]input: lost sys.stdin"));
    };
    let line = cx.call_method(&input, &cx.intern("readline"), &[])?;
    let text = line.downcast::<StrObject>().map_or_else(String::new, StrObject::to_string_lossy);
    match text.strip_suffix('\n') {
        Some(line) => Ok(cx.new_str(line).into_object()),
        None if text.is_empty() => Err(cx.raise(exceptions().eof_error, "EOF when reading a line")),
        None => Ok(line),
    }
}

fn input(cx: Ctx, module: &Object, args: &[Ref]) -> PyResult {
    let line = raw_input(cx, module, args)?;
    let eval = cx.builtin("eval")?;
    cx.call1(&eval, &line)
}

fn execfile(cx: Ctx, module: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "execfile", args, 1, 3)?;
    let name = args[0].downcast::<StrObject>().map_or_else(String::new, StrObject::to_string_lossy);
    let file = cx.call1(crate::objects::classic::FILE.get(cx)?.as_object(), &args[0])?;
    let text = cx.call_method(&file, &cx.intern("read"), &[])?;
    let compile = cx.builtin("compile")?;
    let code =
        cx.call(&compile, &[text, cx.new_str(&name).into_object(), cx.new_str("exec").into_object()])?;
    let mut given = vec![code];
    given.extend(args[1..].iter().cloned());
    crate::stdlib::builtins::exec(cx, module, &given)?;
    Ok(cx.none())
}

fn reload(cx: Ctx, _: &Object, module: &Ref) -> PyResult {
    if module.downcast::<ModuleObject>().is_none() {
        return Err(cx.type_error("reload() argument must be module"));
    }
    Ok(module.clone())
}

fn hasattr(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "hasattr", args, 2, 2)?;
    let Some(name) = args[1].downcast::<StrObject>() else {
        return Err(cx.type_error("hasattr(): attribute name must be string"));
    };
    match cx.get_attr(&args[0], name) {
        Ok(_) => Ok(cx.bool(true)),
        Err(raised) if cx.raised_is(&raised, exceptions().exception) => {
            cx.clear_exception(raised);
            Ok(cx.bool(false))
        }
        Err(raised) => Err(raised),
    }
}

fn open(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    cx.call_args(crate::objects::classic::FILE.get(cx)?.as_object(), args)
}

fn unicode_of(cx: Ctx, object: &Object) -> PyResult<String> {
    Ok(cx.str(object)?.to_string_lossy())
}

fn isinstance(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "isinstance", args, 2, 2)?;
    Ok(cx.bool(is_instance(cx, &args[0], &args[1])?))
}

fn is_instance(cx: Ctx, object: &Object, class: &Object) -> PyResult<bool> {
    if let Some(classes) = class.downcast::<TupleObject>() {
        for class in classes.as_slice() {
            if is_instance(cx, object, class)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if crate::objects::classic::BASESTRING.peek().is_some_and(|ty| class.is(ty.as_object())) {
        return Ok(object.downcast::<StrObject>().is_some());
    }
    match cx.is_instance(object, class) {
        Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
            let error = cx.take_exception(raised);
            let text = unicode_of(cx, error.as_object())?;
            Err(cx.type_error(match text.starts_with("isinstance() arg 2") {
                true => "isinstance() arg 2 must be a class, type, or tuple of classes and types".to_owned(),
                false => text,
            }))
        }
        other => other,
    }
}

fn sum_of(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "sum", args, 1, 2)?;
    let mut total = args.get(1).cloned().unwrap_or_else(|| cx.new_int(0));
    if total.downcast::<StrObject>().is_some() {
        return Err(cx.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    let iterator = cx.iter(&args[0])?;
    while let Some(item) = cx.next(&iterator)? {
        total = cx.binary_op(crate::objects::protocol::number::BinaryOp::Add, &total, &item)?;
    }
    Ok(total)
}

fn dir(cx: Ctx, module: &Object, args: &[Ref]) -> PyResult {
    use crate::objects::classic::{classobj::ClassObject, instance::InstanceObject};
    fn gather(found: &mut Vec<Ref>, class: &ClassObject) {
        if let Some(dict) = class.dict.peek() {
            found.extend(dict.keys_to_vec());
        }
        if let Some(bases) = class.bases.peek() {
            for base in bases.as_slice() {
                if let Some(base) = ClassObject::from(base) {
                    gather(found, base);
                }
            }
        }
    }
    let Some(object) = args.first() else { return crate::stdlib::builtins::dir(cx, module, args) };
    let mut found = Vec::new();
    if let Some(instance) = InstanceObject::from(object) {
        if let Some(dict) = instance.dict.peek() {
            found.extend(dict.keys_to_vec());
        }
        if let Some(class) = instance.class.peek() {
            gather(&mut found, class);
        }
    } else if let Some(class) = ClassObject::from(object) {
        gather(&mut found, class);
    } else {
        return crate::stdlib::builtins::dir(cx, module, args);
    }
    let seen = cx.new_dict();
    for name in found {
        seen.set(cx, &name, cx.none())?;
    }
    let list = cx.new_list(seen.keys_to_vec())?;
    sorting::sort_in_place(cx, list.as_object(), Args::EMPTY)?;
    Ok(list.into_object())
}

pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::keywords(
        "range",
        range,
        "range(stop) -> list of integers\nrange(start, stop[, step]) -> list of integers",
    ),
    MethodDef::fast("map", map, "map(function, sequence[, sequence, ...]) -> list"),
    MethodDef::fast("filter", filter, "filter(function or None, sequence) -> list, tuple, or string"),
    MethodDef::fast("zip", zip, "zip(seq1 [, seq2 [...]]) -> [(seq1[0], seq2[0] ...), (...)]"),
    MethodDef::fast("reduce", reduce, "reduce(function, sequence[, initial]) -> value"),
    MethodDef::fast("apply", apply, "apply(object[, args[, kwargs]]) -> value"),
    MethodDef::fast("cmp", cmp, "cmp(x, y) -> integer"),
    MethodDef::fast("coerce", coerce, "coerce(x, y) -> (x1, y1)"),
    MethodDef::one("chr", chr, "chr(i) -> character"),
    MethodDef::one("unichr", unichr, "unichr(i) -> Unicode character"),
    MethodDef::one("intern", intern, "intern(string) -> string"),
    MethodDef::one("oct", oct, "oct(number) -> string"),
    MethodDef::one("hex", hex, "hex(number) -> string"),
    MethodDef::fast("round", round, "round(number[, ndigits]) -> floating point number"),
    MethodDef::fast("raw_input", raw_input, "raw_input([prompt]) -> string"),
    MethodDef::fast("input", input, "input([prompt]) -> value"),
    MethodDef::fast("execfile", execfile, "execfile(filename[, globals[, locals]])"),
    MethodDef::one("reload", reload, "reload(module) -> module"),
    MethodDef::fast("hasattr", hasattr, "hasattr(object, name) -> bool"),
    MethodDef::keywords("open", open, "open(name[, mode[, buffering]]) -> file object"),
    MethodDef::fast("isinstance", isinstance, "isinstance(object, class-or-type-or-tuple) -> bool"),
    MethodDef::keywords(
        "sorted",
        sorting::sorted,
        "sorted(iterable, cmp=None, key=None, reverse=False) --> new sorted list",
    ),
    MethodDef::fast("sum", sum_of, "sum(iterable[, start]) -> value"),
    MethodDef::fast("dir", dir, "dir([object]) -> list of strings"),
];

fn exc_info(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_tuple(crate::vm::classic::handled::info(cx).into()).into_object())
}

fn exc_clear(cx: Ctx, _: &Object) -> PyResult {
    crate::vm::classic::handled::clear(cx);
    Ok(cx.none())
}

pub static SYS: &[MethodDef] = &[
    MethodDef::no_args("exc_info", exc_info, "exc_info() -> (type, value, traceback)"),
    MethodDef::no_args("exc_clear", exc_clear, "exc_clear() -> None"),
];
