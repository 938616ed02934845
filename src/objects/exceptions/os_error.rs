//! `OSError`: errno, strerror, filenames, and the subclass that fits an errno.

use super::base::{self, args_of, exception, field};
use crate::memory::{Object, Ref};
use crate::objects::spec::{MemberDef, MethodDef};
use crate::objects::{Args, IntObject, PyResult, Raised, TypeObject, exceptions, types};
use crate::vm::Ctx;

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const FILENAME2: usize = 3;

/// The subclass of OSError for an errno, as in PEP 3151.
fn class_for(errno: i64) -> Option<&'static TypeObject> {
    let e = exceptions();
    Some(match i32::try_from(errno).ok()? {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => e.blocking_io_error,
        libc::EPIPE | libc::ESHUTDOWN => e.broken_pipe_error,
        libc::ECHILD => e.child_process_error,
        libc::ECONNABORTED => e.connection_aborted_error,
        libc::ECONNREFUSED => e.connection_refused_error,
        libc::ECONNRESET => e.connection_reset_error,
        libc::EEXIST => e.file_exists_error,
        libc::ENOENT => e.file_not_found_error,
        libc::EISDIR => e.is_a_directory_error,
        libc::ENOTDIR => e.not_a_directory_error,
        libc::EINTR => e.interrupted_error,
        libc::EACCES | libc::EPERM => e.permission_error,
        libc::ESRCH => e.process_lookup_error,
        libc::ETIMEDOUT => e.timeout_error,
        _ => return None,
    })
}

/// `OSError.__new__`: picks the subclass by errno when called as `OSError` itself.
pub fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if ty.is_type(exceptions().os_error) && args.has_keywords() {
        return Err(cx.type_error("OSError() takes no keyword arguments"));
    }
    let pos = args.pos();
    let mut actual = ty;
    if ty.is_type(exceptions().os_error)
        && (2..=5).contains(&pos.len())
        && let Some(errno) = pos[0].downcast::<IntObject>().and_then(IntObject::as_i64)
        && let Some(class) = class_for(errno)
    {
        actual = class;
    }
    let made = base::new(cx, actual, args)?;
    if !overrides_init_only(ty) {
        fill(cx, &made, args)?;
    }
    Ok(made)
}

/// A subclass with its own `__init__` but `OSError.__new__` gets its fields from `__init__`.
fn overrides_init_only(ty: &TypeObject) -> bool {
    let os_error = exceptions().os_error;
    let same = |a: Option<usize>, b: Option<usize>| a == b;
    let init = ty.slots().init.map(|f| f as usize);
    let new = ty.slots().new.map(|f| f as usize);
    !same(init, os_error.slots().init.map(|f| f as usize))
        && same(new, os_error.slots().new.map(|f| f as usize))
}

pub fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    if !overrides_init_only(object.ty()) {
        return Ok(());
    }
    base::no_keywords(cx, object, args)?;
    fill(cx, object, args)
}

fn fill(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let pos = args.pos();
    let mut kept = None;
    if (2..=5).contains(&pos.len()) {
        field(object, ERRNO).set(Some(pos[0].clone()));
        field(object, STRERROR).set(Some(pos[1].clone()));
        if let Some(filename) = pos.get(2).filter(|f| !cx.is_none(f)) {
            let is_blocking = object.is_exact(exceptions().blocking_io_error);
            if is_blocking && pos.len() == 3 && filename.is_instance(types().int) {
                // `characters_written`, which has no field of its own here.
                field(object, FILENAME2).set(Some(filename.clone()));
            } else {
                field(object, FILENAME).set(Some(filename.clone()));
                if let Some(second) = pos.get(4).filter(|f| !cx.is_none(f)) {
                    field(object, FILENAME2).set(Some(second.clone()));
                }
                // The file names are not part of `args`.
                kept = Some(&pos[..2]);
            }
        }
    }
    let kept = kept.map_or_else(|| args.to_tuple(cx), |kept| cx.tuple_from_slice(kept));
    exception(object).args.set(Some(kept));
    Ok(())
}

pub fn str(cx: Ctx, object: &Object) -> PyResult {
    let get = |index: usize| field(object, index).get();
    let show = |value: Option<Ref>| -> PyResult<String> {
        match value {
            Some(value) => Ok(cx.str(&value)?.to_string_lossy()),
            None => Ok("None".to_string()),
        }
    };
    if let Some(filename) = get(FILENAME) {
        let head = format!("[Errno {}] {}: ", show(get(ERRNO))?, show(get(STRERROR))?);
        let mut text = format!("{head}{}", cx.repr_text(&filename)?);
        if let Some(second) = get(FILENAME2) {
            text.push_str(&format!(" -> {}", cx.repr_text(&second)?));
        }
        return Ok(cx.new_str(&text).into_object());
    }
    if get(ERRNO).is_some() && get(STRERROR).is_some() {
        let text = format!("[Errno {}] {}", show(get(ERRNO))?, show(get(STRERROR))?);
        return Ok(cx.new_str(&text).into_object());
    }
    base::str(cx, object)
}

/// `__reduce__`: the file names go back into the arguments.
fn reduce(cx: Ctx, object: &Object) -> PyResult {
    use crate::memory::Layout;
    let mut args = args_of(cx, object).as_slice().to_vec();
    if args.len() == 2
        && let Some(filename) = field(object, FILENAME).get()
    {
        args.push(filename);
        if let Some(second) = field(object, FILENAME2).get() {
            args.push(cx.none());
            args.push(second);
        }
    }
    let class = object.ty().to_object();
    let args = cx.new_tuple(args).into_object();
    Ok(match exception(object).dict.get() {
        Some(dict) => cx.new_tuple(vec![class, args, dict.into_object()]),
        None => cx.new_tuple(vec![class, args]),
    }
    .into_object())
}

pub static METHODS: &[MethodDef] = &[MethodDef::no_args("__reduce__", reduce, "")];

macro_rules! members {
    ($($name:literal = $index:expr, $doc:literal;)*) => {
        &[$(MemberDef {
            name: $name,
            get: |cx, e| Ok(field(e, $index).get().unwrap_or_else(|| cx.none())),
            set: Some(|_, e, value| {
                field(e, $index).set(value.map(Object::to_ref_any));
                Ok(())
            }),
            doc: $doc,
        },)*]
    };
}

trait ToRefAny {
    fn to_ref_any(&self) -> Ref;
}

impl ToRefAny for Object {
    fn to_ref_any(&self) -> Ref {
        use crate::memory::Layout;
        self.to_ref()
    }
}

pub static MEMBERS: &[MemberDef] = members!(
    "errno" = ERRNO, "POSIX exception code";
    "strerror" = STRERROR, "exception strerror";
    "filename" = FILENAME, "exception filename";
    "filename2" = FILENAME2, "second exception filename";
);

impl Ctx {
    /// Raises the OSError for an I/O error of the system, with a file name where one is known.
    pub fn raise_os_error(self, error: &std::io::Error, filename: Option<Ref>) -> Raised {
        match error.raw_os_error() {
            Some(errno) => self.raise_errno(errno, filename),
            None => self.raise(exceptions().os_error, error),
        }
    }

    /// Raises the OSError for an errno.
    pub fn raise_errno(self, errno: i32, filename: Option<Ref>) -> Raised {
        let mut args = vec![self.new_int(i64::from(errno)), self.new_str(&error_text(errno)).into_object()];
        args.extend(filename);
        let ty = exceptions().os_error;
        let args = self.new_tuple(args);
        match self.call_tuple_dict(crate::memory::Layout::as_object(ty), &args, None) {
            Ok(error) => self.raise_with(ty, error),
            Err(raised) => raised,
        }
    }
}

/// The system's text for an errno (`strerror`).
pub fn error_text(errno: i32) -> String {
    // `std` appends " (os error N)".
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    match text.rfind(" (os error") {
        Some(end) => text[..end].to_string(),
        None => text,
    }
}
