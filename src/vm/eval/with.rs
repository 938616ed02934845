//! `with` and `async with`.

use super::regs::Regs;
use crate::memory::{Object, Ref};
use crate::objects::{PyResult, names};
use crate::vm::Ctx;

#[inline(always)]
pub(super) fn before_with(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let (enter, exit) = manager_methods(cx, r.peek(1))?;
    call_enter(r, cx, enter, exit)
}

#[inline(always)]
pub(super) fn before_async_with(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let (enter, exit) = async_manager_methods(cx, r.peek(1))?;
    call_enter(r, cx, enter, exit)
}

/// Puts the exit in the manager's place and what entering gives above it.
#[inline(always)]
fn call_enter(r: &mut Regs, cx: Ctx, enter: Ref, exit: Ref) -> PyResult<()> {
    r.replace_top(exit);
    let result = cx.call0(&enter);
    drop(enter);
    r.push(result?);
    Ok(())
}

/// `__enter__` and `__exit__` of a context manager.
fn manager_methods(cx: Ctx, manager: &Object) -> PyResult<(Ref, Ref)> {
    let protocol = "context manager protocol";
    let enter = cx.lookup_special(manager, &names().enter)?.ok_or_else(|| {
        cx.type_error(format_args!("'{}' object does not support the {protocol}", manager.ty().tp_name()))
    })?;
    let exit = cx.lookup_special(manager, &names().exit)?.ok_or_else(|| {
        cx.type_error(format_args!(
            "'{}' object does not support the {protocol} (missed __exit__ method)",
            manager.ty().tp_name()
        ))
    })?;
    Ok((enter, exit))
}

/// `__aenter__` and `__aexit__`.
fn async_manager_methods(cx: Ctx, manager: &Object) -> PyResult<(Ref, Ref)> {
    let protocol = "asynchronous context manager protocol";
    let enter = cx.lookup_special(manager, &names().aenter)?.ok_or_else(|| {
        cx.type_error(format_args!("'{}' object does not support the {protocol}", manager.ty().tp_name()))
    })?;
    let exit = cx.lookup_special(manager, &names().aexit)?.ok_or_else(|| {
        cx.type_error(format_args!(
            "'{}' object does not support the {protocol} (missed __aexit__ method)",
            manager.ty().tp_name()
        ))
    })?;
    Ok((enter, exit))
}
