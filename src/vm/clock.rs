//! The operating system's clocks and calendar, behind a safe face. Everything that a program learns
//! of time comes through here.

use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;
use std::time::Duration;

use super::Ctx;
use super::eval::answer_signals;
use super::state::{SIGNALS, signal};
use crate::objects::PyResult;

/// A broken-down time: the fields of C's `struct tm` with the zone's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Years since 1900.
    pub year: i32,
    /// Months since January.
    pub month: i32,
    pub day: i32,
    pub hour: i32,
    pub minute: i32,
    pub second: i32,
    /// Days since Sunday.
    pub weekday: i32,
    /// Days since January 1st.
    pub yearday: i32,
    /// Positive in summer time, zero not, negative when unknown.
    pub is_summer: i32,
    /// Seconds east of UTC.
    pub offset: i64,
    pub zone: String,
}

/// Nanoseconds that a clock (`libc::CLOCK_*`) shows.
///
/// # Errors
/// The operating system has no such clock.
pub fn read(clock: i32) -> io::Result<i128> {
    super::outside::ask("clock", || {
        let mut time = MaybeUninit::<libc::timespec>::zeroed();
        // SAFETY: the kernel fills the struct that the pointer leads to.
        let time = unsafe {
            if libc::clock_gettime(clock, time.as_mut_ptr()) != 0 {
                return Err(io::Error::last_os_error());
            }
            time.assume_init()
        };
        Ok(i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec))
    })
}

/// Nanoseconds between two ticks of a clock.
///
/// # Errors
/// As [`read`].
pub fn resolution(clock: i32) -> io::Result<i128> {
    let mut time = MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: as in `read`.
    let time = unsafe {
        if libc::clock_getres(clock, time.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        time.assume_init()
    };
    Ok(i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec))
}

/// Seconds since the epoch as local time, or as UTC.
///
/// # Errors
/// The year does not fit.
pub fn calendar(seconds: i64, local: bool) -> io::Result<Calendar> {
    let mut tm = MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both functions read the number and fill the struct, or return null.
    let tm = unsafe {
        let filled = if local {
            libc::localtime_r(&raw const seconds, tm.as_mut_ptr())
        } else {
            libc::gmtime_r(&raw const seconds, tm.as_mut_ptr())
        };
        if filled.is_null() {
            return Err(io::Error::last_os_error());
        }
        tm.assume_init()
    };
    let zone = if tm.tm_zone.is_null() {
        String::new()
    } else {
        // SAFETY: the C library's zone names are static, terminated strings.
        unsafe { CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned()
    };
    Ok(Calendar {
        year: tm.tm_year,
        month: tm.tm_mon,
        day: tm.tm_mday,
        hour: tm.tm_hour,
        minute: tm.tm_min,
        second: tm.tm_sec,
        weekday: tm.tm_wday,
        yearday: tm.tm_yday,
        is_summer: tm.tm_isdst,
        offset: tm.tm_gmtoff,
        zone,
    })
}

fn to_tm(time: &Calendar, zone: Option<&CString>) -> libc::tm {
    // SAFETY: all fields of the struct are numbers or pointers, for which zero is valid.
    let mut tm: libc::tm = unsafe { MaybeUninit::zeroed().assume_init() };
    tm.tm_year = time.year;
    tm.tm_mon = time.month;
    tm.tm_mday = time.day;
    tm.tm_hour = time.hour;
    tm.tm_min = time.minute;
    tm.tm_sec = time.second;
    tm.tm_wday = time.weekday;
    tm.tm_yday = time.yearday;
    tm.tm_isdst = time.is_summer;
    tm.tm_gmtoff = time.offset;
    tm.tm_zone = zone.map_or(std::ptr::null(), |zone| zone.as_ptr());
    tm
}

/// Seconds since the epoch of a local time; `None` when they do not fit.
pub fn seconds_of(time: &Calendar) -> Option<i64> {
    let mut tm = to_tm(time, None);
    tm.tm_wday = -1;
    // SAFETY: the struct is whole.
    let seconds = unsafe { libc::mktime(&raw mut tm) };
    // -1 is a time too: then the weekday has been filled in.
    (seconds != -1 || tm.tm_wday != -1).then_some(seconds)
}

/// C's `strftime`, on bytes.
pub fn format(format: &[u8], time: &Calendar) -> Vec<u8> {
    let zone = CString::new(time.zone.as_bytes()).ok().filter(|_| !time.zone.is_empty());
    let tm = to_tm(time, zone.as_ref());
    let Ok(format_text) = CString::new(format) else { return Vec::new() };
    if format.is_empty() {
        return Vec::new();
    }
    let mut size = 1024;
    loop {
        let mut buffer = vec![0u8; size];
        // SAFETY: the buffer is `size` bytes long, the texts are terminated, the struct is whole.
        let written =
            unsafe { libc::strftime(buffer.as_mut_ptr().cast(), size, format_text.as_ptr(), &raw const tm) };
        // Nothing written means too small, or nothing to write: after a while it is the latter.
        if written > 0 || size >= 256 * format.len().max(4) {
            buffer.truncate(written);
            return buffer;
        }
        size *= 2;
    }
}

/// Reads the time zone's rules anew from the environment.
pub fn set_zone() {
    unsafe extern "C" {
        fn tzset();
    }
    // SAFETY: the function only reads the environment; one thread changes it.
    unsafe { tzset() }
}

/// Longest stretch slept without looking whether somebody wants something.
const SLICE: Duration = Duration::from_millis(10);

impl Ctx {
    /// Sleeps; Ctrl-C raises KeyboardInterrupt meanwhile.
    pub fn sleep(self, duration: Duration) -> PyResult<()> {
        // In a replay nobody sleeps; Ctrl-C comes again if it came.
        let mut raised = None;
        let whole = super::outside::ask("sleep", || match self.sleep_now(duration) {
            Ok(()) => true,
            Err(error) => {
                raised = Some(error);
                false
            }
        });
        match raised {
            Some(raised) => Err(raised),
            None if whole => Ok(()),
            None => Err(self.raise_bare(crate::objects::exceptions().keyboard_interrupt)),
        }
    }

    fn sleep_now(self, duration: Duration) -> PyResult<()> {
        let end = std::time::Instant::now().checked_add(duration);
        loop {
            if SIGNALS.load(std::sync::atomic::Ordering::Relaxed) & !signal::WATCHED != 0 {
                answer_signals(self)?;
            }
            let left = match end {
                Some(end) => end.saturating_duration_since(std::time::Instant::now()),
                None => SLICE,
            };
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(SLICE));
        }
    }
}
