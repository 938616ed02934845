//! The cache behind `functools.lru_cache`: a dict in the order of use.

use std::cell::Cell;
use std::mem::offset_of;

use super::{DICT, is_callable};
use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot, dealloc_as};
use crate::objects::spec::{Layout, Signature, TypeSpec};
use crate::objects::{
    Args, DictObject, MethodDef, PyResult, Slots, TypeFlags, TypeObject, args, declare, exceptions, method,
    names, types,
};
use crate::vm::Ctx;

declare_object! {
    /// A function and what it gave for which arguments.
    LruCache {
        traced {
            cache: Slot<DictObject>,
            function: Slot,
            info_type: Slot,
            /// Stands between positional and keyword arguments in keys.
            mark: Slot,
            dict: Slot<DictObject>,
        }
        plain {
            /// Most entries kept; -1 without limit, 0 to keep none.
            limit: Cell<isize>,
            typed: Cell<bool>,
            hits: Cell<isize>,
            misses: Cell<isize>,
            /// See [`DictObject::oldest`].
            front: Cell<(usize, usize)>,
            weaklist: Cell<usize>,
        }
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "functools._lru_cache_wrapper",
    doc: Some(
        "A callable that keeps the results of another one.\n\nuser_function:      the function whose results are kept\n\n\
         maxsize:            0        keep nothing\n                    None     keep everything\n                    n        keep the n used last\n\n\
         typed:              False    f(3) and f(3.0) are one entry\n                    True     they are two\n\n\
         cache_info_type:    namedtuple class with the fields:\n                        hits misses currsize maxsize\n",
    ),
    layout: Layout::gc::<LruCache>()
        .dict(offset_of!(LruCache, dict))
        .weaklist(offset_of!(LruCache, weaklist)),
    basicsize: 152,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::METHOD_DESCRIPTOR),
    slots: Slots { new: Some(new), call: Some(call), descr_get: Some(descr_get), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("cache_info", cache_info, "Report cache statistics"),
        MethodDef::no_args("cache_clear", cache_clear, "Clear the cache and cache statistics"),
        MethodDef::no_args("__reduce__", reduce, ""),
        MethodDef::varargs("__copy__", |_, object, _| Ok(object.to_ref()), ""),
        MethodDef::varargs("__deepcopy__", |_, object, _| Ok(object.to_ref()), ""),
    ],
    getset: &[DICT],
    dealloc: Some(dealloc_as::<LruCache>),
    traverse: Some(LruCache::traverse),
    ..TypeSpec::EMPTY
};

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature = Signature {
        name: "lru_cache",
        params: &["user_function", "maxsize", "typed", "cache_info_type"],
        required: 4,
        max_positional: 4,
    };
    let mut bound = [None, None, None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(function), Some(limit), Some(typed), Some(info_type)] = bound else {
        return Ok(cx.none());
    };
    let typed = cx.is_true(&typed)?;
    if !is_callable(&function) {
        return Err(cx.type_error("the first argument must be callable"));
    }
    let limit = if cx.is_none(&limit) {
        -1
    } else if limit.ty().slots().nb_index.is_some() {
        cx.index_sized(&limit, exceptions().overflow_error)?.max(0)
    } else {
        return Err(cx.type_error("maxsize should be integer or None"));
    };
    let mark = cx.call0(types().object.as_object())?;
    let this = declare::make::<LruCache>(cx, ty)?;
    this.cache.set(Some(cx.new_dict()));
    this.function.set(Some(function));
    this.info_type.set(Some(info_type));
    this.mark.set(Some(mark));
    this.limit.set(limit);
    this.typed.set(typed);
    Ok(this.into_object())
}

/// The key of a call: the one argument itself when it is an exact `int` or `str`, else a tuple.
fn make_key(cx: Ctx, this: &LruCache, args: Args<'_>) -> Ref {
    let typed = this.typed.get();
    if !typed
        && !args.has_keywords()
        && let [only] = args.pos()
        && (only.is_exact(types().str) || only.is_exact(types().int))
    {
        return only.clone();
    }
    let mut key = args.pos().to_vec();
    if args.has_keywords() {
        key.extend(this.mark.get());
        for (name, value) in args.keywords() {
            key.push(name.to_object());
            key.push(value.clone());
        }
    }
    if typed {
        key.extend(args.all().iter().map(|argument| argument.ty().to_object()));
    }
    cx.new_tuple(key).into_object()
}

fn count(counter: &Cell<isize>) {
    counter.set(counter.get() + 1);
}

fn call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let this = LruCache::of(object);
    let (Some(function), Some(cache)) = (this.function.get(), this.cache.get()) else {
        return Ok(cx.none());
    };
    if this.limit.get() == 0 {
        count(&this.misses);
        return cx.call_args(&function, args);
    }
    let key = make_key(cx, this, args);
    let hash = cx.hash(&key)?;
    let found = if this.limit.get() < 0 {
        cache.get_known_hash(cx, &key, hash)?
    } else {
        cache.touch_entry(cx, &key, hash)?
    };
    if let Some(result) = found {
        count(&this.hits);
        return Ok(result);
    }
    count(&this.misses);
    let result = cx.call_args(&function, args)?;
    let Ok(limit) = usize::try_from(this.limit.get()) else {
        cache.set(cx, &key, result.clone())?;
        return Ok(result);
    };
    // The function may have filled the place by calling itself.
    if cache.get_known_hash(cx, &key, hash)?.is_some() {
        return Ok(result);
    }
    let mut dropped = None;
    if cache.len() >= limit
        && let Some((oldest, oldest_hash)) = cache.oldest(&this.front)
    {
        dropped = cache.pop_known_hash(cx, &oldest, oldest_hash)?.map(|value| (oldest, value));
    }
    cache.set(cx, &key, result.clone())?;
    drop(dropped);
    Ok(result)
}

fn descr_get(cx: Ctx, object: &Object, instance: Option<&Object>, _: Option<&Object>) -> PyResult {
    match instance.filter(|instance| !cx.is_none(instance)) {
        None => Ok(object.to_ref()),
        Some(instance) => Ok(method::new_method(cx, object.to_ref(), instance.to_ref()).into_object()),
    }
}

fn cache_info(cx: Ctx, object: &Object) -> PyResult {
    let this = LruCache::of(object);
    let limit = match this.limit.get() {
        -1 => cx.none(),
        limit => cx.new_int(limit as i64),
    };
    let size = this.cache.peek().map_or(0, DictObject::len);
    let info_type = this.info_type.get().unwrap_or_else(|| cx.none());
    let (hits, misses) = (cx.new_int(this.hits.get() as i64), cx.new_int(this.misses.get() as i64));
    cx.call(&info_type, &[hits, misses, limit, cx.new_uint(size)])
}

fn cache_clear(cx: Ctx, object: &Object) -> PyResult {
    let this = LruCache::of(object);
    this.hits.set(0);
    this.misses.set(0);
    if let Some(cache) = this.cache.get() {
        cache.clear(cx);
    }
    Ok(cx.none())
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    cx.get_attr(object, &names().qualname)
}
