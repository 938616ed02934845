//! `time`: clocks, calendars, sleeping.

use std::time::Duration;

use num_bigint::BigInt;

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::native_type::NativeType;
use crate::objects::spec::{ModuleSpec, TypeSpec};
use crate::objects::structseq::{self, field};
use crate::objects::{
    FloatObject, MethodDef, ModuleObject, PyResult, StrObject, TupleObject, args, exceptions,
};
use crate::vm::Ctx;
use crate::vm::clock::{self, Calendar};

static STRUCT_TIME_SPEC: TypeSpec = structseq::constructible(
    "time.struct_time",
    "A time broken down: what gmtime(), localtime() and strptime() return, and what\n\
     asctime(), mktime() and strftime() take.  As a sequence it has 9 integers.",
    &[
        field::<0>("tm_year", "year, for example, 1993"),
        field::<1>("tm_mon", "month of year, range [1, 12]"),
        field::<2>("tm_mday", "day of month, range [1, 31]"),
        field::<3>("tm_hour", "hours, range [0, 23]"),
        field::<4>("tm_min", "minutes, range [0, 59]"),
        field::<5>("tm_sec", "seconds, range [0, 61])"),
        field::<6>("tm_wday", "day of week, range [0, 6], Monday is 0"),
        field::<7>("tm_yday", "day of year, range [1, 366]"),
        field::<8>("tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"),
        field::<9>("tm_zone", "abbreviation of timezone name"),
        field::<10>("tm_gmtoff", "offset from UTC in seconds"),
    ],
);
static STRUCT_TIME: NativeType = NativeType::new(&STRUCT_TIME_SPEC);
const VISIBLE: usize = 9;

const NANOS: f64 = 1e9;

fn read(cx: Ctx, clock: i32) -> PyResult<i128> {
    clock::read(clock).map_err(|error| cx.raise_os_error(&error, None))
}

fn seconds(cx: Ctx, clock: i32) -> PyResult {
    let nanos = read(cx, clock)?;
    Ok(cx.new_float((nanos / 1_000_000_000) as f64 + (nanos % 1_000_000_000) as f64 / NANOS))
}

fn nanoseconds(cx: Ctx, clock: i32) -> PyResult {
    Ok(cx.new_bigint(BigInt::from(read(cx, clock)?)))
}

fn clock_argument(cx: Ctx, given: &Object) -> PyResult<i32> {
    cx.to_i32(given)
}

/// A count of seconds as a program gives it, rounded down.
fn to_seconds(cx: Ctx, value: &Object) -> PyResult<i64> {
    if let Some(float) = value.downcast::<FloatObject>() {
        if float.value.is_nan() {
            return Err(cx.value_error("Invalid value NaN (not a number)"));
        }
        let whole = float.value.floor();
        if !(-9.223_372_036_854_775e18..9.223_372_036_854_775e18).contains(&whole) {
            return Err(cx.overflow_error("timestamp out of range for platform time_t"));
        }
        return Ok(whole as i64);
    }
    let int = cx.index(value)?;
    int.as_i64().ok_or_else(|| cx.overflow_error("timestamp out of range for platform time_t"))
}

fn to_object(cx: Ctx, time: &Calendar) -> PyResult {
    let int = |value: i32| cx.new_int(i64::from(value));
    let fields = vec![
        cx.new_int(i64::from(time.year) + 1900),
        int(time.month + 1),
        int(time.day),
        int(time.hour),
        int(time.minute),
        int(time.second),
        int((time.weekday + 6) % 7),
        int(time.yearday + 1),
        int(time.is_summer),
        cx.new_str(&time.zone).into_object(),
        cx.new_int(time.offset),
    ];
    Ok(structseq::new_instance(cx, STRUCT_TIME.get(cx)?, VISIBLE, fields))
}

/// The time that an optional argument means: now when it is missing or `None`.
fn argument_calendar(cx: Ctx, name: &str, given: &[Ref], local: bool) -> PyResult<Calendar> {
    if given.len() > 1 {
        return Err(cx.type_error(format_args!("{name}() takes at most 1 argument ({} given)", given.len())));
    }
    let when = match given.first().filter(|when| !cx.is_none(when)) {
        Some(when) => to_seconds(cx, when)?,
        None => (read(cx, libc::CLOCK_REALTIME)?.div_euclid(1_000_000_000)) as i64,
    };
    clock::calendar(when, local).map_err(|error| cx.raise_os_error(&error, None))
}

fn gmtime(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    let time = argument_calendar(cx, "gmtime", given, false)?;
    to_object(cx, &time)
}

fn localtime(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    to_object(cx, &argument_calendar(cx, "localtime", given, true)?)
}

/// The fields of a time tuple.
fn from_object(cx: Ctx, name: &str, value: &Object) -> PyResult<Calendar> {
    let Some(tuple) = value.downcast::<TupleObject>() else {
        return Err(cx.type_error("Tuple or struct_time argument required"));
    };
    let items: Vec<Ref> = tuple.as_slice().to_vec();
    if items.len() != VISIBLE {
        return Err(cx.type_error(format_args!("{name}(): illegal time tuple argument")));
    }
    let mut numbers = [0i32; VISIBLE];
    for (number, item) in numbers.iter_mut().zip(&items) {
        let wide = cx.to_i64(item)?;
        *number = i32::try_from(wide).map_err(|_| {
            let side = if wide < 0 { "less than minimum" } else { "greater than maximum" };
            cx.overflow_error(format_args!("signed integer is {side}"))
        })?;
    }
    let [year, month, day, hour, minute, second, weekday, yearday, is_summer] = numbers;
    let Some(year) = year.checked_sub(1900) else {
        return Err(cx.overflow_error("year out of range"));
    };
    let mut time = Calendar {
        year,
        month: month.wrapping_sub(1),
        day,
        hour,
        minute,
        second,
        weekday: weekday.wrapping_add(1) % 7,
        yearday: yearday.wrapping_sub(1),
        is_summer,
        offset: 0,
        zone: String::new(),
    };
    if value.is_exact(STRUCT_TIME.get(cx)?)
        && let [.., zone, offset] = structseq::all_fields(value)
    {
        if let Some(zone) = zone.downcast::<StrObject>() {
            time.zone = zone.to_string_lossy();
        }
        if !cx.is_none(offset) {
            time.offset = cx.to_i64(offset)?;
        }
    }
    Ok(time)
}

/// Whether the fields can be shown; zero stands for the first where there is no zeroth.
fn check_ranges(cx: Ctx, time: &mut Calendar) -> PyResult<()> {
    if time.month == -1 {
        time.month = 0;
    }
    if time.day == 0 {
        time.day = 1;
    }
    if time.yearday == -1 {
        time.yearday = 0;
    }
    let wrong = if !(0..=11).contains(&time.month) {
        "month out of range"
    } else if !(1..=31).contains(&time.day) {
        "day of month out of range"
    } else if !(0..=23).contains(&time.hour) {
        "hour out of range"
    } else if !(0..=59).contains(&time.minute) {
        "minute out of range"
    } else if !(0..=61).contains(&time.second) {
        "seconds out of range"
    } else if time.weekday < 0 {
        "day of week out of range"
    } else if !(0..=365).contains(&time.yearday) {
        "day of year out of range"
    } else {
        return Ok(());
    };
    Err(cx.value_error(wrong))
}

fn now_or(cx: Ctx, name: &str, given: Option<&Ref>) -> PyResult<Calendar> {
    match given {
        Some(value) => {
            let mut time = from_object(cx, name, value)?;
            check_ranges(cx, &mut time)?;
            Ok(time)
        }
        None => argument_calendar(cx, name, &[], true),
    }
}

fn strftime(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    if given.is_empty() || given.len() > 2 {
        let (bound, count, plural) = if given.is_empty() { ("least", 1, "") } else { ("most", 2, "s") };
        return Err(cx.type_error(format_args!(
            "strftime() takes at {bound} {count} argument{plural} ({} given)",
            given.len()
        )));
    }
    let Some(format) = given[0].downcast::<StrObject>() else {
        return Err(
            cx.type_error(format_args!("strftime() argument 1 must be str, not {}", given[0].ty().tp_name()))
        );
    };
    let mut time = now_or(cx, "strftime", given.get(1))?;
    time.is_summer = time.is_summer.clamp(-1, 1);
    if format.code_points().any(|point| point == 0) {
        return Err(cx.value_error("embedded null character"));
    }
    let shown = clock::format(format.to_string_lossy().as_bytes(), &time);
    Ok(cx.new_str(&String::from_utf8_lossy(&shown)).into_object())
}

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn shown(cx: Ctx, time: &Calendar) -> PyResult {
    let text = format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        DAYS[time.weekday.rem_euclid(7) as usize],
        MONTHS[time.month.rem_euclid(12) as usize],
        time.day,
        time.hour,
        time.minute,
        time.second,
        i64::from(time.year) + 1900
    );
    Ok(cx.new_str(&text).into_object())
}

fn asctime(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "asctime", given, 0, 1)?;
    shown(cx, &now_or(cx, "asctime", given.first())?)
}

fn ctime(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    shown(cx, &argument_calendar(cx, "ctime", given, true)?)
}

fn mktime(cx: Ctx, _module: &Object, tuple: &Ref) -> PyResult {
    let time = from_object(cx, "mktime", tuple)?;
    match clock::seconds_of(&time) {
        Some(seconds) => Ok(cx.new_float(seconds as f64)),
        None => Err(cx.overflow_error("mktime argument out of range")),
    }
}

fn sleep(cx: Ctx, _module: &Object, length: &Ref) -> PyResult {
    let seconds = match length.downcast::<FloatObject>() {
        Some(float) if float.value.is_nan() => {
            return Err(cx.value_error("Invalid value NaN (not a number)"));
        }
        Some(float) => float.value,
        None => cx.index(length)?.to_f64().unwrap_or(f64::INFINITY),
    };
    if seconds < 0.0 {
        return Err(cx.value_error("sleep length must be non-negative"));
    }
    if seconds > 9_223_372_036.0 {
        return Err(cx.overflow_error("timestamp out of range for platform time_t"));
    }
    cx.sleep(Duration::from_secs_f64(seconds))?;
    Ok(cx.none())
}

fn strptime(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    let module = crate::vm::import::import_module(cx, "_strptime")?;
    let function = cx.get_attr_str(&module, "_strptime_time")?;
    cx.call(&function, given)
}

fn tzset(cx: Ctx, module: &Object) -> PyResult {
    clock::set_zone();
    if let Some(module) = module.downcast::<ModuleObject>() {
        add_zone(cx, module)?;
    }
    Ok(cx.none())
}

/// `timezone`, `altzone`, `daylight`, `tzname`, from the offsets in January and July of a year.
fn add_zone(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let now = (read(cx, libc::CLOCK_REALTIME)? / 1_000_000_000) as i64;
    const YEAR: i64 = (365 * 24 + 6) * 3600;
    let start = now / YEAR * YEAR;
    let at = |when: i64| clock::calendar(when, true).map_err(|error| cx.raise_os_error(&error, None));
    let (january, july) = (at(start)?, at(start + YEAR / 2)?);
    // On the southern half the year begins in summer.
    let (winter, summer) = if january.offset <= july.offset { (january, july) } else { (july, january) };
    let zones = [&winter.zone, &summer.zone].map(|zone| cx.new_str(zone).into_object());
    module.add(cx, "timezone", cx.new_int(-winter.offset))?;
    module.add(cx, "altzone", cx.new_int(-summer.offset))?;
    module.add(cx, "daylight", cx.new_int(i64::from(winter.offset != summer.offset)))?;
    module.add(cx, "tzname", cx.new_tuple(zones.into()).into_object())
}

fn get_clock_info(cx: Ctx, _module: &Object, name: &Ref) -> PyResult {
    let Some(name) = name.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!(
            "get_clock_info() argument 1 must be str, not {}",
            name.ty().tp_name()
        )));
    };
    let (id, label, monotonic) = match name.to_string_lossy().as_str() {
        "time" => (libc::CLOCK_REALTIME, "CLOCK_REALTIME", false),
        "monotonic" | "perf_counter" => (libc::CLOCK_MONOTONIC, "CLOCK_MONOTONIC", true),
        "process_time" => (libc::CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID", true),
        "thread_time" => (libc::CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID", true),
        _ => return Err(cx.value_error("unknown clock")),
    };
    let ticks = clock::resolution(id).map_err(|error| cx.raise_os_error(&error, None))?;
    let dict = cx.new_dict();
    let set = |name: &str, value: Ref| dict.set_str(cx, &cx.intern(name), value);
    set("implementation", cx.new_str(&format!("clock_gettime({label})")).into_object())?;
    set("monotonic", cx.bool(monotonic))?;
    set("adjustable", cx.bool(!monotonic))?;
    set("resolution", cx.new_float(ticks as f64 / NANOS))?;
    Ok(crate::objects::namespace::new_namespace(dict))
}

fn clock_getres(cx: Ctx, _module: &Object, clock: &Ref) -> PyResult {
    let ticks = clock::resolution(clock_argument(cx, clock)?);
    let ticks = ticks.map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.new_float(ticks as f64 / NANOS))
}

fn not_settable(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "clock_settime", given, 2, 2)?;
    Err(cx.raise(exceptions().permission_error, "[Errno 1] Operation not permitted"))
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "struct_time", STRUCT_TIME.make_structseq(cx, VISIBLE)?.to_object())?;
    module.add(cx, "_STRUCT_TM_ITEMS", cx.new_int(11))?;
    let clocks = [
        ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
        ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
        ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
        ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
        ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
        ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME),
        ("CLOCK_TAI", libc::CLOCK_TAI),
    ];
    for (name, clock) in clocks {
        module.add(cx, name, cx.new_int(i64::from(clock)))?;
    }
    add_zone(cx, module)
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "time",
    doc: Some("This module provides various functions to manipulate time values."),
    functions: &[
        MethodDef::no_args(
            "time",
            |cx, _| seconds(cx, libc::CLOCK_REALTIME),
            "time() -> floating point number\n\nSeconds since the Epoch.",
        ),
        MethodDef::no_args(
            "time_ns",
            |cx, _| nanoseconds(cx, libc::CLOCK_REALTIME),
            "time_ns() -> int\n\nNanoseconds since the Epoch.",
        ),
        MethodDef::one(
            "clock_gettime",
            |cx, _, clock| seconds(cx, clock_argument(cx, clock)?),
            "clock_gettime(clk_id) -> float\n\nWhat a clock shows, in seconds.",
        ),
        MethodDef::one(
            "clock_gettime_ns",
            |cx, _, clock| nanoseconds(cx, clock_argument(cx, clock)?),
            "clock_gettime_ns(clk_id) -> int\n\nWhat a clock shows, in nanoseconds.",
        ),
        MethodDef::fast("clock_settime", not_settable, "clock_settime(clk_id, time)\n\nSet a clock."),
        MethodDef::fast("clock_settime_ns", not_settable, "clock_settime_ns(clk_id, time)\n\nSet a clock."),
        MethodDef::one(
            "clock_getres",
            clock_getres,
            "clock_getres(clk_id) -> floating point number\n\nThe precision of a clock.",
        ),
        MethodDef::one(
            "sleep",
            sleep,
            "sleep(seconds)\n\nDo nothing for so many seconds; parts of them count.",
        ),
        MethodDef::varargs(
            "gmtime",
            gmtime,
            "gmtime([seconds]) -> struct_time\n\nSeconds since the Epoch, or now, in UTC.",
        ),
        MethodDef::varargs(
            "localtime",
            localtime,
            "localtime([seconds]) -> struct_time\n\nSeconds since the Epoch, or now, in local time.",
        ),
        MethodDef::varargs(
            "asctime",
            asctime,
            "asctime([tuple]) -> string\n\nA time as text, such as 'Sat Jun 06 16:26:11 1998'.",
        ),
        MethodDef::varargs(
            "ctime",
            ctime,
            "ctime(seconds) -> string\n\nSeconds since the Epoch as text in local time.",
        ),
        MethodDef::one(
            "mktime",
            mktime,
            "mktime(tuple) -> floating point number\n\nA local time as seconds since the Epoch.",
        ),
        MethodDef::varargs(
            "strftime",
            strftime,
            "strftime(format[, tuple]) -> string\n\nA time as text by a format.",
        ),
        MethodDef::fast(
            "strptime",
            strptime,
            "strptime(string, format) -> struct_time\n\nThe time that a text tells by a format.",
        ),
        MethodDef::no_args("tzset", tzset, "tzset()\n\nRead the time zone anew from the environment."),
        MethodDef::no_args(
            "monotonic",
            |cx, _| seconds(cx, libc::CLOCK_MONOTONIC),
            "monotonic() -> float\n\nA clock that never goes back.",
        ),
        MethodDef::no_args(
            "monotonic_ns",
            |cx, _| nanoseconds(cx, libc::CLOCK_MONOTONIC),
            "monotonic_ns() -> int\n\nA clock that never goes back, in nanoseconds.",
        ),
        MethodDef::no_args(
            "process_time",
            |cx, _| seconds(cx, libc::CLOCK_PROCESS_CPUTIME_ID),
            "process_time() -> float\n\nProcessor time of this process.",
        ),
        MethodDef::no_args(
            "process_time_ns",
            |cx, _| nanoseconds(cx, libc::CLOCK_PROCESS_CPUTIME_ID),
            "process_time_ns() -> int\n\nProcessor time of this process in nanoseconds.",
        ),
        MethodDef::no_args(
            "thread_time",
            |cx, _| seconds(cx, libc::CLOCK_THREAD_CPUTIME_ID),
            "thread_time() -> float\n\nProcessor time of this thread.",
        ),
        MethodDef::no_args(
            "thread_time_ns",
            |cx, _| nanoseconds(cx, libc::CLOCK_THREAD_CPUTIME_ID),
            "thread_time_ns() -> int\n\nProcessor time of this thread in nanoseconds.",
        ),
        MethodDef::no_args(
            "perf_counter",
            |cx, _| seconds(cx, libc::CLOCK_MONOTONIC),
            "perf_counter() -> float\n\nA clock for measuring.",
        ),
        MethodDef::no_args(
            "perf_counter_ns",
            |cx, _| nanoseconds(cx, libc::CLOCK_MONOTONIC),
            "perf_counter_ns() -> int\n\nA clock for measuring, in nanoseconds.",
        ),
        MethodDef::one(
            "get_clock_info",
            get_clock_info,
            "get_clock_info(name: str) -> dict\n\nFacts about a clock.",
        ),
    ],
    exec: Some(exec),
};
