//! `_count_elements`, behind `Counter`.

use crate::memory::{Object, Ref};
use crate::objects::protocol::number::BinaryOp;
use crate::objects::{DictObject, PyResult, args, names, types};
use crate::vm::Ctx;

/// Whether the mapping gets and sets items as `dict` itself does.
fn is_plain(cx: Ctx, mapping: &Object) -> bool {
    let same = |name| {
        let own = cx.type_lookup(mapping.ty(), name);
        let base = cx.type_lookup(types().dict, name);
        matches!((own, base), (Some(own), Some(base)) if own.is(&base))
    };
    same(&names().get_plain) && same(&names().setitem)
}

pub(super) fn count_elements(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "_count_elements", args, 2, 2)?;
    let (mapping, iterable) = (&args[0], &args[1]);
    let iterator = cx.iter(iterable)?;
    let one = cx.new_int(1);
    if let Some(dict) = mapping.downcast::<DictObject>().filter(|_| is_plain(cx, mapping)) {
        while let Some(key) = cx.next(&iterator)? {
            let count = match dict.get(cx, &key)? {
                Some(count) => cx.binary_op(BinaryOp::Add, &count, &one)?,
                None => one.clone(),
            };
            dict.set(cx, &key, count)?;
        }
        return Ok(cx.none());
    }
    let get = cx.get_attr(mapping, &names().get_plain)?;
    let zero = cx.new_int(0);
    while let Some(key) = cx.next(&iterator)? {
        let count = cx.call(&get, &[key.clone(), zero.clone()])?;
        let count = cx.binary_op(BinaryOp::Add, &count, &one)?;
        cx.set_item(mapping, &key, Some(&count))?;
    }
    Ok(cx.none())
}
