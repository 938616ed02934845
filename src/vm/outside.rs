//! The door to the outside world: time, chance, files, input, the process itself.
//!
//! A run is a function of its source and of what comes through this door. Native code that wants to know something from
//! outside asks [`ask`] with the call that finds it out. While a run is recorded the answers are appended to a log, which
//! the run's forks share; in a replay they are read from it, and the call, with whatever it does to the world, is not
//! made. What only changes the process itself (its environment) does not go through here: a replay does it again.

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::wire::{Reader, Wire, from_bytes};

/// Answers are written when so many bytes have gathered, and when the run stands.
const GATHERED: usize = 64 * 1024;
/// Bytes read at once in a replay.
const CHUNK: usize = 64 * 1024;
/// What stands before each answer: a check of what was asked, and the length.
const HEAD: usize = 1 + 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Nobody records.
    Open,
    Recording,
    Replaying,
}

/// Why a replay cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All answers have been given: the run stood here.
    Exhausted,
    /// Something else was asked than the first time.
    Differs(&'static str),
}

struct Log {
    file: Rc<File>,
    /// Where `bytes` begins in the file.
    base: u64,
    /// Not written yet; in a replay read and not used yet.
    bytes: Vec<u8>,
    /// Bytes of `bytes` that were used, in a replay.
    used: usize,
    /// Called when a replay cannot go on; does not return.
    end: Rc<dyn Fn(End)>,
}

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Open) };
    static ASKING: Cell<bool> = const { Cell::new(false) };
    static LOG: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// Records from now on. `end` is called in a fork that replays when it cannot go on, and must not return.
pub fn record(file: File, end: Rc<dyn Fn(End)>) {
    let log = Log { file: Rc::new(file), base: 0, bytes: Vec::new(), used: 0, end };
    LOG.with(|place| *place.borrow_mut() = Some(log));
    MODE.set(Mode::Recording);
}

/// In a fork of a recorded run: replays from here.
pub fn replay() {
    LOG.with(|place| {
        if let (Some(log), Mode::Recording) = (place.borrow_mut().as_mut(), MODE.get()) {
            // The run itself will write what it had gathered.
            log.base += log.bytes.len() as u64;
            log.bytes.clear();
            log.used = 0;
            MODE.set(Mode::Replaying);
        }
    });
}

/// In a process that the program forked: it is on its own, nothing is recorded or replayed.
pub fn leave() {
    MODE.set(Mode::Open);
}

/// Whether nobody records or replays.
#[inline]
pub fn is_open() -> bool {
    MODE.get() == Mode::Open
}

/// Whether the outside world is not touched.
pub fn is_replaying() -> bool {
    MODE.get() == Mode::Replaying
}

/// Whether somebody is being asked right now: what comes from outside meanwhile is part of the answer.
pub fn is_asking() -> bool {
    ASKING.get()
}

/// Writes what has gathered, so that forks find it.
pub fn flush() {
    if MODE.get() == Mode::Recording {
        LOG.with(|place| {
            if let Some(log) = place.borrow_mut().as_mut() {
                log.write();
            }
        });
    }
}

/// The answer to a question about the outside world, found out by `call`. `what` names the question.
#[inline]
pub fn ask<T: Wire>(what: &'static str, call: impl FnOnce() -> T) -> T {
    if MODE.get() == Mode::Open || ASKING.get() {
        return call();
    }
    ask_logged(what, call)
}

#[cold]
fn ask_logged<T: Wire>(what: &'static str, call: impl FnOnce() -> T) -> T {
    if MODE.get() == Mode::Replaying {
        return recalled(what);
    }
    ASKING.set(true);
    let answer = call();
    ASKING.set(false);
    LOG.with(|place| {
        if let Some(log) = place.borrow_mut().as_mut() {
            log.append(what, &answer);
        }
    });
    answer
}

fn recalled<T: Wire>(what: &'static str) -> T {
    let found = LOG.with(|place| place.borrow_mut().as_mut().map(|log| log.next::<T>(what)));
    let end = match found {
        Some(Ok(answer)) => return answer,
        Some(Err(end)) => end,
        None => End::Exhausted,
    };
    let give_up = LOG.with(|place| place.borrow().as_ref().map(|log| log.end.clone()));
    if let Some(give_up) = give_up {
        give_up(end);
    }
    // A replay without a log, or with one that it may outlive, is a fault of the recorder.
    panic!("a replay went on past its end: {what}");
}

/// The bytes of a file.
///
/// # Errors
/// As the system says.
pub fn read_file(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    ask("read file", || std::fs::read(path))
}

/// Whether there is a plain file.
pub fn is_file(path: &Path) -> bool {
    ask("is file", || path.is_file())
}

/// Whether there is a folder.
pub fn is_dir(path: &Path) -> bool {
    ask("is dir", || path.is_dir())
}

/// The folder that relative paths begin in.
///
/// # Errors
/// It is gone.
pub fn current_dir() -> io::Result<PathBuf> {
    let bytes = ask("getcwd", || std::env::current_dir().map(|path| path.into_os_string().into_vec()))?;
    Ok(PathBuf::from(OsString::from_vec(bytes)))
}

/// One byte of what a question is called, to notice when another one is asked.
fn check_of(what: &str) -> u8 {
    what.bytes().fold(0x5a, |sum: u8, byte| sum.rotate_left(3) ^ byte)
}

impl Log {
    fn append(&mut self, what: &str, answer: &impl Wire) {
        self.bytes.push(check_of(what));
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        answer.put(&mut self.bytes);
        let length = u32::try_from(self.bytes.len() - at - 4).unwrap_or(u32::MAX);
        if let Some(place) = self.bytes.get_mut(at..at + 4) {
            place.copy_from_slice(&length.to_le_bytes());
        }
        if self.bytes.len() >= GATHERED {
            self.write();
        }
    }

    fn write(&mut self) {
        // A log that cannot be written makes replays end early, and they say so; the run goes on.
        let _ = self.file.write_all_at(&self.bytes, self.base);
        self.base += self.bytes.len() as u64;
        self.bytes.clear();
    }

    /// Makes at least `count` unused bytes available.
    fn fill(&mut self, count: usize) -> Option<()> {
        while self.bytes.len() - self.used < count {
            self.bytes.drain(..self.used);
            self.base += self.used as u64;
            self.used = 0;
            let have = self.bytes.len();
            self.bytes.resize(have + CHUNK.max(count), 0);
            let read = self.file.read_at(self.bytes.get_mut(have..)?, self.base + have as u64).unwrap_or(0);
            self.bytes.truncate(have + read);
            if read == 0 {
                return None;
            }
        }
        Some(())
    }

    fn next<T: Wire>(&mut self, what: &'static str) -> Result<T, End> {
        self.fill(HEAD).ok_or(End::Exhausted)?;
        let rest = self.bytes.get(self.used..).unwrap_or_default();
        let mut head = Reader::new(rest);
        let (Some(check), Some(length)) = (u8::take(&mut head), u32::take(&mut head)) else {
            return Err(End::Exhausted);
        };
        if check != check_of(what) {
            return Err(End::Differs(what));
        }
        let length = length as usize;
        self.fill(HEAD + length).ok_or(End::Exhausted)?;
        let start = self.used + HEAD;
        self.used = start + length;
        from_bytes(self.bytes.get(start..self.used).unwrap_or_default()).ok_or(End::Differs(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_back_and_nothing_is_done_twice() {
        let file = tempfile::tempfile().unwrap();
        record(file, Rc::new(|end| panic!("{end:?}")));
        let done = Cell::new(0);
        let question = |n: u64| {
            ask("number", || {
                done.set(done.get() + 1);
                // What is asked in passing belongs to the answer.
                n + ask("inner", || 1u64)
            })
        };
        let long = "x".repeat(3 * CHUNK);
        assert_eq!(question(10), 11);
        flush();
        // A fork would begin here, with the log as it is.
        LOG.with(|log| log.borrow_mut().as_mut().unwrap().base = 0);
        LOG.with(|log| {
            let mut log = log.borrow_mut();
            let log = log.as_mut().unwrap();
            log.base = 0;
            log.append("number", &11u64);
            log.append("text", &long);
            log.write();
            log.base = 0;
        });
        MODE.set(Mode::Replaying);
        assert!(is_replaying());
        assert_eq!(question(99), 11);
        assert_eq!(ask("text", String::new), long);
        assert_eq!(done.get(), 1);
        MODE.set(Mode::Open);
        LOG.with(|log| *log.borrow_mut() = None);
    }
}
