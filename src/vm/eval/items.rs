//! Subscripts and slices.

use super::regs::Regs;
use crate::memory::{Layout, Object, Ref};
use crate::objects::dict::DictObject;
use crate::objects::slice::new_slice;
use crate::objects::{IntObject, ListObject, PyResult, TupleObject, types};
use crate::vm::Ctx;

/// Caches behind `BINARY_SUBSCR` and `STORE_SUBSCR`, in units.
const LOAD_CACHES: usize = 4;
const STORE_CACHES: usize = 1;

#[inline(always)]
pub(super) fn binary_subscr(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let (container, key) = (r.peek(2), r.peek(1));
    let result = match subscript_fast(container, key) {
        Some(value) => Ok(value),
        None => match container.downcast_exact::<DictObject>() {
            Some(dict) => match dict.get(cx, key) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(cx.key_error(key.to_ref())),
                Err(raised) => Err(raised),
            },
            None => cx.get_item(container, key),
        },
    };
    let key = r.pop();
    drop(r.pop());
    drop(key);
    r.push(result?);
    r.skip(LOAD_CACHES);
    Ok(())
}

#[inline(always)]
pub(super) fn store_subscr(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let key = r.pop();
    let container = r.pop();
    let value = r.pop();
    let result = if let Some(place) = list_place(&container, &key) {
        // SAFETY: a place is found in exact lists only.
        drop(unsafe { container.cast::<ListObject>() }.replace(place, value.clone()));
        Ok(())
    } else if let Some(dict) = container.downcast_exact::<DictObject>() {
        dict.set(cx, &key, value.clone())
    } else {
        cx.set_item(&container, &key, Some(&value))
    };
    drop(value);
    drop(container);
    drop(key);
    result?;
    r.skip(STORE_CACHES);
    Ok(())
}

#[inline(always)]
pub(super) fn delete_subscr(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let key = r.pop();
    let container = r.pop();
    let result = cx.set_item(&container, &key, None);
    drop(container);
    drop(key);
    result
}

#[inline(always)]
pub(super) fn build_slice(r: &mut Regs, cx: Ctx, parts: u32) {
    let step = if parts == 3 { r.pop() } else { cx.none() };
    let stop = r.pop();
    let start = r.pop();
    r.push(new_slice(start, stop, step).into_object());
}

/// `container[key]` for exact lists and tuples with a plain index in range.
#[inline(always)]
fn subscript_fast(container: &Object, key: &Object) -> Option<Ref> {
    if !key.is_exact(types().int) {
        return None;
    }
    // SAFETY: the types are checked before each cast.
    unsafe {
        let items = if container.is_exact(types().list) {
            container.cast::<ListObject>().peek_slice()
        } else if container.is_exact(types().tuple) {
            container.cast::<TupleObject>().as_slice()
        } else {
            return None;
        };
        let index = key.cast::<IntObject>().as_i64()?;
        let index = if index < 0 { index + items.len() as i64 } else { index };
        items.get(usize::try_from(index).ok()?).cloned()
    }
}

/// The index that `list[key] = value` stores at, for an exact list and a plain index in range.
#[inline(always)]
fn list_place(container: &Object, key: &Object) -> Option<usize> {
    if !container.is_exact(types().list) || !key.is_exact(types().int) {
        return None;
    }
    // SAFETY: both types were just checked.
    let (len, index) = unsafe { (container.cast::<ListObject>().len(), key.cast::<IntObject>().as_i64()?) };
    let index = if index < 0 { index + len as i64 } else { index };
    usize::try_from(index).ok().filter(|&index| index < len)
}
