//! Shape and strides: contiguity, the walk over all items, and `cast`.

use super::{MemoryViewObject, Window, item_size, receiver, view_again};
use crate::memory::{Object, Ref};
use crate::objects::args::bind;
use crate::objects::spec::Signature;
use crate::objects::{Args, ListObject, PyResult, StrObject, TupleObject};
use crate::vm::Ctx;

/// Most dimensions.
const MAX_NDIM: usize = 64;

/// Runs `each` with the place of every item, the last dimension moving fastest.
pub(super) fn for_each_place(shape: &[usize], each: &mut dyn FnMut(&[usize])) {
    if shape.contains(&0) {
        return;
    }
    let mut place = vec![0; shape.len()];
    loop {
        each(&place);
        let mut dimension = shape.len();
        loop {
            if dimension == 0 {
                return;
            }
            dimension -= 1;
            place[dimension] += 1;
            if place[dimension] < shape[dimension] {
                break;
            }
            place[dimension] = 0;
        }
    }
}

/// The strides of items that lie one after another.
fn c_strides(shape: &[usize], size: usize) -> Box<[isize]> {
    let mut strides = vec![0; shape.len()];
    let mut step = size as isize;
    for (stride, length) in strides.iter_mut().zip(shape).rev() {
        *stride = step;
        step *= *length as isize;
    }
    strides.into_boxed_slice()
}

impl MemoryViewObject {
    fn lies_along<'a>(&self, dimensions: impl Iterator<Item = (&'a usize, &'a isize)>) -> bool {
        if self.shape.contains(&0) {
            return true;
        }
        let mut step = self.item_size() as isize;
        for (length, stride) in dimensions {
            if *length > 1 && *stride != step {
                return false;
            }
            step *= *length as isize;
        }
        true
    }

    /// Whether the items lie one after another, the last dimension moving fastest.
    pub(super) fn is_c_contiguous(&self) -> bool {
        self.lies_along(self.shape.iter().zip(&self.strides[..]).rev())
    }

    /// Whether the items lie one after another, the first dimension moving fastest.
    pub(super) fn is_f_contiguous(&self) -> bool {
        self.lies_along(self.shape.iter().zip(&self.strides[..]))
    }

    /// The items' bytes, the first dimension moving fastest.
    pub(super) fn to_vec_fortran(&self, cx: Ctx) -> PyResult<Vec<u8>> {
        let bytes = self.lent_bytes(cx)?;
        let size = self.item_size();
        let turned: Vec<usize> = self.shape.iter().rev().copied().collect();
        let mut out = Vec::with_capacity(self.count() * size);
        for_each_place(&turned, &mut |place| {
            let place: Vec<usize> = place.iter().rev().copied().collect();
            let at = self.offset_of(&place);
            out.extend_from_slice(&bytes[at..at + size]);
        });
        Ok(out)
    }
}

/// The lengths that a `shape` argument names.
fn shape_of(cx: Ctx, given: &Object) -> PyResult<Vec<usize>> {
    let items: Vec<Ref> = match (given.downcast::<ListObject>(), given.downcast::<TupleObject>()) {
        (Some(list), _) => list.to_vec(),
        (_, Some(tuple)) => tuple.as_slice().to_vec(),
        _ => return Err(cx.type_error("shape must be a list or a tuple")),
    };
    if items.len() > MAX_NDIM {
        return Err(cx.value_error("memoryview: number of dimensions must not exceed 64"));
    }
    let mut shape = Vec::with_capacity(items.len());
    for item in &items {
        if item.downcast::<crate::objects::IntObject>().is_none() {
            return Err(cx.type_error("memoryview.cast(): elements of shape must be integers"));
        }
        match usize::try_from(cx.to_size(item)?) {
            Ok(length) if length > 0 => shape.push(length),
            _ => {
                return Err(cx.value_error("memoryview.cast(): elements of shape must be integers > 0"));
            }
        }
    }
    Ok(shape)
}

pub(super) fn cast(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "cast", params: &["format", "shape"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let view = receiver(this);
    view.check(cx)?;
    let Some(format) = bound[0].as_ref().and_then(|format| format.downcast::<StrObject>()) else {
        let ty = bound[0].as_ref().map_or_else(String::new, |format| format.ty().tp_name());
        return Err(cx.type_error(format_args!("cast() argument 'format' must be str, not {ty}")));
    };
    if !view.is_c_contiguous() {
        return Err(cx.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let shape = bound[1].as_ref().map(|shape| shape_of(cx, shape)).transpose()?;
    if (shape.is_some() || view.ndim() != 1) && view.shape.contains(&0) {
        return Err(cx.type_error("memoryview: cannot cast view with zeros in shape or strides"));
    }
    if let Some(shape) = &shape
        && shape.len() != 1
        && view.ndim() != 1
    {
        return Err(cx.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    let name = format.to_string_lossy();
    let plain = name.strip_prefix('@').unwrap_or(&name);
    let wanted = match plain.as_bytes() {
        [letter] if item_size(*letter).is_some() => *letter,
        _ => {
            return Err(cx.value_error(
                "memoryview: destination format must be a native single character format prefixed with an optional '@'",
            ));
        }
    };
    let is_byte = |format: u8| matches!(format, b'B' | b'b' | b'c');
    if !is_byte(wanted) && !is_byte(view.format) {
        return Err(cx.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let (bytes, size) = (view.count() * view.item_size(), item_size(wanted).unwrap_or(1));
    if bytes % size != 0 {
        return Err(cx.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let shape = shape.unwrap_or_else(|| vec![bytes / size]);
    let total = shape.iter().try_fold(size, |total, length| total.checked_mul(*length));
    match total {
        None => {
            return Err(cx.value_error("memoryview.cast(): product(shape) > SSIZE_MAX"));
        }
        Some(total) if total != bytes => {
            return Err(cx.type_error("memoryview: product(shape) * itemsize != buffer size"));
        }
        Some(_) => {}
    }
    let window = Window {
        offset: view.offset,
        strides: c_strides(&shape, size),
        shape: shape.into_boxed_slice(),
        format: wanted,
        prefixed: name.starts_with('@'),
        readonly: view.readonly,
    };
    view_again(cx, view, window)
}
