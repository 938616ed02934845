//! Instructions on locals, cells, constants and the order of the value stack.

use super::names;
use super::regs::Regs;
use crate::memory::Ref;
use crate::objects::PyResult;
use crate::objects::cell::new_cell;
use crate::vm::Ctx;

#[inline(always)]
pub(super) fn load_fast(r: &mut Regs, cx: Ctx, index: u32) -> PyResult<()> {
    match r.local(index) {
        Some(value) => {
            r.push_borrowed(value);
            Ok(())
        }
        None => Err(names::unbound_local(cx, r.code(), index as usize)),
    }
}

#[inline(always)]
pub(super) fn store_fast(r: &mut Regs, index: u32) {
    let value = r.pop();
    drop(r.replace_local(index, Some(value)));
}

#[inline(always)]
pub(super) fn delete_fast(r: &mut Regs, cx: Ctx, index: u32) -> PyResult<()> {
    match r.replace_local(index, None) {
        Some(old) => {
            drop(old);
            Ok(())
        }
        None => Err(names::unbound_local(cx, r.code(), index as usize)),
    }
}

#[inline(always)]
pub(super) fn load_const(r: &mut Regs, index: u32) {
    r.push_borrowed(r.constant(index));
}

#[inline(always)]
pub(super) fn copy(r: &mut Regs, depth: u32) {
    r.push_borrowed(r.peek(depth as usize));
}

#[inline(always)]
pub(super) fn make_cell(r: &mut Regs, cx: Ctx, index: u32) {
    let initial = r.replace_local(index, None);
    r.replace_local(index, Some(new_cell(cx, initial).into_object()));
}

#[inline(always)]
pub(super) fn copy_free_vars(r: &mut Regs, count: u32) {
    if let Some(closure) = r.frame().function().closure.peek() {
        let first = r.code().nlocalsplus - count;
        for (index, cell) in closure.as_slice().iter().take(count as usize).enumerate() {
            r.replace_local(first + index as u32, Some(cell.clone()));
        }
    }
}

#[inline(always)]
pub(super) fn load_deref(r: &mut Regs, cx: Ctx, index: u32) -> PyResult<()> {
    match r.cell(index).contents.get() {
        Some(value) => {
            r.push(value);
            Ok(())
        }
        None => Err(names::unbound_cell(cx, r.code(), index as usize)),
    }
}

#[inline(always)]
pub(super) fn load_classderef(r: &mut Regs, cx: Ctx, index: u32) -> PyResult<()> {
    let value = names::load_classderef(cx, r.frame(), index as usize)?;
    r.push(value);
    Ok(())
}

#[inline(always)]
pub(super) fn store_deref(r: &mut Regs, index: u32) {
    let value = r.pop();
    r.cell(index).contents.set(Some(value));
}

#[inline(always)]
pub(super) fn delete_deref(r: &mut Regs, cx: Ctx, index: u32) -> PyResult<()> {
    let old: Option<Ref> = r.cell(index).contents.take();
    match old {
        Some(old) => {
            drop(old);
            Ok(())
        }
        None => Err(names::unbound_cell(cx, r.code(), index as usize)),
    }
}
