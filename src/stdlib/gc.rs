//! `gc`: the collector as programs see it.

use crate::memory::gc::{self, DebugFlags, GENERATIONS, query};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::spec::{ModuleSpec, Signature};
use crate::objects::{Args, MethodDef, ModuleObject, PyResult, args};
use crate::vm::Ctx;
use crate::vm::host::gc_list;

static COLLECT: Signature =
    Signature { name: "collect", params: &["generation"], required: 0, max_positional: 1 };
static GET_OBJECTS: Signature =
    Signature { name: "get_objects", params: &["generation"], required: 0, max_positional: 1 };

fn collect(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    let mut values = [None];
    args::bind(cx, &COLLECT, given, &mut values)?;
    let generation = match &values[0] {
        Some(value) => cx.to_i32(value)?,
        None => GENERATIONS as i32 - 1,
    };
    let Some(generation) = usize::try_from(generation).ok().filter(|&g| g < GENERATIONS) else {
        return Err(cx.value_error("invalid generation"));
    };
    drop(values);
    Ok(cx.new_uint(gc::collect(generation).unreachable))
}

fn set_debug(cx: Ctx, _module: &Object, flags: &Ref) -> PyResult {
    gc::set_debug_flags(DebugFlags(cx.to_i32(flags)?));
    Ok(cx.none())
}

/// An `int` argument as `PyArg_ParseTuple` takes it, with its words for those that do not fit.
fn parse_int(cx: Ctx, value: &Object) -> PyResult<i32> {
    let wide = cx.to_i64(value)?;
    i32::try_from(wide).map_err(|_| {
        cx.overflow_error(match wide < 0 {
            true => "signed integer is less than minimum",
            false => "signed integer is greater than maximum",
        })
    })
}

fn set_threshold(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    if given.is_empty() || given.len() > GENERATIONS {
        let (bound, count, plural) = if given.is_empty() { ("least", 1, "") } else { ("most", 3, "s") };
        return Err(cx.type_error(format_args!(
            "set_threshold() takes at {bound} {count} argument{plural} ({} given)",
            given.len()
        )));
    }
    let mut thresholds = gc::thresholds();
    for (threshold, value) in thresholds.iter_mut().zip(given) {
        *threshold = parse_int(cx, value)?;
    }
    gc::set_thresholds(thresholds);
    Ok(cx.none())
}

fn numbers(cx: Ctx, numbers: [i32; GENERATIONS]) -> PyResult {
    let items = numbers.iter().map(|&number| cx.new_int(i64::from(number))).collect();
    Ok(cx.new_tuple(items).into_object())
}

fn get_objects(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    let mut values = [None];
    args::bind(cx, &GET_OBJECTS, given, &mut values)?;
    let generation = match values[0].take().filter(|value| !cx.is_none(value)) {
        None => None,
        Some(value) if value.ty().slots().nb_index.is_none() => {
            return Err(cx.type_error(format_args!(
                "argument should be integer or None, not '{}'",
                value.ty().tp_name()
            )));
        }
        Some(value) => {
            let generation = cx.to_i64(&value)?;
            if generation >= GENERATIONS as i64 {
                return Err(cx.value_error(format_args!(
                    "generation parameter must be less than the number of available generations ({GENERATIONS})"
                )));
            }
            match usize::try_from(generation) {
                Ok(generation) => Some(generation),
                // As no argument at all.
                Err(_) if generation == -1 => None,
                Err(_) => return Err(cx.value_error("generation parameter cannot be negative")),
            }
        }
    };
    Ok(cx.new_list(query::objects(generation))?.into_object())
}

fn get_referrers(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    args::no_keywords(cx, "get_referrers", given)?;
    let targets: Vec<&Object> = given.pos().iter().map(|target| &**target).collect();
    let mut found = query::referrers(&targets);
    // The tuple that holds the arguments does not count.
    if let Some(tuple) = given.tuple() {
        found.retain(|object| !object.is(tuple.as_object()));
    }
    Ok(cx.new_list(found)?.into_object())
}

fn get_referents(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    let holders: Vec<&Object> = given.iter().map(|holder| &**holder).collect();
    Ok(cx.new_list(query::referents(&holders))?.into_object())
}

fn get_stats(cx: Ctx, _module: &Object) -> PyResult {
    let mut rows = Vec::new();
    for stats in gc::stats() {
        let row = cx.new_dict();
        row.set_str(cx, &cx.intern("collections"), cx.new_uint(stats.collections))?;
        row.set_str(cx, &cx.intern("collected"), cx.new_uint(stats.collected))?;
        row.set_str(cx, &cx.intern("uncollectable"), cx.new_uint(stats.uncollectable))?;
        rows.push(row.into_object());
    }
    Ok(cx.new_list(rows)?.into_object())
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "callbacks", gc_list(cx, "gc.callbacks")?.into_object())?;
    module.add(cx, "garbage", gc_list(cx, "gc.garbage")?.into_object())?;
    let flags = [
        ("DEBUG_STATS", DebugFlags::STATS),
        ("DEBUG_COLLECTABLE", DebugFlags::COLLECTABLE),
        ("DEBUG_UNCOLLECTABLE", DebugFlags::UNCOLLECTABLE),
        ("DEBUG_SAVEALL", DebugFlags::SAVEALL),
        ("DEBUG_LEAK", DebugFlags::LEAK),
    ];
    for (name, flag) in flags {
        module.add(cx, name, cx.new_int(i64::from(flag.0)))?;
    }
    Ok(())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "gc",
    doc: Some(
        "This module provides access to the garbage collector for reference cycles.\n\
         \n\
         enable(), disable(), isenabled() -- automatic collection on and off.\n\
         collect() -- collect now; the number of unreachable objects.\n\
         get_count(), get_threshold(), set_threshold() -- counters and when they lead to a collection.\n\
         get_stats() -- what collections have done, for each generation.\n\
         set_debug(), get_debug() -- debugging flags.\n\
         get_objects(), get_referrers(), get_referents() -- the graph of tracked objects.\n\
         is_tracked(), is_finalized() -- what the collector knows of an object.\n\
         freeze(), unfreeze(), get_freeze_count() -- objects set aside for good.\n",
    ),
    functions: &[
        MethodDef::no_args(
            "enable",
            |cx, _| {
                gc::enable();
                Ok(cx.none())
            },
            "enable($module, /)\n--\n\nEnable automatic garbage collection.",
        ),
        MethodDef::no_args(
            "disable",
            |cx, _| {
                gc::disable();
                Ok(cx.none())
            },
            "disable($module, /)\n--\n\nDisable automatic garbage collection.",
        ),
        MethodDef::no_args(
            "isenabled",
            |cx, _| Ok(cx.bool(gc::is_enabled())),
            "isenabled($module, /)\n--\n\nWhether garbage is collected automatically.",
        ),
        MethodDef::one(
            "set_debug",
            set_debug,
            "set_debug($module, flags, /)\n--\n\nSet the debugging flags.\n\n  flags\n    Any of DEBUG_STATS, \
             DEBUG_COLLECTABLE, DEBUG_UNCOLLECTABLE, DEBUG_SAVEALL,\n    or DEBUG_LEAK for all but the first.\n\n\
             What is reported goes to sys.stderr.",
        ),
        MethodDef::no_args(
            "get_debug",
            |cx, _| Ok(cx.new_int(i64::from(gc::debug_flags().0))),
            "get_debug($module, /)\n--\n\nThe debugging flags.",
        ),
        MethodDef::no_args(
            "get_count",
            |cx, _| numbers(cx, gc::counts()),
            "get_count($module, /)\n--\n\nThe current counts of the three generations.",
        ),
        MethodDef::varargs(
            "set_threshold",
            set_threshold,
            "set_threshold(threshold0, [threshold1, threshold2]) -> None\n\nSets the collection thresholds.  Setting \
             threshold0 to zero disables collection.\n",
        ),
        MethodDef::no_args(
            "get_threshold",
            |cx, _| numbers(cx, gc::thresholds()),
            "get_threshold($module, /)\n--\n\nThe current collection thresholds.",
        ),
        MethodDef::keywords(
            "collect",
            collect,
            "collect($module, /, generation=2)\n--\n\nCollect garbage, in all generations unless told otherwise.\n\n\
             ValueError for a generation that there is not.\n\nReturns the number of unreachable objects.",
        ),
        MethodDef::keywords(
            "get_objects",
            get_objects,
            "get_objects($module, /, generation=None)\n--\n\nThe objects that the collector tracks, without the list \
             returned.\n\n  generation\n    Only those of this generation.",
        ),
        MethodDef::no_args(
            "get_stats",
            get_stats,
            "get_stats($module, /)\n--\n\nA dict for each generation: how often it was collected, and what became of its objects.",
        ),
        MethodDef::one(
            "is_tracked",
            |cx, _, object| Ok(cx.bool(gc::is_tracked(object))),
            "is_tracked($module, obj, /)\n--\n\nWhether the collector tracks the object.\n\nAtomic objects are not \
             tracked, and containers of them only may not be.",
        ),
        MethodDef::one(
            "is_finalized",
            |cx, _, object| Ok(cx.bool(gc::is_finalized(object))),
            "is_finalized($module, obj, /)\n--\n\nWhether the object's finalizer has been run by the collector.",
        ),
        MethodDef::varargs_keywords(
            "get_referrers",
            get_referrers,
            "get_referrers(*objs) -> list\nReturn the list of objects that directly refer to any of objs.",
        ),
        MethodDef::varargs(
            "get_referents",
            get_referents,
            "get_referents(*objs) -> list\nReturn the list of objects that are directly referred to by objs.",
        ),
        MethodDef::no_args(
            "freeze",
            |cx, _| {
                gc::freeze();
                Ok(cx.none())
            },
            "freeze($module, /)\n--\n\nSet all tracked objects aside: collections do not look at them any more.",
        ),
        MethodDef::no_args(
            "unfreeze",
            |cx, _| {
                gc::unfreeze();
                Ok(cx.none())
            },
            "unfreeze($module, /)\n--\n\nPut the objects set aside by freeze() into the oldest generation.",
        ),
        MethodDef::no_args(
            "get_freeze_count",
            |cx, _| Ok(cx.new_uint(gc::frozen_count())),
            "get_freeze_count($module, /)\n--\n\nHow many objects freeze() has set aside.",
        ),
    ],
    exec: Some(exec),
};
