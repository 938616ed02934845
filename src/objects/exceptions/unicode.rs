//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`.
//! Fields: encoding, object, start, end, reason.

use super::base::{self, field};
use crate::memory::{Object, Ref};
use crate::objects::bytes::BytesObject;
use crate::objects::spec::MemberDef;
use crate::objects::{Args, PyResult, Raised, StrObject, TypeObject, exceptions, types};
use crate::vm::Ctx;

fn init_with(
    cx: Ctx,
    object: &Object,
    args: Args<'_>,
    kinds: &[(&str, usize, fn() -> &'static TypeObject)],
) -> PyResult<()> {
    base::init(cx, object, args)?;
    let name = object.ty().name_text();
    if args.pos().len() != kinds.len() {
        return Err(cx.type_error(format_args!(
            "function takes exactly {} arguments ({} given)",
            kinds.len(),
            args.pos().len()
        )));
    }
    let _ = name;
    for (position, (value, (wanted, index, ty))) in args.pos().iter().zip(kinds).enumerate() {
        let mut value = value.clone();
        if *index == 1 && *wanted == "bytes" && !value.is_instance(types().bytes) {
            value = cx.with_bytes(&value, <[u8]>::to_vec).map(|bytes| cx.new_bytes(&bytes).into_object())?;
        }
        if !value.is_instance(ty()) {
            return Err(cx.type_error(format_args!(
                "argument {} must be {wanted}, not {}",
                position + 1,
                value.ty().tp_name()
            )));
        }
        field(object, *index).set(Some(value));
    }
    Ok(())
}

fn str_type() -> &'static TypeObject {
    types().str
}
fn bytes_type() -> &'static TypeObject {
    types().bytes
}
fn int_type() -> &'static TypeObject {
    types().int
}

pub fn encode_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    init_with(
        cx,
        object,
        args,
        &[
            ("str", 0, str_type),
            ("str", 1, str_type),
            ("int", 2, int_type),
            ("int", 3, int_type),
            ("str", 4, str_type),
        ],
    )
}

pub fn decode_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    init_with(
        cx,
        object,
        args,
        &[
            ("str", 0, str_type),
            ("bytes", 1, bytes_type),
            ("int", 2, int_type),
            ("int", 3, int_type),
            ("str", 4, str_type),
        ],
    )
}

pub fn translate_init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    init_with(
        cx,
        object,
        args,
        &[("str", 1, str_type), ("int", 2, int_type), ("int", 3, int_type), ("str", 4, str_type)],
    )
}

fn text(cx: Ctx, object: &Object, index: usize) -> PyResult<String> {
    match field(object, index).get() {
        Some(value) => Ok(cx.str(&value)?.to_string_lossy()),
        None => Ok(String::new()),
    }
}

fn number(cx: Ctx, object: &Object, index: usize) -> PyResult<i64> {
    match field(object, index).get() {
        Some(value) => cx.to_i64(&value),
        None => Ok(0),
    }
}

fn character(point: u32) -> String {
    match point {
        0..=0xff => format!("\\x{point:02x}"),
        0x100..=0xffff => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    }
}

/// "'ascii' codec can't encode character '\xe9' in position 3: ordinal not in range(128)" and kin.
pub fn str(cx: Ctx, object: &Object) -> PyResult {
    let e = exceptions();
    let Some(subject) = field(object, 1).get() else {
        return Ok(cx.new_str("").into_object());
    };
    let (start, end) = (number(cx, object, 2)?, number(cx, object, 3)?);
    let reason = text(cx, object, 4)?;
    let message = if object.is_instance(e.unicode_decode_error) {
        let encoding = text(cx, object, 0)?;
        let byte = subject
            .downcast::<BytesObject>()
            .and_then(|b| b.as_slice().get(usize::try_from(start).ok()?).copied());
        match byte {
            Some(byte) if end == start + 1 => {
                format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
            }
            _ => format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", end - 1),
        }
    } else {
        let verb = if object.is_instance(e.unicode_encode_error) {
            format!("'{}' codec can't encode", text(cx, object, 0)?)
        } else {
            "can't translate".to_string()
        };
        let point = subject.downcast::<StrObject>().and_then(|s| {
            let at = usize::try_from(start).ok()?;
            (at < s.len()).then(|| s.code_point(at))
        });
        match point {
            Some(point) if end == start + 1 => {
                format!("{verb} character '{}' in position {start}: {reason}", character(point))
            }
            _ => format!("{verb} characters in position {start}-{}: {reason}", end - 1),
        }
    };
    Ok(cx.new_str(&message).into_object())
}

macro_rules! members {
    ($($name:literal = $index:literal, $doc:literal;)*) => {
        &[$(MemberDef {
            name: $name,
            get: |cx, e| Ok(field(e, $index).get().unwrap_or_else(|| cx.none())),
            set: Some(|_, e, value| {
                use crate::memory::Layout;
                field(e, $index).set(value.map(Layout::to_ref));
                Ok(())
            }),
            doc: $doc,
        },)*]
    };
}

pub static MEMBERS: &[MemberDef] = members!(
    "encoding" = 0, "exception encoding";
    "object" = 1, "exception object";
    "start" = 2, "exception start";
    "end" = 3, "exception end";
    "reason" = 4, "exception reason";
);

impl Ctx {
    /// Raises a UnicodeDecodeError.
    pub fn unicode_decode_error(
        self,
        encoding: &str,
        bytes: &[u8],
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        let args = vec![
            self.new_str(encoding).into_object(),
            self.new_bytes(bytes).into_object(),
            self.new_uint(start),
            self.new_uint(end),
            self.new_str(reason).into_object(),
        ];
        self.raise_made(exceptions().unicode_decode_error, &args)
    }

    /// Raises a UnicodeEncodeError.
    pub fn unicode_encode_error(
        self,
        encoding: &str,
        text: Ref,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        let args = vec![
            self.new_str(encoding).into_object(),
            text,
            self.new_uint(start),
            self.new_uint(end),
            self.new_str(reason).into_object(),
        ];
        self.raise_made(exceptions().unicode_encode_error, &args)
    }

    fn raise_made(self, ty: &TypeObject, args: &[Ref]) -> Raised {
        match self.call(crate::memory::Layout::as_object(ty), args) {
            Ok(error) => self.raise_with(ty, error),
            Err(raised) => raised,
        }
    }
}
