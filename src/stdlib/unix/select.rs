//! `select`: waiting until descriptors are ready.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::{descriptor, raw, retried};
use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::declare::{self, TypeCell};
use crate::objects::module::ModuleObject;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{Args, ModuleSpec, PyResult, Slots, TypeObject, exceptions};
use crate::stdlib::support::add_numbers;
use crate::vm::Ctx;

/// When a wait ends.
enum Deadline {
    Never,
    At(Instant),
}

impl Deadline {
    /// From a number of seconds or `None`.
    fn seconds(cx: Ctx, value: Option<&Ref>) -> PyResult<Deadline> {
        match value.filter(|value| !cx.is_none(value)) {
            None => Ok(Deadline::Never),
            Some(value) => {
                let seconds = match cx.to_f64(value) {
                    Ok(seconds) => seconds,
                    Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
                        cx.clear_exception(raised);
                        return Err(cx.type_error("timeout must be a float or None"));
                    }
                    Err(raised) => return Err(raised),
                };
                Ok(Deadline::after(seconds))
            }
        }
    }

    fn after(seconds: f64) -> Deadline {
        match Duration::try_from_secs_f64(seconds.max(0.0)) {
            Ok(length) => Instant::now().checked_add(length).map_or(Deadline::Never, Deadline::At),
            Err(_) => Deadline::Never,
        }
    }

    /// What is left, in milliseconds rounded up; -1 for ever.
    fn left(&self) -> i32 {
        match self {
            Deadline::Never => -1,
            Deadline::At(end) => crate::vm::outside::ask("time left", || {
                let left = end.saturating_duration_since(Instant::now());
                i32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX)
            }),
        }
    }
}

fn select(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "select", args, 3, 4)?;
    let deadline = match args.get(3).filter(|value| !cx.is_none(value)) {
        Some(value) => {
            let seconds = cx.to_f64(value).map_err(|raised| {
                cx.clear_exception(raised);
                cx.type_error("timeout must be a float or None")
            })?;
            if seconds < 0.0 {
                return Err(cx.value_error("timeout must be non-negative"));
            }
            Deadline::after(seconds)
        }
        None => Deadline::Never,
    };
    let wanted = [libc::POLLIN, libc::POLLOUT, libc::POLLPRI];
    let mut lists = Vec::with_capacity(3);
    let mut fds = Vec::new();
    for (list, events) in args[..3].iter().zip(wanted) {
        let mut objects = Vec::new();
        for object in cx.sequence_fast(list, "arguments 1-3 must be sequences")? {
            let fd = descriptor(cx, &object)?;
            if fd as usize >= libc::FD_SETSIZE {
                return Err(cx.value_error("filedescriptor out of range in select()"));
            }
            fds.push(libc::pollfd { fd, events, revents: 0 });
            objects.push(object);
        }
        lists.push(objects);
    }
    retried(cx, || raw::poll(&mut fds, deadline.left()))?;
    if let Some(bad) = fds.iter().find(|fd| fd.revents & libc::POLLNVAL != 0) {
        let _ = bad;
        return Err(cx.raise_errno(libc::EBADF, None));
    }
    let mut answers = fds.iter().map(|fd| fd.revents);
    let ready = [libc::POLLIN | libc::POLLHUP | libc::POLLERR, libc::POLLOUT | libc::POLLERR, libc::POLLPRI];
    let mut result = Vec::with_capacity(3);
    for (objects, ready) in lists.into_iter().zip(ready) {
        let mut found = Vec::new();
        for object in objects {
            if answers.next().is_some_and(|events| events & ready != 0) {
                found.push(object);
            }
        }
        result.push(cx.new_list(found)?.into_object());
    }
    Ok(cx.new_tuple(result).into_object())
}

crate::declare_object! {
    /// `select.poll`'s object: descriptors and the events wanted.
    Poll {
        traced {}
        plain { wanted: RefCell<Option<Box<BTreeMap<i32, i16>>>>, }
    }
}

static POLL: TypeCell = TypeCell::new();

fn new_poll(cx: Ctx, _: &Object) -> PyResult {
    let made = declare::make::<Poll>(cx, POLL.get(cx)?)?;
    *made.wanted.borrow_mut() = Some(Box::default());
    Ok(made.into_object())
}

fn event_mask(cx: Ctx, value: Option<&Ref>) -> PyResult<i16> {
    let Some(value) = value else { return Ok(libc::POLLIN | libc::POLLPRI | libc::POLLOUT) };
    let mask = cx.to_i64(value)?;
    u16::try_from(mask).map(|mask| mask as i16).map_err(|_| {
        if mask < 0 {
            cx.value_error("value must be positive")
        } else {
            cx.overflow_error("Python int too large for C unsigned short")
        }
    })
}

fn poll_register(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "register", args, 1, 2)?;
    let (fd, mask) = (descriptor(cx, &args[0])?, event_mask(cx, args.get(1))?);
    if let Some(wanted) = Poll::of(this).wanted.borrow_mut().as_mut() {
        wanted.insert(fd, mask);
    }
    Ok(cx.none())
}

fn poll_modify(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "modify", args, 2, 2)?;
    let (fd, mask) = (descriptor(cx, &args[0])?, event_mask(cx, args.get(1))?);
    match Poll::of(this).wanted.borrow_mut().as_mut().and_then(|wanted| wanted.get_mut(&fd)) {
        Some(place) => *place = mask,
        None => return Err(cx.raise_errno(libc::ENOENT, None)),
    }
    Ok(cx.none())
}

fn poll_unregister(cx: Ctx, this: &Object, fd: &Ref) -> PyResult {
    let fd = descriptor(cx, fd)?;
    let removed = Poll::of(this).wanted.borrow_mut().as_mut().and_then(|wanted| wanted.remove(&fd));
    match removed {
        Some(_) => Ok(cx.none()),
        None => Err(cx.key_error(cx.new_int(fd.into()))),
    }
}

fn poll_poll(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "poll", args, 0, 1)?;
    let deadline = match args.first().filter(|value| !cx.is_none(value)) {
        None => Deadline::Never,
        Some(value) => match cx.to_f64(value)? {
            milliseconds if milliseconds < 0.0 => Deadline::Never,
            milliseconds => Deadline::after(milliseconds / 1000.0),
        },
    };
    let mut fds: Vec<libc::pollfd> = match Poll::of(this).wanted.borrow().as_ref() {
        Some(wanted) => {
            wanted.iter().map(|(fd, events)| libc::pollfd { fd: *fd, events: *events, revents: 0 }).collect()
        }
        None => Vec::new(),
    };
    retried(cx, || raw::poll(&mut fds, deadline.left()))?;
    let ready = fds.iter().filter(|fd| fd.revents != 0).map(|fd| {
        let pair = vec![cx.new_int(fd.fd.into()), cx.new_int(i64::from(fd.revents as u16))];
        cx.new_tuple(pair).into_object()
    });
    Ok(cx.new_list(ready.collect())?.into_object())
}

static POLL_SPEC: TypeSpec = TypeSpec {
    name: "select.poll",
    layout: Layout::plain::<Poll>(),
    basicsize: 40,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    methods: &[
        MethodDef::fast(
            "register",
            poll_register,
            "register($self, fd, eventmask=<unrepresentable>, /)\n--\n\nRegister a file descriptor with the polling object.",
        ),
        MethodDef::fast(
            "modify",
            poll_modify,
            "modify($self, fd, eventmask, /)\n--\n\nModify an already registered file descriptor.",
        ),
        MethodDef::one(
            "unregister",
            poll_unregister,
            "unregister($self, fd, /)\n--\n\nRemove a file descriptor being tracked by the polling object.",
        ),
        MethodDef::fast(
            "poll",
            poll_poll,
            "poll($self, timeout=None, /)\n--\n\nPolls the set of registered file descriptors.",
        ),
    ],
    dealloc: Some(memory::dealloc_as::<Poll>),
    ..TypeSpec::EMPTY
};

crate::declare_object! {
    /// `select.epoll`; the descriptor is stored one higher, so that zero means closed.
    Epoll {
        traced {}
        plain { fd: Cell<i32>, }
    }
}

impl Epoll {
    fn descriptor(&self, cx: Ctx) -> PyResult<i32> {
        match self.fd.get() {
            0 => Err(cx.value_error("I/O operation on closed epoll object")),
            fd => Ok(fd - 1),
        }
    }

    fn close(&self) {
        let fd = self.fd.replace(0);
        if fd != 0 {
            drop(crate::stdlib::posix::raw::close(fd - 1));
        }
    }
}

fn epoll_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "epoll", params: &["sizehint", "flags"], required: 0, max_positional: 2 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    if let Some(hint) = &given[0] {
        let hint = cx.to_i32(hint)?;
        if hint < -1 || hint == 0 {
            return Err(cx.value_error("sizehint must be positive or -1"));
        }
    }
    let fd = raw::epoll_create().map_err(|error| cx.raise_os_error(&error, None))?;
    let made = declare::make::<Epoll>(cx, ty)?;
    made.fd.set(fd + 1);
    Ok(made.into_object())
}

fn epoll_control(cx: Ctx, this: &Object, operation: i32, args: Args<'_>, name: &'static str) -> PyResult {
    let signature = Signature { name, params: &["fd", "eventmask"], required: 1, max_positional: 2 };
    let mut given = [None, None];
    bind(cx, &signature, args, &mut given)?;
    let [Some(fd), mask] = given else { return Err(cx.system_error("bad internal call")) };
    let epoll = Epoll::of(this).descriptor(cx)?;
    let fd = descriptor(cx, &fd)?;
    let default = (libc::EPOLLIN | libc::EPOLLOUT | libc::EPOLLPRI) as u32;
    let mask = mask.map_or(Ok(default), |mask| crate::stdlib::support::wrapped_u32(cx, &mask))?;
    raw::epoll_control(epoll, operation, fd, mask).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.none())
}

fn epoll_poll(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "poll", params: &["timeout", "maxevents"], required: 0, max_positional: 2 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let epoll = Epoll::of(this).descriptor(cx)?;
    let deadline = match given[0].as_ref().filter(|value| !cx.is_none(value)) {
        Some(value) if cx.to_f64(value)? < 0.0 => Deadline::Never,
        other => Deadline::seconds(cx, other)?,
    };
    let most = match given[1].as_ref().map_or(Ok(-1), |most| cx.to_i32(most))? {
        -1 => libc::FD_SETSIZE - 1,
        most if most > 0 => most as usize,
        most => {
            return Err(cx.value_error(format_args!("maxevents must be greater than 0, got {most}")));
        }
    };
    let ready = retried(cx, || raw::epoll_wait(epoll, most, deadline.left()))?;
    let pairs = ready.into_iter().map(|(fd, events)| {
        cx.new_tuple(vec![cx.new_int(fd.into()), cx.new_int(events.into())]).into_object()
    });
    Ok(cx.new_list(pairs.collect())?.into_object())
}

unsafe fn epoll_dealloc(object: std::ptr::NonNull<Object>) {
    // SAFETY: the slot of this type.
    unsafe {
        Epoll::of(object.as_ref()).close();
        memory::dealloc_as::<Epoll>(object);
    }
}

static EPOLL_SPEC: TypeSpec = TypeSpec {
    name: "select.epoll",
    doc: Some("select.epoll(sizehint=-1, flags=0)\n\nReturns an epolling object"),
    layout: Layout::plain::<Epoll>(),
    basicsize: 24,
    slots: Slots { new: Some(epoll_new), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args(
            "close",
            |cx, this| {
                Epoll::of(this).close();
                Ok(cx.none())
            },
            "close($self, /)\n--\n\nClose the epoll control file descriptor.",
        ),
        MethodDef::no_args(
            "fileno",
            |cx, this| Ok(cx.new_int(Epoll::of(this).descriptor(cx)?.into())),
            "fileno($self, /)\n--\n\nReturn the epoll control file descriptor.",
        ),
        MethodDef::keywords(
            "register",
            |cx, this, args| epoll_control(cx, this, libc::EPOLL_CTL_ADD, args, "register"),
            "register($self, /, fd, eventmask=<unrepresentable>)\n--\n\nRegisters a new fd or raises an OSError if the fd is already registered.",
        ),
        MethodDef::keywords(
            "modify",
            |cx, this, args| epoll_control(cx, this, libc::EPOLL_CTL_MOD, args, "modify"),
            "modify($self, /, fd, eventmask)\n--\n\nModify event mask for a registered file descriptor.",
        ),
        MethodDef::keywords(
            "unregister",
            |cx, this, args| epoll_control(cx, this, libc::EPOLL_CTL_DEL, args, "unregister"),
            "unregister($self, /, fd)\n--\n\nRemove a registered file descriptor from the epoll object.",
        ),
        MethodDef::keywords(
            "poll",
            epoll_poll,
            "poll($self, /, timeout=None, maxevents=-1)\n--\n\nWait for events on the epoll file descriptor.",
        ),
        MethodDef::no_args(
            "__enter__",
            |cx, this| {
                Epoll::of(this).descriptor(cx)?;
                Ok(this.to_ref())
            },
            "",
        ),
        MethodDef::fast(
            "__exit__",
            |cx, this, _| {
                Epoll::of(this).close();
                Ok(cx.none())
            },
            "",
        ),
    ],
    getset: &[GetSetDef {
        name: "closed",
        get: Some(|cx, this| Ok(cx.bool(Epoll::of(this).fd.get() == 0))),
        set: None,
        doc: "True if the epoll handler is closed",
    }],
    dealloc: Some(epoll_dealloc),
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let ready = crate::objects::type_::ready::new_static_type;
    POLL.set(ready(cx, &POLL_SPEC)?);
    module.add(cx, "epoll", ready(cx, &EPOLL_SPEC)?.to_object())?;
    module.add(cx, "error", exceptions().os_error.to_object())?;
    add_numbers(
        cx,
        module,
        &[
            ("PIPE_BUF", 4096),
            ("POLLIN", 1),
            ("POLLPRI", 2),
            ("POLLOUT", 4),
            ("POLLERR", 8),
            ("POLLHUP", 16),
            ("POLLNVAL", 32),
            ("POLLRDNORM", 64),
            ("POLLRDBAND", 128),
            ("POLLWRNORM", 256),
            ("POLLWRBAND", 512),
            ("POLLMSG", 1024),
            ("POLLRDHUP", 8192),
            ("EPOLLIN", 1),
            ("EPOLLPRI", 2),
            ("EPOLLOUT", 4),
            ("EPOLLERR", 8),
            ("EPOLLHUP", 16),
            ("EPOLLRDNORM", 64),
            ("EPOLLRDBAND", 128),
            ("EPOLLWRNORM", 256),
            ("EPOLLWRBAND", 512),
            ("EPOLLMSG", 1024),
            ("EPOLLRDHUP", 8192),
            ("EPOLLEXCLUSIVE", 1 << 28),
            ("EPOLLONESHOT", 1 << 30),
            ("EPOLLET", 1 << 31),
            ("EPOLL_CLOEXEC", 0o2000000),
        ],
    )
}

pub static SELECT: ModuleSpec = ModuleSpec {
    name: "select",
    doc: Some("This module supports asynchronous I/O on multiple file descriptors."),
    functions: &[
        MethodDef::fast(
            "select",
            select,
            "select($module, rlist, wlist, xlist, timeout=None, /)\n--\n\nWait until one or more file descriptors are ready for some kind of I/O.",
        ),
        MethodDef::no_args("poll", new_poll, "poll($module, /)\n--\n\nReturns a polling object."),
    ],
    exec: Some(exec),
};
