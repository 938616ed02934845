//! What a `code` object shows: members, `co_lines`, `co_positions`, `replace`, comparison.

use std::sync::Arc;

use super::Ctx;
use super::code_object::{Code, make_foreign_code};
use crate::code::location;
use crate::code::object::{CodeObject, Const, Text, kind};
use crate::memory::{Layout, Object, Ref};
use crate::objects::spec::{GetSetDef, MemberDef, MethodDef};
use crate::objects::{
    Args, CompareOp, FloatObject, IntObject, PyResult, StrObject, TupleObject, exceptions, types,
};

fn receiver(object: &Object) -> &Code {
    // SAFETY: attributes of the `code` type are called with code objects only.
    unsafe { object.cast() }
}

pub fn repr(cx: Ctx, object: &Object) -> PyResult {
    let code = receiver(object);
    let text = format!(
        "<code object {} at {:#x}, file \"{}\", line {}>",
        code.name.to_string_lossy(),
        object.address(),
        code.filename.to_string_lossy(),
        code.plain.firstlineno
    );
    Ok(cx.new_str(&text).into_object())
}

pub fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let code = receiver(object);
    let mut hash = cx.hash(code.name.as_object())?
        ^ cx.hash(code.consts.as_object())?
        ^ cx.hash(code.localsplusnames.as_object())?
        ^ i64::from(code.argcount)
        ^ i64::from(code.flags);
    if hash == -1 {
        hash = -2;
    }
    Ok(hash)
}

pub fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !b.is_exact(types().code) {
        return Ok(cx.not_implemented());
    }
    let (x, y) = (receiver(a), receiver(b));
    let (p, q) = (&x.plain, &y.plain);
    let equal = p.name == q.name
        && p.argcount == q.argcount
        && p.posonlyargcount == q.posonlyargcount
        && p.kwonlyargcount == q.kwonlyargcount
        && p.flags == q.flags
        && p.firstlineno == q.firstlineno
        && p.code == q.code
        && p.names == q.names
        && p.localsplusnames == q.localsplusnames
        && p.linetable == q.linetable
        && p.exceptiontable == q.exceptiontable
        && x.consts.as_slice().iter().map(|c| c.ty().as_object().address()).eq(y
            .consts
            .as_slice()
            .iter()
            .map(|c| c.ty().as_object().address()))
        && cx.equal(x.consts.as_object(), y.consts.as_object())?;
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn names_of_kind(cx: Ctx, code: &Code, wanted: u8) -> PyResult {
    let names = (0..code.nlocalsplus as usize)
        .filter(|&i| code.local_kind(i) & wanted != 0)
        .map(|i| code.local_name(i).to_object())
        .collect();
    Ok(cx.new_tuple(names).into_object())
}

macro_rules! number {
    ($name:literal, $get:expr) => {
        MemberDef {
            name: $name,
            get: |cx, code| {
                let get: fn(&Code) -> i64 = $get;
                Ok(cx.new_int(get(receiver(code))))
            },
            set: None,
            doc: "",
        }
    };
}

macro_rules! object {
    ($name:literal, $field:ident) => {
        MemberDef {
            name: $name,
            get: |_, code| Ok(receiver(code).$field.clone().into_object()),
            set: None,
            doc: "",
        }
    };
}

pub static MEMBERS: &[MemberDef] = &[
    number!("co_argcount", |c| i64::from(c.argcount)),
    number!("co_posonlyargcount", |c| i64::from(c.posonlyargcount)),
    number!("co_kwonlyargcount", |c| i64::from(c.kwonlyargcount)),
    number!("co_stacksize", |c| i64::from(c.plain.stacksize)),
    number!("co_flags", |c| i64::from(c.flags)),
    object!("co_names", names),
    object!("co_filename", filename),
    object!("co_name", name),
    object!("co_qualname", qualname),
    number!("co_firstlineno", |c| i64::from(c.plain.firstlineno)),
    MemberDef {
        name: "co_linetable",
        get: |cx, c| Ok(cx.new_bytes(&receiver(c).plain.linetable).into_object()),
        set: None,
        doc: "",
    },
    MemberDef {
        name: "co_exceptiontable",
        get: |cx, c| Ok(cx.new_bytes(&receiver(c).plain.exceptiontable).into_object()),
        set: None,
        doc: "",
    },
    object!("co_consts", consts),
    number!("co_nlocals", |c| i64::from(c.nlocals)),
];

/// `co_lnotab`: the old line table, derived from the new one.
fn lnotab(plain: &CodeObject) -> Vec<u8> {
    let mut table = Vec::new();
    let mut line = plain.firstlineno;
    let mut offset = 0;
    for (start, _end, at) in location::lines(&plain.linetable, plain.firstlineno) {
        let Some(at) = at else { continue };
        if at == line {
            continue;
        }
        let mut bytes = start as i64 - offset;
        let mut delta = i64::from(at) - i64::from(line);
        while bytes > 255 {
            table.extend([255, 0]);
            bytes -= 255;
        }
        loop {
            let step = delta.clamp(-128, 127);
            table.extend([bytes as u8, step as i8 as u8]);
            bytes = 0;
            delta -= step;
            if delta == 0 {
                break;
            }
        }
        line = at;
        offset = i64::from(start);
    }
    table
}

pub static GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "co_lnotab",
        get: Some(|cx, c| Ok(cx.new_bytes(&lnotab(&receiver(c).plain)).into_object())),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "_co_code_adaptive",
        get: Some(|cx, c| {
            let bytes: Vec<u8> = receiver(c).units().iter().flat_map(|u| u.get().to_le_bytes()).collect();
            Ok(cx.new_bytes(&bytes).into_object())
        }),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "co_varnames",
        get: Some(|cx, c| names_of_kind(cx, receiver(c), kind::LOCAL)),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "co_cellvars",
        get: Some(|cx, c| names_of_kind(cx, receiver(c), kind::CELL)),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "co_freevars",
        get: Some(|cx, c| names_of_kind(cx, receiver(c), kind::FREE)),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "co_code",
        get: Some(|cx, c| Ok(cx.new_bytes(&receiver(c).plain.code).into_object())),
        set: None,
        doc: "",
    },
];

fn number_or_none(cx: Ctx, value: Option<i32>) -> Ref {
    value.map_or_else(|| cx.none(), |v| cx.new_int(i64::from(v)))
}

fn lines(cx: Ctx, object: &Object) -> PyResult {
    let plain = &receiver(object).plain;
    let rows = location::lines(&plain.linetable, plain.firstlineno)
        .map(|(start, end, line)| {
            let row = vec![cx.new_int(start.into()), cx.new_int(end.into()), number_or_none(cx, line)];
            cx.new_tuple(row).into_object()
        })
        .collect();
    let list = cx.new_list(rows)?;
    cx.iter(list.as_object())
}

fn positions(cx: Ctx, object: &Object) -> PyResult {
    let plain = &receiver(object).plain;
    let rows = location::positions(&plain.linetable, plain.firstlineno)
        .map(|at| {
            let row = [at.line, at.end_line, at.col, at.end_col].map(|v| number_or_none(cx, v)).to_vec();
            cx.new_tuple(row).into_object()
        })
        .collect();
    let list = cx.new_list(rows)?;
    cx.iter(list.as_object())
}

/// An object as a plain constant; `None` for what no constant can be.
pub fn plain_const(cx: Ctx, object: &Object) -> Option<Const> {
    use crate::objects::bytes::BytesObject;
    if cx.is_none(object) {
        return Some(Const::None);
    }
    if object.is(crate::objects::singletons::ellipsis()) {
        return Some(Const::Ellipsis);
    }
    if object.is_exact(types().bool) {
        let truth = object.is(crate::objects::singletons::bool(true));
        return Some(if truth { Const::True } else { Const::False });
    }
    if let Some(int) = object.downcast_exact::<IntObject>() {
        return Some(Const::Int(int.to_bigint()));
    }
    if let Some(float) = object.downcast_exact::<FloatObject>() {
        return Some(Const::Float(float.value));
    }
    if object.is_exact(types().complex) {
        let (re, im) = crate::objects::complex::value_of(cx, object).ok()?;
        return Some(Const::Complex { re, im });
    }
    if let Some(text) = object.downcast_exact::<StrObject>() {
        return Some(Const::Str(plain_text(text)));
    }
    if let Some(bytes) = object.downcast_exact::<BytesObject>() {
        return Some(Const::Bytes(bytes.as_slice().into()));
    }
    if let Some(tuple) = object.downcast_exact::<TupleObject>() {
        let items: Option<Vec<Const>> = tuple.as_slice().iter().map(|item| plain_const(cx, item)).collect();
        return Some(Const::Tuple(items?.into()));
    }
    if object.is_exact(types().frozenset) {
        let items: Option<Vec<Const>> =
            cx.collect(object).ok()?.iter().map(|item| plain_const(cx, item)).collect();
        return Some(Const::FrozenSet(items?.into()));
    }
    object.downcast_exact::<Code>().map(|code| Const::Code(code.plain.clone()))
}

/// A string as plain text.
pub fn plain_text(text: &StrObject) -> Text {
    match text.as_ascii() {
        Some(ascii) => Text::from(ascii),
        None => Text::from_code_points(text.code_points()),
    }
}

fn replace(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let code = receiver(object);
    if !args.pos().is_empty() {
        return Err(cx.type_error(format_args!(
            "replace() takes exactly 0 positional arguments ({} given)",
            args.pos().len()
        )));
    }
    let mut plain: CodeObject = (*code.plain).clone();
    let texts = |value: &Object| -> PyResult<Vec<Text>> {
        Ok(cx
            .collect(value)?
            .iter()
            .filter_map(|item| item.downcast::<StrObject>().map(plain_text))
            .collect())
    };
    let text = |value: &Object| -> PyResult<Text> {
        value.downcast::<StrObject>().map(plain_text).ok_or_else(|| {
            cx.type_error(format_args!("replace() argument must be str, not {}", value.ty().tp_name()))
        })
    };
    let unsigned = |value: &Object| -> PyResult<u32> {
        u32::try_from(cx.to_i64(value)?).map_err(|_| cx.value_error("code: argcount must not be negative"))
    };
    let (mut varnames, mut cellvars, mut freevars) = (None, None, None);
    for (name, value) in args.keywords() {
        match name.to_string_lossy().as_str() {
            "co_argcount" => plain.argcount = unsigned(value)?,
            "co_posonlyargcount" => plain.posonlyargcount = unsigned(value)?,
            "co_kwonlyargcount" => plain.kwonlyargcount = unsigned(value)?,
            "co_nlocals" => {}
            "co_stacksize" => plain.stacksize = unsigned(value)?,
            "co_flags" => plain.flags = unsigned(value)?,
            "co_firstlineno" => plain.firstlineno = cx.to_i32(value)?,
            "co_code" => plain.code = cx.with_bytes(value, <[u8]>::to_vec)?,
            "co_linetable" => plain.linetable = cx.with_bytes(value, <[u8]>::to_vec)?,
            "co_exceptiontable" => plain.exceptiontable = cx.with_bytes(value, <[u8]>::to_vec)?,
            "co_consts" => {
                let consts: Option<Vec<Const>> =
                    cx.collect(value)?.iter().map(|item| plain_const(cx, item)).collect();
                plain.consts = consts.ok_or_else(|| {
                    cx.type_error("replace() argument 'co_consts' holds what no constant can be")
                })?;
            }
            "co_names" => plain.names = texts(value)?,
            "co_varnames" => varnames = Some(texts(value)?),
            "co_cellvars" => cellvars = Some(texts(value)?),
            "co_freevars" => freevars = Some(texts(value)?),
            "co_filename" => plain.filename = text(value)?,
            "co_name" => plain.name = text(value)?,
            "co_qualname" => plain.qualname = text(value)?,
            other => {
                return Err(
                    cx.type_error(format_args!("'{other}' is an invalid keyword argument for replace()"))
                );
            }
        }
    }
    if varnames.is_some() || cellvars.is_some() || freevars.is_some() {
        let of_kind = |bit: u8| -> Vec<Text> {
            plain
                .localsplusnames
                .iter()
                .zip(&plain.localspluskinds)
                .filter(|(_, k)| **k & bit != 0)
                .map(|(n, _)| n.clone())
                .collect()
        };
        let varnames = varnames.unwrap_or_else(|| of_kind(kind::LOCAL));
        let cellvars = cellvars.unwrap_or_else(|| of_kind(kind::CELL));
        let freevars = freevars.unwrap_or_else(|| of_kind(kind::FREE));
        let mut names = Vec::new();
        let mut kinds = Vec::new();
        for name in varnames {
            let cell = if cellvars.contains(&name) { kind::CELL } else { 0 };
            kinds.push(kind::LOCAL | cell);
            names.push(name);
        }
        for name in cellvars {
            if !names.contains(&name) {
                names.push(name);
                kinds.push(kind::CELL);
            }
        }
        for name in freevars {
            names.push(name);
            kinds.push(kind::FREE);
        }
        plain.localsplusnames = names;
        plain.localspluskinds = kinds;
    }
    Ok(make_foreign_code(cx, &Arc::new(plain)).into_object())
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(176 + receiver(object).plain.code.len()))
}

fn varname_from_oparg(cx: Ctx, object: &Object, index: &Ref) -> PyResult {
    let code = receiver(object);
    let at = cx.to_i64(index)?;
    match usize::try_from(at).ok().filter(|&i| i < code.nlocalsplus as usize) {
        Some(index) => Ok(code.local_name(index).to_object()),
        None => Err(cx.raise(exceptions().index_error, "tuple index out of range")),
    }
}

pub static METHODS: &[MethodDef] = &[
    MethodDef::no_args("__sizeof__", sizeof, ""),
    MethodDef::no_args("co_lines", lines, ""),
    MethodDef::no_args("co_positions", positions, ""),
    MethodDef::keywords(
        "replace",
        replace,
        "replace($self, /, **changes)\n--\n\nReturn a copy with the given fields changed.",
    ),
    MethodDef::one("_varname_from_oparg", varname_from_oparg, ""),
];
