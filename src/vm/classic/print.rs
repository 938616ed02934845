//! The `print` statement and its soft space.

use crate::memory::{Object, Ref};
use crate::objects::classic::file::{FileObject, bytes_of};
use crate::objects::{PyResult, StrObject, types};
use crate::vm::Ctx;

/// `sys.stdout`, or the error that there is none.
pub(super) fn stdout(cx: Ctx) -> PyResult {
    match cx.sys_attr("stdout") {
        Some(file) => Ok(file),
        None => Err(cx.runtime_error("lost sys.stdout")),
    }
}

/// Sets the soft space of a file and gives what it was.
fn soft_space(cx: Ctx, file: &Object, on: bool) -> PyResult<bool> {
    if let Some(file) = FileObject::from(file) {
        return Ok(file.softspace.replace(on));
    }
    let name = cx.intern("softspace");
    let before = match cx.get_attr_opt(file, &name)? {
        Some(value) => cx.is_true(&value)?,
        None => false,
    };
    if let Err(raised) = cx.set_attr(file, &name, Some(&cx.new_int(i64::from(on)))) {
        cx.clear_exception(raised);
    }
    Ok(before)
}

/// Writes text to a file or anything with `write`.
fn write_text(cx: Ctx, file: &Object, text: &Ref) -> PyResult<()> {
    if let (Some(file), Some(text)) = (FileObject::from(file), text.downcast::<StrObject>()) {
        let bytes = bytes_of(cx, text)?;
        return file.write(cx, &bytes);
    }
    let write = cx.get_attr_str(file, "write")?;
    cx.call1(&write, text).map(drop)
}

/// Writes `str(object)`.
pub fn write_object(cx: Ctx, file: &Object, object: &Object) -> PyResult<()> {
    let text = if object.is_exact(types().str) || crate::objects::classic::unicode::is_unicode(object) {
        crate::memory::Layout::to_object(object)
    } else {
        cx.str(object)?.into_object()
    };
    write_text(cx, file, &text)
}

pub(super) fn item(cx: Ctx, file: &Object, object: &Ref) -> PyResult<()> {
    if soft_space(cx, file, false)? {
        write_text(cx, file, &cx.new_str(" ").into_object())?;
    }
    write_object(cx, file, object)?;
    // After text that ends with white space other than a blank no space is due.
    let due = match object.downcast::<StrObject>() {
        Some(text) if !text.is_empty() => {
            let last = text.code_point(text.len() - 1);
            last == 32 || !matches!(last, 9..=13 | 28..=31)
        }
        _ => true,
    };
    soft_space(cx, file, due)?;
    Ok(())
}

pub(super) fn newline(cx: Ctx, file: &Object) -> PyResult<()> {
    write_text(cx, file, &cx.new_str("\n").into_object())?;
    soft_space(cx, file, false)?;
    Ok(())
}

/// Ends a line that `print x,` has begun, before something else is shown (`Py_FlushLine`). In the modern era no such
/// line exists.
pub fn end_line(cx: Ctx) {
    if !crate::era::is_classic() {
        return;
    }
    cx.with_exception_saved(|| {
        let Some(file) = cx.sys_attr("stdout") else { return };
        let ended = soft_space(cx, &file, false).and_then(|due| {
            if due { write_text(cx, &file, &cx.new_str("\n").into_object()) } else { Ok(()) }
        });
        if let Err(raised) = ended {
            cx.clear_exception(raised);
        }
    });
}
