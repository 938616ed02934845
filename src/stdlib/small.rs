//! Small modules: `_locale`, `faulthandler`, `_tracemalloc`, `_opcode`, `_typing`.

use crate::memory::{Object, Ref};
use crate::objects::args::check_count;
use crate::objects::spec::MethodDef;
use crate::objects::{Args, ModuleSpec, PyResult, StrObject, exceptions};
use crate::vm::Ctx;

fn nothing(cx: Ctx, _: &Object, _: Args<'_>) -> PyResult {
    Ok(cx.none())
}

fn no(cx: Ctx, _: &Object, _: Args<'_>) -> PyResult {
    Ok(cx.bool(false))
}

// ---- _locale: the locale is always "C" but for its encoding, which is UTF-8 ----

fn setlocale(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "setlocale", args, 1, 2)?;
    let category = cx.to_i32(&args[0])?;
    if !(0..=12).contains(&category) {
        return Err(locale_error(cx, "invalid locale category"));
    }
    match args.get(1).filter(|locale| !cx.is_none(locale)).and_then(|locale| locale.downcast::<StrObject>()) {
        None => Ok(cx.new_str("C").into_object()),
        Some(name) => match name.to_string_lossy().as_str() {
            "" | "C" | "POSIX" => Ok(cx.new_str("C").into_object()),
            name @ ("C.UTF-8" | "C.utf8") => Ok(cx.new_str(name).into_object()),
            _ => Err(locale_error(cx, "unsupported locale setting")),
        },
    }
}

fn locale_error(cx: Ctx, message: &str) -> crate::objects::Raised {
    super::support::raise_of(cx, "_locale", "Error", exceptions().exception, message)
}

fn localeconv(cx: Ctx, _: &Object) -> PyResult {
    let dict = cx.new_dict();
    let set = |name: &str, value: Ref| dict.set_str(cx, &cx.intern(name), value);
    set("decimal_point", cx.new_str(".").into_object())?;
    for name in [
        "thousands_sep",
        "int_curr_symbol",
        "currency_symbol",
        "mon_decimal_point",
        "mon_thousands_sep",
        "positive_sign",
        "negative_sign",
    ] {
        set(name, cx.new_str("").into_object())?;
    }
    for name in ["grouping", "mon_grouping"] {
        set(name, cx.new_list(Vec::new())?.into_object())?;
    }
    for name in [
        "int_frac_digits",
        "frac_digits",
        "p_cs_precedes",
        "p_sep_by_space",
        "n_cs_precedes",
        "n_sep_by_space",
        "p_sign_posn",
        "n_sign_posn",
    ] {
        set(name, cx.new_int(127))?;
    }
    Ok(dict.into_object())
}

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn nl_langinfo(cx: Ctx, _: &Object, item: &Ref) -> PyResult {
    let item = cx.to_i64(item)?;
    let at = |from: i64| (item - from) as usize;
    let text = match item {
        14 => "UTF-8",
        65536 => ".",
        65537 => "",
        131_072..=131_078 => &DAYS[at(131_072)][..3],
        131_079..=131_085 => DAYS[at(131_079)],
        131_086..=131_097 => &MONTHS[at(131_086)][..3],
        131_098..=131_109 => MONTHS[at(131_098)],
        131_110 => "AM",
        131_111 => "PM",
        131_112 => "%a %b %e %H:%M:%S %Y",
        131_113 => "%m/%d/%y",
        131_114 => "%H:%M:%S",
        131_115 => "%I:%M:%S %p",
        131_116..=131_121 => "",
        262_159 => "-",
        327_680 => "^[yY]",
        327_681 => "^[nN]",
        _ => return Err(cx.value_error("unsupported langinfo constant")),
    };
    Ok(cx.new_str(text).into_object())
}

fn strcoll(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "strcoll", args, 2, 2)?;
    match (args[0].downcast::<StrObject>(), args[1].downcast::<StrObject>()) {
        (Some(a), Some(b)) => Ok(cx.new_int(a.cmp_text(b) as i64)),
        _ => Err(cx.type_error("strcoll() arguments must be str")),
    }
}

fn strxfrm(cx: Ctx, _: &Object, text: &Ref) -> PyResult {
    if text.downcast::<StrObject>().is_none() {
        return Err(cx.type_error("strxfrm() argument must be str"));
    }
    Ok(text.clone())
}

fn getencoding(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_str("UTF-8").into_object())
}

pub static LOCALE: ModuleSpec = ModuleSpec {
    name: "_locale",
    doc: Some("Support for POSIX locales."),
    functions: &[
        MethodDef::fast(
            "setlocale",
            setlocale,
            "setlocale($module, category, locale=None, /)\n--\n\nActivates/queries locale processing.",
        ),
        MethodDef::no_args(
            "localeconv",
            localeconv,
            "localeconv($module, /)\n--\n\nReturns numeric and monetary locale-specific parameters.",
        ),
        MethodDef::one(
            "nl_langinfo",
            nl_langinfo,
            "nl_langinfo($module, key, /)\n--\n\nReturn the value for the locale information associated with key.",
        ),
        MethodDef::fast(
            "strcoll",
            strcoll,
            "strcoll($module, os1, os2, /)\n--\n\nCompares two strings according to the locale.",
        ),
        MethodDef::one(
            "strxfrm",
            strxfrm,
            "strxfrm($module, string, /)\n--\n\nReturn a string that can be used as a key for locale-aware comparisons.",
        ),
        MethodDef::no_args(
            "getencoding",
            getencoding,
            "getencoding($module, /)\n--\n\nGet the current locale encoding.",
        ),
    ],
    exec: Some(|cx, module| {
        let class = super::support::new_exception(
            cx,
            "locale",
            "Error",
            crate::memory::Layout::to_object(exceptions().exception),
        )?;
        module.add(cx, "Error", class)?;
        super::support::add_numbers(
            cx,
            module,
            &[
                ("LC_CTYPE", 0),
                ("LC_NUMERIC", 1),
                ("LC_TIME", 2),
                ("LC_COLLATE", 3),
                ("LC_MONETARY", 4),
                ("LC_MESSAGES", 5),
                ("LC_ALL", 6),
                ("CHAR_MAX", 127),
                ("CODESET", 14),
                ("RADIXCHAR", 65536),
                ("THOUSEP", 65537),
                ("ABDAY_1", 131_072),
                ("DAY_1", 131_079),
                ("ABMON_1", 131_086),
                ("MON_1", 131_098),
                ("AM_STR", 131_110),
                ("PM_STR", 131_111),
                ("D_T_FMT", 131_112),
                ("D_FMT", 131_113),
                ("T_FMT", 131_114),
                ("T_FMT_AMPM", 131_115),
                ("ERA", 131_116),
                ("ERA_D_FMT", 131_118),
                ("ALT_DIGITS", 131_119),
                ("ERA_D_T_FMT", 131_120),
                ("ERA_T_FMT", 131_121),
                ("CRNCYSTR", 262_159),
                ("YESEXPR", 327_680),
                ("NOEXPR", 327_681),
            ],
        )
    }),
};

// ---- faulthandler: nothing here dies of a fault that could be reported ----

pub static FAULTHANDLER: ModuleSpec = ModuleSpec {
    name: "faulthandler",
    doc: Some("faulthandler module."),
    functions: &[
        MethodDef::keywords(
            "enable",
            nothing,
            "enable(file=sys.stderr, all_threads=True): enable the fault handler",
        ),
        MethodDef::keywords("disable", no, "disable(): disable the fault handler"),
        MethodDef::keywords("is_enabled", no, "is_enabled()->bool: check if the handler is enabled"),
        MethodDef::keywords(
            "dump_traceback_later",
            nothing,
            "dump_traceback_later(timeout, repeat=False, file=sys.stderrn, exit=False)",
        ),
        MethodDef::keywords("cancel_dump_traceback_later", nothing, "cancel_dump_traceback_later()"),
        MethodDef::keywords(
            "register",
            nothing,
            "register(signum, file=sys.stderr, all_threads=True, chain=False)",
        ),
        MethodDef::keywords("unregister", no, "unregister(signum)"),
        MethodDef::keywords("dump_traceback", nothing, "dump_traceback(file=sys.stderr, all_threads=True)"),
    ],
    exec: None,
};

// ---- _tracemalloc: tracing is never on ----

fn empty_list(cx: Ctx, _: &Object, _: Args<'_>) -> PyResult {
    Ok(cx.new_list(Vec::new())?.into_object())
}

fn cannot_trace(cx: Ctx, _: &Object, _: Args<'_>) -> PyResult {
    Err(cx.runtime_error("the tracemalloc module is not supported: the memory panel shows what is allocated"))
}

pub static TRACEMALLOC: ModuleSpec = ModuleSpec {
    name: "_tracemalloc",
    doc: Some("Debug module to trace memory blocks allocated by Python."),
    functions: &[
        MethodDef::keywords(
            "is_tracing",
            no,
            "is_tracing($module, /)\n--\n\nReturn True if the tracemalloc module is tracing Python memory allocations.",
        ),
        MethodDef::keywords(
            "clear_traces",
            nothing,
            "clear_traces($module, /)\n--\n\nClear traces of memory blocks allocated by Python.",
        ),
        MethodDef::keywords(
            "_get_traces",
            empty_list,
            "_get_traces($module, /)\n--\n\nGet traces of all memory blocks allocated by Python.",
        ),
        MethodDef::keywords(
            "_get_object_traceback",
            nothing,
            "_get_object_traceback($module, obj, /)\n--\n\nGet the traceback where the Python object obj was allocated.",
        ),
        MethodDef::keywords(
            "start",
            cannot_trace,
            "start($module, nframe=1, /)\n--\n\nStart tracing Python memory allocations.",
        ),
        MethodDef::keywords(
            "stop",
            nothing,
            "stop($module, /)\n--\n\nStop tracing Python memory allocations.",
        ),
        MethodDef::keywords(
            "get_traceback_limit",
            |cx, _, _| Ok(cx.new_int(1)),
            "get_traceback_limit($module, /)\n--\n\nGet the maximum number of frames stored in the traceback of a trace.",
        ),
        MethodDef::keywords(
            "get_tracemalloc_memory",
            |cx, _, _| Ok(cx.new_int(0)),
            "get_tracemalloc_memory($module, /)\n--\n\nGet the memory usage in bytes of the tracemalloc module.",
        ),
        MethodDef::keywords(
            "get_traced_memory",
            |cx, _, _| Ok(cx.new_tuple(vec![cx.new_int(0), cx.new_int(0)]).into_object()),
            "get_traced_memory($module, /)\n--\n\nGet the current size and peak size of memory blocks traced by tracemalloc.",
        ),
        MethodDef::keywords(
            "reset_peak",
            nothing,
            "reset_peak($module, /)\n--\n\nSet the peak size of memory blocks traced by tracemalloc to the current size.",
        ),
    ],
    exec: None,
};

// ---- what `sysconfig` asks about the build ----

pub static SYSCONFIGDATA: ModuleSpec = ModuleSpec {
    name: "_sysconfigdata__linux_x86_64-linux-gnu",
    doc: None,
    functions: &[],
    exec: Some(|cx, module| {
        let vars = cx.new_dict();
        for (name, value) in [
            ("EXT_SUFFIX", ".cpython-311-x86_64-linux-gnu.so"),
            ("SOABI", "cpython-311-x86_64-linux-gnu"),
            ("MULTIARCH", "x86_64-linux-gnu"),
            ("VERSION", "3.11"),
            ("TZPATH", "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"),
            ("CC", "gcc"),
            ("CFLAGS", ""),
            ("CONFIG_ARGS", ""),
            ("LIBDIR", "/usr/local/lib"),
            ("SHLIB_SUFFIX", ".so"),
        ] {
            vars.set_str(cx, &cx.intern(name), cx.new_str(value).into_object())?;
        }
        for (name, value) in
            [("Py_DEBUG", 0), ("WITH_PYMALLOC", 1), ("Py_ENABLE_SHARED", 0), ("HAVE_FORK", 1)]
        {
            vars.set_str(cx, &cx.intern(name), cx.new_int(value))?;
        }
        module.add(cx, "build_time_vars", vars.into_object())
    }),
};

// ---- _typing ----

fn idfunc(_: Ctx, _: &Object, value: &Ref) -> PyResult {
    Ok(value.clone())
}

pub static TYPING: ModuleSpec = ModuleSpec {
    name: "_typing",
    doc: Some("Accelerators for the typing module.\n"),
    functions: &[MethodDef::one("_idfunc", idfunc, "")],
    exec: None,
};
