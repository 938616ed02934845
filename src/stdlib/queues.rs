//! `_heapq` and `_bisect`: priority queues in lists, places in sorted ones.

use crate::memory::{Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::slots::CompareOp;
use crate::objects::spec::{MethodDef, Signature};
use crate::objects::{Args, ListObject, ModuleSpec, PyResult};
use crate::vm::Ctx;

fn heap<'a>(cx: Ctx, name: &str, value: &'a Object) -> PyResult<&'a ListObject> {
    value.downcast::<ListObject>().ok_or_else(|| {
        // Of functions with one argument it has no number.
        let one = name.contains("pop") && !name.contains("push") || name.contains("heapify");
        let position = if one { "" } else { " 1" };
        let ty = value.ty().tp_name();
        cx.type_error(format_args!("{name}() argument{position} must be list, not {ty}"))
    })
}

/// Which end of the order is on top.
type Less = fn(Ctx, &Object, &Object) -> PyResult<bool>;

fn min_less(cx: Ctx, a: &Object, b: &Object) -> PyResult<bool> {
    cx.compare_bool(a, b, CompareOp::Lt)
}

fn max_less(cx: Ctx, a: &Object, b: &Object) -> PyResult<bool> {
    cx.compare_bool(b, a, CompareOp::Lt)
}

/// Compares two items and sees that nobody changed the heap's size meanwhile.
fn less_at(cx: Ctx, heap: &ListObject, less: Less, a: usize, b: usize) -> PyResult<bool> {
    let size = heap.len();
    let (Some(a), Some(b)) = (heap.get(a), heap.get(b)) else {
        return Err(cx.runtime_error("list changed size during iteration"));
    };
    let answer = less(cx, &a, &b)?;
    if heap.len() != size {
        return Err(cx.runtime_error("list changed size during iteration"));
    }
    Ok(answer)
}

fn swap(heap: &ListObject, a: usize, b: usize) {
    if let (Some(first), Some(second)) = (heap.get(a), heap.get(b)) {
        drop(heap.replace(a, second));
        drop(heap.replace(b, first));
    }
}

/// Moves an item towards the root, not above `start`.
fn sift_down(cx: Ctx, heap: &ListObject, less: Less, start: usize, mut at: usize) -> PyResult<()> {
    while at > start {
        let parent = (at - 1) / 2;
        if !less_at(cx, heap, less, at, parent)? {
            break;
        }
        swap(heap, at, parent);
        at = parent;
    }
    Ok(())
}

/// Moves an item to a leaf along the smaller children, then up to its place.
fn sift_up(cx: Ctx, heap: &ListObject, less: Less, start: usize) -> PyResult<()> {
    let end = heap.len();
    let mut at = start;
    while at < end / 2 {
        let mut child = 2 * at + 1;
        if child + 1 < end && !less_at(cx, heap, less, child, child + 1)? {
            child += 1;
        }
        swap(heap, at, child);
        at = child;
    }
    sift_down(cx, heap, less, start, at)
}

fn push(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "heappush", args, 2, 2)?;
    let heap = heap(cx, "heappush", &args[0])?;
    heap.push(cx, args[1].clone())?;
    sift_down(cx, heap, min_less, 0, heap.len() - 1)?;
    Ok(cx.none())
}

fn pop_with(cx: Ctx, name: &str, list: &Object, less: Less) -> PyResult {
    let heap = heap(cx, name, list)?;
    let Some(last) = heap.len().checked_sub(1).and_then(|last| heap.take(cx, last)) else {
        return Err(cx.index_error("index out of range"));
    };
    match heap.replace(0, last.clone()).filter(|_| !heap.is_empty()) {
        Some(top) => {
            drop(last);
            sift_up(cx, heap, less, 0)?;
            Ok(top)
        }
        None => Ok(last),
    }
}

fn replace_with(cx: Ctx, name: &str, args: &[Ref], less: Less) -> PyResult {
    let heap = heap(cx, name, &args[0])?;
    if heap.is_empty() {
        return Err(cx.index_error("index out of range"));
    }
    let top = heap.replace(0, args[1].clone()).unwrap_or_else(|| cx.none());
    sift_up(cx, heap, less, 0)?;
    Ok(top)
}

fn heapify_with(cx: Ctx, name: &str, list: &Object, less: Less) -> PyResult {
    let heap = heap(cx, name, list)?;
    for at in (0..heap.len() / 2).rev() {
        sift_up(cx, heap, less, at)?;
    }
    Ok(cx.none())
}

fn pop(cx: Ctx, _: &Object, list: &Ref) -> PyResult {
    pop_with(cx, "heappop", list, min_less)
}
fn pop_max(cx: Ctx, _: &Object, list: &Ref) -> PyResult {
    pop_with(cx, "_heappop_max", list, max_less)
}
fn heapify(cx: Ctx, _: &Object, list: &Ref) -> PyResult {
    heapify_with(cx, "heapify", list, min_less)
}
fn heapify_max(cx: Ctx, _: &Object, list: &Ref) -> PyResult {
    heapify_with(cx, "_heapify_max", list, max_less)
}
fn replace(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "heapreplace", args, 2, 2)?;
    replace_with(cx, "heapreplace", args, min_less)
}
fn replace_max(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_heapreplace_max", args, 2, 2)?;
    replace_with(cx, "_heapreplace_max", args, max_less)
}

fn pushpop(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "heappushpop", args, 2, 2)?;
    let list = heap(cx, "heappushpop", &args[0])?;
    let Some(top) = list.get(0) else { return Ok(args[1].clone()) };
    if !min_less(cx, &top, &args[1])? {
        return Ok(args[1].clone());
    }
    if list.is_empty() {
        return Err(cx.index_error("index out of range"));
    }
    replace_with(cx, "heappushpop", args, min_less)
}

pub static HEAPQ: ModuleSpec = ModuleSpec {
    name: "_heapq",
    doc: Some("Heap queue algorithm (a.k.a. priority queue)."),
    functions: &[
        MethodDef::fast(
            "heappush",
            push,
            "heappush($module, heap, item, /)\n--\n\nPush item onto heap, maintaining the heap invariant.",
        ),
        MethodDef::fast(
            "heappushpop",
            pushpop,
            "heappushpop($module, heap, item, /)\n--\n\nPush item on the heap, then pop and return the smallest item from the heap.",
        ),
        MethodDef::one(
            "heappop",
            pop,
            "heappop($module, heap, /)\n--\n\nPop the smallest item off the heap, maintaining the heap invariant.",
        ),
        MethodDef::fast(
            "heapreplace",
            replace,
            "heapreplace($module, heap, item, /)\n--\n\nPop and return the current smallest value, and add the new item.",
        ),
        MethodDef::one(
            "heapify",
            heapify,
            "heapify($module, heap, /)\n--\n\nTransform list into a heap, in-place, in O(len(heap)) time.",
        ),
        MethodDef::one(
            "_heappop_max",
            pop_max,
            "_heappop_max($module, heap, /)\n--\n\nMaxheap variant of heappop.",
        ),
        MethodDef::fast(
            "_heapreplace_max",
            replace_max,
            "_heapreplace_max($module, heap, item, /)\n--\n\nMaxheap variant of heapreplace.",
        ),
        MethodDef::one(
            "_heapify_max",
            heapify_max,
            "_heapify_max($module, heap, /)\n--\n\nMaxheap variant of heapify.",
        ),
    ],
    exec: Some(|cx, module| module.add(cx, "__about__", cx.new_str("Heap queues").into_object())),
};

/// The place of an item in a sorted sequence: after (`right`) or before its equals.
fn place(cx: Ctx, name: &'static str, args: Args<'_>, right: bool) -> PyResult<(Ref, Ref, usize)> {
    let signature =
        Signature { name, params: &["a", "x", "lo", "hi", "key"], required: 2, max_positional: 4 };
    let mut given: [Option<Ref>; 5] = Default::default();
    bind(cx, &signature, args, &mut given)?;
    let [Some(list), Some(wanted), low, high, key] = given else {
        return Err(cx.system_error("bad internal call"));
    };
    let low = low.map_or(Ok(0), |low| cx.index_sized(&low, crate::objects::exceptions().overflow_error))?;
    let Ok(mut low) = usize::try_from(low) else { return Err(cx.value_error("lo must be non-negative")) };
    let mut high = match high.filter(|high| !cx.is_none(high)) {
        Some(high) => match cx.index_sized(&high, crate::objects::exceptions().overflow_error)? {
            -1 => cx.len(&list)?,
            high => usize::try_from(high).unwrap_or(0),
        },
        None => cx.len(&list)?,
    };
    let key = key.filter(|key| !cx.is_none(key));
    // What inserting looks for is the item's key; a plain search is given the key itself.
    let inserting = name.starts_with("insort");
    let probe = match &key {
        Some(key) if inserting => cx.call1(key, &wanted)?,
        _ => wanted.clone(),
    };
    while low < high {
        let middle = low + (high - low) / 2;
        let item = cx.sequence_item(&list, middle as isize)?;
        let item = match &key {
            Some(key) => cx.call1(key, &item)?,
            None => item,
        };
        if right {
            if cx.compare_bool(&probe, &item, CompareOp::Lt)? { high = middle } else { low = middle + 1 }
        } else if cx.compare_bool(&item, &probe, CompareOp::Lt)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok((list, wanted, low))
}

fn insert(cx: Ctx, (list, item, at): (Ref, Ref, usize)) -> PyResult {
    match list.downcast::<ListObject>().filter(|_| list.is_exact(crate::objects::types().list)) {
        Some(list) => list.insert(cx, at, item)?,
        None => drop(cx.call_method(&list, &cx.intern("insert"), &[cx.new_uint(at), item])?),
    }
    Ok(cx.none())
}

fn bisect_right(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    Ok(cx.new_uint(place(cx, "bisect_right", args, true)?.2))
}
fn bisect_left(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    Ok(cx.new_uint(place(cx, "bisect_left", args, false)?.2))
}
fn insort_right(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let found = place(cx, "insort_right", args, true)?;
    insert(cx, found)
}
fn insort_left(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let found = place(cx, "insort_left", args, false)?;
    insert(cx, found)
}

pub static BISECT: ModuleSpec = ModuleSpec {
    name: "_bisect",
    doc: Some("Bisection algorithms."),
    functions: &[
        MethodDef::keywords(
            "bisect_right",
            bisect_right,
            "bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nReturn the index where to insert item x in list a, assuming a is sorted.",
        ),
        MethodDef::keywords(
            "bisect_left",
            bisect_left,
            "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nReturn the index where to insert item x in list a, assuming a is sorted.",
        ),
        MethodDef::keywords(
            "insort_right",
            insort_right,
            "insort_right($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nInsert item x in list a, and keep it sorted assuming a is sorted.",
        ),
        MethodDef::keywords(
            "insort_left",
            insort_left,
            "insort_left($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nInsert item x in list a, and keep it sorted assuming a is sorted.",
        ),
    ],
    exec: None,
};
