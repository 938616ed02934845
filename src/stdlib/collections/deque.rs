//! `deque`.

use std::cell::Cell;
use std::mem::offset_of;

use super::deque_iter;
use crate::memory::{Layout as _, Object, Ref, dealloc_as};
use crate::objects::iterators::common;
use crate::objects::ring::Ring;
use crate::objects::slice;
use crate::objects::spec::{Layout, Signature, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, CompareOp, GetSetDef, MethodDef, PyResult, Raised, Slots, TypeFlags, TypeObject, args, declare,
    exceptions, names, tuple,
};
use crate::vm::Ctx;
use crate::{declare_clear, declare_object};

/// Items in a block of CPython's: `sys.getsizeof` counts blocks.
const BLOCK: usize = 64;
/// Bytes of such a block: its items and two links.
const BLOCK_BYTES: usize = BLOCK * 8 + 16;

declare_object! {
    /// A double-ended queue.
    Deque {
        traced { items: Ring, }
        plain {
            /// Where the first item would lie in its block in CPython.
            left: Cell<usize>,
            /// Bumped by every change of length or order: iterators notice.
            state: Cell<usize>,
            /// One more than the greatest length; 0 without limit.
            limit: Cell<usize>,
            weaklist: Cell<usize>,
        }
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "collections.deque",
    doc: Some("deque([iterable[, maxlen]]) --> deque object\n\nA sequence that is fast at both ends."),
    layout: Layout::gc::<Deque>().weaklist(offset_of!(Deque, weaklist)),
    basicsize: 216,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC).with(TypeFlags::SEQUENCE),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        iter: Some(deque_iter::iter),
        sq_length: Some(length),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_item: Some(item),
        sq_ass_item: Some(assign_item),
        sq_contains: Some(contains),
        sq_inplace_concat: Some(inplace_concat),
        sq_inplace_repeat: Some(inplace_repeat),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one("append", append, "Adds an element at the right side."),
        MethodDef::one("appendleft", appendleft, "Adds an element at the left side."),
        MethodDef::no_args("clear", clear, "Takes all elements out."),
        MethodDef::no_args("__copy__", copy, "A shallow copy."),
        MethodDef::no_args("copy", copy, "A shallow copy."),
        MethodDef::one("count", count, "D.count(value) -> integer -- how often the value occurs"),
        MethodDef::one("extend", extend, "Adds the elements of an iterable at the right side."),
        MethodDef::one(
            "extendleft",
            extendleft,
            "Adds the elements of an iterable, one by one, at the left side.",
        ),
        MethodDef::fast(
            "index",
            index,
            "D.index(value, [start, [stop]]) -> integer -- the first place of the value.\nRaises ValueError when it is not there.",
        ),
        MethodDef::fast("insert", insert, "D.insert(index, object) -- adds the object before the index"),
        MethodDef::no_args("pop", pop, "Takes the rightmost element out and returns it."),
        MethodDef::no_args("popleft", popleft, "Takes the leftmost element out and returns it."),
        MethodDef::no_args("__reduce__", reduce, "What is needed to pickle the deque."),
        MethodDef::one(
            "remove",
            remove,
            "D.remove(value) -- takes the first element equal to the value out.",
        ),
        MethodDef::no_args(
            "__reversed__",
            deque_iter::reversed,
            "D.__reversed__() -- an iterator from the right side",
        ),
        MethodDef::no_args("reverse", reverse, "D.reverse() -- turns the order around *IN PLACE*"),
        MethodDef::fast(
            "rotate",
            rotate,
            "Moves n elements (1) from the right side to the left; a negative n the other way.",
        ),
        MethodDef::no_args("__sizeof__", sizeof, "D.__sizeof__() -- bytes of D and its blocks"),
        MethodDef::one("__class_getitem__", common::class_getitem, "See PEP 585").class(),
    ],
    getset: &[GetSetDef {
        name: "maxlen",
        get: Some(maxlen),
        set: None,
        doc: "maximum size of a deque or None if unbounded",
    }],
    dealloc: Some(dealloc_as::<Deque>),
    traverse: Some(Deque::traverse),
    clear: Some(clear_slot),
    trashcan: true,
    ..TypeSpec::EMPTY
};

declare_clear!(clear_slot, Deque, clear);

impl Deque {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    fn limit(&self) -> Option<usize> {
        self.limit.get().checked_sub(1)
    }

    fn touch(&self) {
        self.state.set(self.state.get() + 1);
    }

    /// An empty deque starts in the middle of a block.
    fn center(&self) {
        self.left.set(BLOCK / 2);
    }

    fn clear(&self) {
        if self.items.is_empty() {
            return;
        }
        self.touch();
        self.center();
        self.items.clear();
    }

    fn push(&self, cx: Ctx, item: Ref) -> PyResult<()> {
        self.items.push_back(cx, item)?;
        if self.limit().is_some_and(|limit| self.len() > limit) {
            drop(self.take_left());
        } else {
            self.touch();
        }
        Ok(())
    }

    fn push_left(&self, cx: Ctx, item: Ref) -> PyResult<()> {
        self.items.push_front(cx, item)?;
        self.left.set((self.left.get() + BLOCK - 1) % BLOCK);
        if self.limit().is_some_and(|limit| self.len() > limit) {
            drop(self.take_right());
        } else {
            self.touch();
        }
        Ok(())
    }

    fn take_right(&self) -> Option<Ref> {
        let item = self.items.pop_back()?;
        self.touch();
        if self.items.is_empty() {
            self.center();
        }
        Some(item)
    }

    fn take_left(&self) -> Option<Ref> {
        let item = self.items.pop_front()?;
        self.touch();
        self.left.set((self.left.get() + 1) % BLOCK);
        if self.items.is_empty() {
            self.center();
        }
        Some(item)
    }

    fn rotate(&self, count: isize) {
        let len = self.len() as isize;
        if len <= 1 {
            return;
        }
        let half = len >> 1;
        let mut count = count;
        if count > half || count < -half {
            count %= len;
            if count > half {
                count -= len;
            } else if count < -half {
                count += len;
            }
        }
        self.touch();
        self.left.set((self.left.get() as isize - count).rem_euclid(BLOCK as isize) as usize);
        if count > 0 {
            self.items.rotate_right(count as usize);
        } else {
            self.items.rotate_left(count.unsigned_abs());
        }
    }

    /// Adds all items of an iterable through `push`, at the side given.
    fn extend_with(
        &self,
        cx: Ctx,
        iterable: &Object,
        at_left: bool,
        push: fn(&Deque, Ctx, Ref) -> PyResult<()>,
    ) -> PyResult<()> {
        if iterable.is(&self.object) {
            let copy = cx.new_list(self.items.to_vec())?;
            return self.extend_with(cx, &copy.object, at_left, push);
        }
        let iterator = cx.iter(iterable)?;
        if self.limit() == Some(0) {
            while let Some(item) = cx.next(&iterator)? {
                drop(item);
            }
            return Ok(());
        }
        // To save room an empty deque is filled from the end of a block.
        if self.items.is_empty() {
            self.left.set(if at_left { BLOCK - 1 } else { 1 });
        }
        let outcome = loop {
            match cx.next(&iterator) {
                Ok(Some(item)) => {
                    if let Err(raised) = push(self, cx, item) {
                        break Err(raised);
                    }
                }
                Ok(None) => break Ok(()),
                Err(raised) => break Err(raised),
            }
        };
        if self.items.is_empty() {
            self.center();
        }
        outcome
    }

    pub fn extend(&self, cx: Ctx, iterable: &Object) -> PyResult<()> {
        self.extend_with(cx, iterable, false, Deque::push)
    }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    let this = declare::make::<Deque>(cx, ty)?;
    this.center();
    Ok(this.into_object())
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    static SIGNATURE: Signature =
        Signature { name: "deque", params: &["iterable", "maxlen"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    args::bind_borrowed(cx, &SIGNATURE, args, &mut bound)?;
    let [iterable, limit] = bound;
    let limit = match limit.filter(|limit| !cx.is_none(limit)) {
        None => 0,
        Some(limit) => match usize::try_from(common::state_arg(cx, limit)?) {
            Ok(limit) => limit + 1,
            Err(_) => return Err(cx.value_error("maxlen must be non-negative")),
        },
    };
    let this = Deque::of(object);
    this.limit.set(limit);
    this.clear();
    match iterable {
        Some(iterable) => this.extend(cx, iterable),
        None => Ok(()),
    }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let this = Deque::of(object);
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str("[...]").into_object());
    };
    let list = cx.new_list(this.items.to_vec())?;
    let mut text = StrBuilder::new();
    text.push_str(&object.ty().name_text());
    text.push_char('(');
    text.push_obj(&*cx.repr(&list.object)?);
    if let Some(limit) = this.limit() {
        text.push_str(&format!(", maxlen={limit}"));
    }
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    Err(cx.type_error(format!("unhashable type: '{}'", object.ty().tp_name())))
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let ty = super::DEQUE.get(cx)?;
    if !a.is_instance(ty) || !b.is_instance(ty) {
        return Ok(cx.not_implemented());
    }
    let (left, right) = (Deque::of(a), Deque::of(b));
    if a.is(b) {
        return Ok(cx.bool(op.holds(std::cmp::Ordering::Equal)));
    }
    if left.len() != right.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.bool(op == CompareOp::Ne));
    }
    let (x_items, y_items) = (cx.iter(a)?, cx.iter(b)?);
    loop {
        match (cx.next(&x_items)?, cx.next(&y_items)?) {
            (Some(x), Some(y)) => {
                if !cx.equal(&x, &y)? {
                    return match op {
                        CompareOp::Eq => Ok(cx.bool(false)),
                        CompareOp::Ne => Ok(cx.bool(true)),
                        _ => cx.compare(&x, &y, op),
                    };
                }
            }
            (x, y) => return Ok(cx.bool(op.holds(x.is_some().cmp(&y.is_some())))),
        }
    }
}

fn length(_: Ctx, object: &Object) -> PyResult<usize> {
    Ok(Deque::of(object).len())
}

/// A copy: plain for plain deques, by calling the type for derived ones.
fn copy(cx: Ctx, object: &Object) -> PyResult {
    let this = Deque::of(object);
    let ty = super::DEQUE.get(cx)?;
    if object.is_exact(ty) {
        let copy = declare::make::<Deque>(cx, ty)?;
        copy.center();
        copy.limit.set(this.limit.get());
        if this.len() == 1 {
            if let Some(item) = this.items.get(0) {
                copy.push(cx, item)?;
            }
        } else {
            copy.extend(cx, object)?;
        }
        return Ok(copy.into_object());
    }
    let class = object.ty().to_object();
    let made = match this.limit() {
        None => cx.call(&class, &[object.to_ref()])?,
        Some(limit) => cx.call(&class, &[object.to_ref(), cx.new_uint(limit)])?,
    };
    if !made.is_instance(ty) {
        return Err(cx.type_error(format!(
            "{}() must return a deque, not {}",
            object.ty().tp_name(),
            made.ty().tp_name()
        )));
    }
    Ok(made)
}

fn concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    if !b.is_instance(super::DEQUE.get(cx)?) {
        let message = format!("can only concatenate deque (not \"{}\") to deque", b.ty().tp_name());
        return Err(cx.type_error(message));
    }
    let result = copy(cx, a)?;
    Deque::of(&result).extend(cx, b)?;
    Ok(result)
}

fn repeat(cx: Ctx, object: &Object, times: isize) -> PyResult {
    let result = copy(cx, object)?;
    inplace_repeat(cx, &result, times)
}

fn inplace_repeat(cx: Ctx, object: &Object, times: isize) -> PyResult {
    let this = Deque::of(object);
    let len = this.len();
    if len == 0 || times == 1 {
        return Ok(object.to_ref());
    }
    if times <= 0 {
        this.clear();
        return Ok(object.to_ref());
    }
    let mut times = times as usize;
    if let Some(limit) = this.limit()
        && times.saturating_mul(len) > limit
    {
        times = limit.div_ceil(len);
    }
    if len.checked_mul(times).is_none_or(|total| total > isize::MAX as usize / 8) {
        return Err(cx.memory_error());
    }
    let items = this.items.to_vec();
    for _ in 1..times {
        for item in &items {
            this.push(cx, item.clone())?;
        }
    }
    Ok(object.to_ref())
}

fn inplace_concat(cx: Ctx, object: &Object, other: &Object) -> PyResult {
    Deque::of(object).extend(cx, other)?;
    Ok(object.to_ref())
}

fn out_of_range(cx: Ctx) -> Raised {
    cx.index_error("deque index out of range")
}

fn item(cx: Ctx, object: &Object, index: isize) -> PyResult {
    let found = usize::try_from(index).ok().and_then(|index| Deque::of(object).items.get(index));
    found.ok_or_else(|| out_of_range(cx))
}

fn assign_item(cx: Ctx, object: &Object, index: isize, value: Option<&Object>) -> PyResult<()> {
    let this = Deque::of(object);
    let Some(place) = usize::try_from(index).ok().filter(|index| *index < this.len()) else {
        return Err(out_of_range(cx));
    };
    match value {
        Some(value) => drop(this.items.replace(place, value.to_ref())),
        None => drop(this.delete(index)),
    }
    Ok(())
}

impl Deque {
    /// Takes out the item at a place in range.
    fn delete(&self, index: isize) -> Option<Ref> {
        self.rotate(-index);
        let item = self.take_left();
        self.rotate(index);
        item
    }

    /// Walks the items and calls `each` with the places of those equal to a value, until it says
    /// stop; `changed` makes the error for a deque that a comparison changed.
    fn search(
        &self,
        cx: Ctx,
        value: &Object,
        range: std::ops::Range<usize>,
        changed: fn(Ctx) -> Raised,
        mut each: impl FnMut(usize) -> bool,
    ) -> PyResult<()> {
        let state = self.state.get();
        for index in range {
            let Some(item) = self.items.get(index) else { break };
            let equal = cx.equal(&item, value)?;
            drop(item);
            if state != self.state.get() {
                return Err(changed(cx));
            }
            if equal && !each(index) {
                break;
            }
        }
        Ok(())
    }
}

fn mutated(cx: Ctx) -> Raised {
    cx.runtime_error("deque mutated during iteration")
}

fn contains(cx: Ctx, object: &Object, value: &Object) -> PyResult<bool> {
    let this = Deque::of(object);
    let mut found = false;
    this.search(cx, value, 0..this.len(), mutated, |_| {
        found = true;
        false
    })?;
    Ok(found)
}

fn count(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let this = Deque::of(object);
    let mut found = 0;
    this.search(cx, value, 0..this.len(), mutated, |_| {
        found += 1;
        true
    })?;
    Ok(cx.new_uint(found))
}

/// Checks a count in the words of CPython's older argument parser.
fn takes(cx: Ctx, name: &str, args: &[Ref], min: usize, max: usize) -> PyResult<()> {
    if (min..=max).contains(&args.len()) {
        return Ok(());
    }
    let (bound, count) = match (min == max, args.len() < min) {
        (true, _) => ("exactly", min),
        (false, true) => ("at least", min),
        (false, false) => ("at most", max),
    };
    let plural = if count == 1 { "" } else { "s" };
    Err(cx.type_error(format!("{name}() takes {bound} {count} argument{plural} ({} given)", args.len())))
}

fn index(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    takes(cx, "index", args, 1, 3)?;
    let this = Deque::of(object);
    let (start, stop) = slice::search_bounds(cx, this.len(), args.get(1), args.get(2))?;
    let mut found = None;
    this.search(cx, &args[0], start..stop.min(this.len()), mutated, |index| {
        found = Some(index);
        false
    })?;
    match found {
        Some(index) => Ok(cx.new_uint(index)),
        None => {
            let value = cx.repr_text(&args[0])?;
            Err(cx.value_error(format!("{value} is not in deque")))
        }
    }
}

fn remove(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let this = Deque::of(object);
    let mut found = None;
    let changed = |cx: Ctx| cx.index_error("deque mutated during remove().");
    this.search(cx, value, 0..this.len(), changed, |index| {
        found = Some(index);
        false
    })?;
    match found {
        Some(index) => {
            drop(this.delete(index as isize));
            Ok(cx.none())
        }
        None => {
            let value = cx.repr_text(value)?;
            Err(cx.value_error(format!("{value} is not in deque")))
        }
    }
}

fn insert(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    takes(cx, "insert", args, 2, 2)?;
    let index = common::size_arg(cx, &args[0])?;
    let this = Deque::of(object);
    let len = this.len();
    if this.limit() == Some(len) {
        return Err(cx.index_error("deque already at its maximum size"));
    }
    let value = args[1].clone();
    if index >= len as isize {
        this.push(cx, value)?;
    } else if index <= -(len as isize) || index == 0 {
        this.push_left(cx, value)?;
    } else {
        this.rotate(-index);
        if index < 0 {
            this.push(cx, value)?;
        } else {
            this.push_left(cx, value)?;
        }
        this.rotate(index);
    }
    Ok(cx.none())
}

fn append(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    Deque::of(object).push(cx, value.clone())?;
    Ok(cx.none())
}

fn appendleft(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    Deque::of(object).push_left(cx, value.clone())?;
    Ok(cx.none())
}

fn extend(cx: Ctx, object: &Object, iterable: &Ref) -> PyResult {
    Deque::of(object).extend(cx, iterable)?;
    Ok(cx.none())
}

fn extendleft(cx: Ctx, object: &Object, iterable: &Ref) -> PyResult {
    Deque::of(object).extend_with(cx, iterable, true, Deque::push_left)?;
    Ok(cx.none())
}

fn pop(cx: Ctx, object: &Object) -> PyResult {
    Deque::of(object).take_right().ok_or_else(|| cx.index_error("pop from an empty deque"))
}

fn popleft(cx: Ctx, object: &Object) -> PyResult {
    Deque::of(object).take_left().ok_or_else(|| cx.index_error("pop from an empty deque"))
}

fn clear(cx: Ctx, object: &Object) -> PyResult {
    Deque::of(object).clear();
    Ok(cx.none())
}

fn reverse(cx: Ctx, object: &Object) -> PyResult {
    let items = &Deque::of(object).items;
    for index in 0..items.len() / 2 {
        items.swap(index, items.len() - 1 - index);
    }
    Ok(cx.none())
}

fn rotate(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "deque.rotate", args, 0, 1)?;
    let count = args.first().map_or(Ok(1), |count| common::size_arg(cx, count))?;
    Deque::of(object).rotate(count);
    Ok(cx.none())
}

fn maxlen(cx: Ctx, object: &Object) -> PyResult {
    Ok(Deque::of(object).limit().map_or_else(|| cx.none(), |limit| cx.new_uint(limit)))
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    let this = Deque::of(object);
    let blocks = (this.left.get() + this.len()).div_ceil(BLOCK);
    Ok(cx.new_uint(object.ty().basicsize.get() + blocks * BLOCK_BYTES))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Deque::of(object);
    let state = cx.call_method(object, &names().getstate, &[])?;
    let iterator = cx.iter(object)?;
    let arguments = match this.limit() {
        None => tuple::empty_tuple(),
        Some(limit) => tuple::of2(tuple::empty_tuple().into_object(), cx.new_uint(limit)),
    };
    let parts = vec![object.ty().to_object(), arguments.into_object(), state, iterator];
    Ok(cx.new_tuple(parts).into_object())
}

/// The exception that a deque's iterators raise when it changes under them.
pub(super) fn changed_error(cx: Ctx) -> Raised {
    cx.raise(exceptions().runtime_error, "deque mutated during iteration")
}
