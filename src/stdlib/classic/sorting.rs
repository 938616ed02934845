//! `sorted(iterable, cmp, key, reverse)` and `list.sort(cmp, key, reverse)`.

use std::cmp::Ordering;

use crate::memory::{Object, Ref};
use crate::objects::classic::compare;
use crate::objects::slots::Args;
use crate::objects::spec::Signature;
use crate::objects::{IntObject, ListObject, PyResult, args};
use crate::vm::Ctx;

static SORT: Signature =
    Signature { name: "sort", params: &["cmp", "key", "reverse"], required: 0, max_positional: 3 };
static SORTED: Signature = Signature {
    name: "sorted",
    params: &["iterable", "cmp", "key", "reverse"],
    required: 1,
    max_positional: 4,
};

/// `list.sort`.
pub fn sort_in_place(cx: Ctx, object: &Object, given: Args<'_>) -> PyResult<()> {
    let mut values = [None, None, None];
    args::bind(cx, &SORT, given, &mut values)?;
    let [order, key, reverse] = values;
    let Some(list) = object.downcast::<ListObject>() else { return Ok(()) };
    let items = list.to_vec();
    let sorted = sort(cx, items, order, key, reverse)?;
    for (index, item) in sorted.into_iter().enumerate() {
        drop(list.replace(index, item));
    }
    Ok(())
}

/// `sorted`.
pub fn sorted(cx: Ctx, _: &Object, given: Args<'_>) -> PyResult {
    let mut values = [None, None, None, None];
    args::bind(cx, &SORTED, given, &mut values)?;
    let [iterable, order, key, reverse] = values;
    let Some(iterable) = iterable else { return Ok(cx.none()) };
    let items = cx.collect(&iterable)?;
    Ok(cx.new_list(sort(cx, items, order, key, reverse)?)?.into_object())
}

/// A stable merge sort; what the comparison raises ends it.
fn sort(
    cx: Ctx,
    items: Vec<Ref>,
    order: Option<Ref>,
    key: Option<Ref>,
    reverse: Option<Ref>,
) -> PyResult<Vec<Ref>> {
    let order = order.filter(|order| !cx.is_none(order));
    let key = key.filter(|key| !cx.is_none(key));
    let reverse = reverse.map_or(Ok(false), |reverse| cx.is_true(&reverse))?;
    let keyed = items
        .into_iter()
        .map(|item| match &key {
            Some(key) => Ok((cx.call1(key, &item)?, item)),
            None => Ok((item.clone(), item)),
        })
        .collect::<PyResult<Vec<_>>>()?;
    let less = |a: &Ref, b: &Ref| match &order {
        None => cx.compare_bool(a, b, crate::objects::CompareOp::Lt),
        Some(order) => {
            let result = cx.call(order, &[a.clone(), b.clone()])?;
            match result.downcast::<IntObject>() {
                Some(number) => Ok(number.is_negative()),
                None => {
                    let name = result.ty().tp_name();
                    Err(cx.type_error(format!("comparison function must return int, not {name}")))
                }
            }
        }
    };
    let mut keyed = keyed;
    if reverse {
        keyed.reverse();
    }
    // Insertion into a sorted prefix, by halves: stable, and few comparisons.
    let mut sorted: Vec<(Ref, Ref)> = Vec::with_capacity(keyed.len());
    for (key, item) in keyed {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = (low + high) / 2;
            if less(&key, &sorted[middle].0)? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        sorted.insert(low, (key, item));
    }
    if reverse {
        sorted.reverse();
    }
    Ok(sorted.into_iter().map(|(_, item)| item).collect())
}

/// `cmp(a, b)` as a number.
pub fn compared(cx: Ctx, a: &Object, b: &Object) -> PyResult<i64> {
    Ok(match compare::compare(cx, a, b)? {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })
}
