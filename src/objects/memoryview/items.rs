//! Items of a view: native single-character formats as objects and back.

use crate::memory::{Object, Ref};
use crate::objects::bytes::BytesObject;
use crate::objects::{FloatObject, PyResult, types};
use crate::vm::Ctx;

/// Bytes of an item of a native single-character format.
pub(crate) fn item_size(format: u8) -> Option<usize> {
    Some(match format {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

/// An item as an object.
pub(crate) fn unpack(cx: Ctx, format: u8, bytes: &[u8]) -> Ref {
    let mut wide = [0u8; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    let unsigned = u64::from_le_bytes(wide);
    let shift = 64 - 8 * bytes.len() as u32;
    let signed = ((unsigned << shift) as i64) >> shift;
    match format {
        b'c' => cx.new_bytes(bytes).into_object(),
        b'?' => cx.bool(unsigned != 0),
        b'f' => cx.new_float(f32::from_bits(unsigned as u32).into()),
        b'd' => cx.new_float(f64::from_bits(unsigned)),
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => cx.new_int(signed),
        _ => cx.new_uint(unsigned as usize),
    }
}

/// An object as the bytes of an item.
pub(crate) fn pack(cx: Ctx, format: u8, value: &Object) -> PyResult<Vec<u8>> {
    let letter = format as char;
    let wrong_type = || cx.type_error(format_args!("memoryview: invalid type for format '{letter}'"));
    let wrong_value = || cx.value_error(format_args!("memoryview: invalid value for format '{letter}'"));
    let size = item_size(format).unwrap_or(1);
    match format {
        b'c' => match value.downcast::<BytesObject>().map(BytesObject::as_slice) {
            Some([byte]) => Ok(vec![*byte]),
            Some(_) => Err(wrong_value()),
            None => Err(wrong_type()),
        },
        b'?' => Ok(vec![cx.is_true(value)?.into()]),
        b'f' | b'd' => {
            if !value.is_instance(types().float) && value.ty().slots().nb_float.is_none() {
                return Err(wrong_type());
            }
            let number =
                value.downcast::<FloatObject>().map_or_else(|| cx.to_f64(value), |float| Ok(float.value))?;
            Ok(if format == b'f' {
                (number as f32).to_le_bytes().to_vec()
            } else {
                number.to_le_bytes().to_vec()
            })
        }
        _ => {
            if value.ty().slots().nb_index.is_none() {
                return Err(wrong_type());
            }
            let int = cx.index(value)?.to_bigint();
            let signed = matches!(format, b'b' | b'h' | b'i' | b'l' | b'q' | b'n');
            let mut bytes = if signed {
                crate::objects::int::ops::to_bytes(&int, size, true)
            } else if int.sign() == num_bigint::Sign::Minus {
                None
            } else {
                crate::objects::int::ops::to_bytes(&int, size, false)
            }
            .ok_or_else(wrong_value)?;
            bytes.reverse();
            Ok(bytes)
        }
    }
}
