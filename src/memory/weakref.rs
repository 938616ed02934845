//! Weak references as memory sees them: an intrusive list per referent.
//!
//! The list is ordered as CPython's: first the shared `ref` without callback, if there is one,
//! then the shared proxy without callback, then all others, newest first. A weak reference owns
//! its callback and nothing else.

use std::cell::Cell;
use std::ptr::NonNull;

use super::host::host;
use super::object::{Object, WeakKind};
use super::refs::{Layout, Ref, Slot};

/// The layout of `weakref.ref` and the proxies.
#[repr(C)]
pub struct WeakRefCore {
    pub object: Object,
    /// The referent, or `None` once it is gone.
    pub referent: Cell<Option<NonNull<Object>>>,
    pub callback: Slot,
    /// Hash of the referent once asked for, -1 before.
    pub hash: Cell<i64>,
    pub prev: Cell<Option<NonNull<WeakRefCore>>>,
    pub next: Cell<Option<NonNull<WeakRefCore>>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for WeakRefCore {}

type Link = Option<NonNull<WeakRefCore>>;

/// Where the referent keeps the head of its list; `None` when its type has no weak references.
pub(super) fn list_head(referent: &Object) -> Option<&Cell<Link>> {
    // Signed: some types keep it in front of the object.
    let offset = referent.type_core().info.weaklist_offset.get() as i32 as isize;
    if offset == 0 {
        return None;
    }
    // SAFETY: the type says that there is a link at this offset of its instances; `Link` has the
    // shape of a pointer.
    Some(unsafe { referent.as_ptr().cast::<u8>().offset(offset).cast::<Cell<Link>>().as_ref() })
}

/// A weak reference out of a link.
#[inline]
fn at<'a>(link: Link) -> Option<&'a WeakRefCore> {
    // SAFETY: links lead to weak references, which unlink themselves before they die.
    link.map(|weakref| unsafe { weakref.as_ref() })
}

fn kind(weakref: &WeakRefCore) -> WeakKind {
    weakref.object.type_core().info.weak_kind.get()
}

/// The shared `ref` and proxy at the head of a list.
fn shared<'a>(head: Link) -> (Option<&'a WeakRefCore>, Option<&'a WeakRefCore>) {
    let without_callback = |link| at(link).filter(|weakref: &&WeakRefCore| weakref.callback.is_empty());
    let first = without_callback(head);
    let basic = first.filter(|weakref| kind(weakref) == WeakKind::Ref);
    let behind = match basic {
        Some(basic) => without_callback(basic.next.get()),
        None => first,
    };
    (basic, behind.filter(|weakref| kind(weakref) == WeakKind::Proxy))
}

/// The shared reference (`WeakKind::Ref`) or proxy (`WeakKind::Proxy`) without callback, if the
/// referent has one already.
pub fn find_shared(referent: &Object, wanted: WeakKind) -> Option<Ref<WeakRefCore>> {
    let (basic, proxy) = shared(list_head(referent)?.get());
    match wanted {
        WeakKind::Ref => basic,
        WeakKind::Proxy => proxy,
        WeakKind::No | WeakKind::Other => None,
    }
    .map(Layout::to_ref)
}

/// Points a fresh weak reference (callback set, not linked) at `referent` and puts it into its
/// list. Nothing happens when the referent's type has no weak references.
pub fn attach(weakref: &WeakRefCore, referent: &Object) {
    let Some(head) = list_head(referent) else { return };
    weakref.referent.set(Some(referent.as_ptr()));
    let (basic, proxy) = shared(head.get());
    let is_shared = weakref.callback.is_empty();
    let before = match kind(weakref) {
        WeakKind::Ref if is_shared => None,
        WeakKind::Proxy if is_shared => basic,
        _ => proxy.or(basic),
    };
    let this = Some(NonNull::from(weakref));
    match before {
        Some(before) => {
            weakref.prev.set(Some(NonNull::from(before)));
            weakref.next.set(before.next.replace(this));
        }
        None => {
            weakref.prev.set(None);
            weakref.next.set(head.replace(this));
        }
    }
    if let Some(next) = at(weakref.next.get()) {
        next.prev.set(this);
    }
}

/// Empties a weak reference and takes it out of its referent's list; the callback stays
/// (`_PyWeakref_ClearRef`). Nothing happens when it is empty already.
pub fn detach(weakref: &WeakRefCore) {
    let Some(referent) = weakref.referent.take() else { return };
    let (prev, next) = (weakref.prev.take(), weakref.next.take());
    match at(prev) {
        Some(prev) => prev.next.set(next),
        None => {
            // SAFETY: a referent empties its weak references before it is freed.
            if let Some(head) = list_head(unsafe { referent.as_ref() }) {
                head.set(next);
            }
        }
    }
    if let Some(next) = at(next) {
        next.prev.set(prev);
    }
}

/// Empties a weak reference and drops its callback: the first thing that its own dealloc and
/// clear do.
pub fn clear(weakref: &WeakRefCore) {
    detach(weakref);
    drop(weakref.callback.take());
}

/// The referent, if it is alive (an object that is being destroyed is not).
pub fn referent(weakref: &WeakRefCore) -> Option<Ref> {
    // SAFETY: a referent empties its weak references before it is freed.
    let object = unsafe { weakref.referent.get()?.as_ref() };
    (object.refcount() > 0).then(|| object.to_ref())
}

/// How many weak references the object has.
pub fn count(referent: &Object) -> usize {
    let mut count = 0;
    for_each(referent, &mut |_| count += 1);
    count
}

/// Calls `each` with every weak reference to the object, in the order of the list. `each` must
/// not change the list.
pub fn for_each(referent: &Object, each: &mut dyn FnMut(&WeakRefCore)) {
    let mut next = list_head(referent).and_then(Cell::get);
    while let Some(weakref) = at(next) {
        next = weakref.next.get();
        each(weakref);
    }
}

/// Every weak reference to the object, as owned references (`weakref.getweakrefs`).
pub fn list(referent: &Object) -> Vec<Ref<WeakRefCore>> {
    let mut all = Vec::new();
    for_each(referent, &mut |weakref| all.push(weakref.to_ref()));
    all
}

/// `PyObject_ClearWeakRefs`: the referent is dying by count. Each reference is emptied, then
/// their callbacks run, newest first, through the host. A weak reference that is itself dying
/// (count zero) gets no call.
#[inline]
pub fn clear_weakrefs(referent: &Object) {
    if let Some(head) = list_head(referent)
        && head.get().is_some()
    {
        clear_list(head);
    }
}

#[cold]
#[inline(never)]
fn clear_list(head: &Cell<Link>) {
    // The shared ones stand first and have no callback.
    for _ in 0..2 {
        if let Some(first) = at(head.get())
            && first.callback.is_empty()
        {
            detach(first);
        }
    }
    let Some(first) = at(head.get()) else { return };
    if first.next.get().is_none() {
        clear_only(first);
        return;
    }
    let mut calls: Vec<(Option<Ref>, Ref<WeakRefCore>)> = Vec::new();
    let mut dropped: Vec<Option<Ref>> = Vec::new();
    while let Some(weakref) = at(head.get()) {
        // Emptied first: releasing a callback can run code that looks at the list.
        detach(weakref);
        let callback = weakref.callback.take();
        if weakref.object.refcount() > 0 {
            calls.push((callback, weakref.to_ref()));
        } else {
            dropped.push(callback);
        }
    }
    drop(dropped);
    for (callback, weakref) in &calls {
        if let Some(callback) = callback {
            host().call_weakref_callback(callback, weakref.as_object());
        }
    }
    // Released last to first, callback before weak reference: CPython keeps them in a tuple.
    while let Some((callback, weakref)) = calls.pop() {
        drop(callback);
        drop(weakref);
    }
}

/// The common case: no list to keep.
fn clear_only(weakref: &WeakRefCore) {
    let callback = weakref.callback.take();
    detach(weakref);
    if let Some(callback) = callback
        && weakref.object.refcount() > 0
    {
        host().call_weakref_callback(&callback, weakref.as_object());
    }
}
