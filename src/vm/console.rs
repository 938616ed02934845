//! Where the standard streams go when a front end has taken them over: file descriptors 0, 1 and 2 of the program
//! are then the front end's, a terminal as far as the program can see.
//!
//! Native code that reads or writes a descriptor asks here first; `None` means that the descriptor is the process's own.

use std::cell::RefCell;
use std::rc::Rc;

/// A front end's end of the standard streams.
pub trait Console {
    /// The program wrote to standard output (1) or standard error (2).
    fn write(&self, fd: i32, bytes: &[u8]);
    /// The program wants a line; empty at the end of input. An error when it was interrupted meanwhile.
    fn read_line(&self) -> Result<Vec<u8>, Interrupted>;
}

/// Ctrl-C came instead of a line: `KeyboardInterrupt` is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

#[derive(Default)]
struct Installed {
    console: Option<Rc<dyn Console>>,
    /// What was read and not yet taken.
    rest: Vec<u8>,
}

thread_local! {
    static INSTALLED: RefCell<Installed> = RefCell::default();
}

/// Installs a console for this thread's program, or none.
pub fn install(console: Option<Rc<dyn Console>>) {
    INSTALLED.with(|installed| *installed.borrow_mut() = Installed { console, rest: Vec::new() });
}

fn console() -> Option<Rc<dyn Console>> {
    INSTALLED.with(|installed| installed.borrow().console.clone())
}

/// Whether the descriptor is the front end's: a terminal that is always there.
pub fn owns(fd: i32) -> bool {
    (0..=2).contains(&fd) && console().is_some()
}

/// Writes to the front end, if the descriptor is its.
pub fn write(fd: i32, bytes: &[u8]) -> Option<usize> {
    if !matches!(fd, 1 | 2) {
        return None;
    }
    console()?.write(fd, bytes);
    Some(bytes.len())
}

/// Reads at most `buffer.len()` bytes of a line from the front end, if the descriptor is its. 0 is the end of input.
pub fn read(fd: i32, buffer: &mut [u8]) -> Option<Result<usize, Interrupted>> {
    if fd != 0 {
        return None;
    }
    let console = console()?;
    let rest = INSTALLED.with(|installed| std::mem::take(&mut installed.borrow_mut().rest));
    let line = if rest.is_empty() {
        match super::outside::ask("line", || console.read_line().map_err(|Interrupted| ())) {
            Ok(line) => line,
            Err(()) => return Some(Err(Interrupted)),
        }
    } else {
        rest
    };
    let count = line.len().min(buffer.len());
    let (taken, left) = line.split_at(count);
    buffer.iter_mut().zip(taken).for_each(|(to, from)| *to = *from);
    INSTALLED.with(|installed| installed.borrow_mut().rest = left.to_vec());
    Some(Ok(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Echo(RefCell<Vec<u8>>);

    impl Console for Echo {
        fn write(&self, _: i32, bytes: &[u8]) {
            self.0.borrow_mut().extend_from_slice(bytes);
        }

        fn read_line(&self) -> Result<Vec<u8>, Interrupted> {
            Ok(b"line\n".to_vec())
        }
    }

    #[test]
    fn a_line_is_handed_out_in_parts() {
        assert_eq!(write(1, b"x"), None);
        let echo = Rc::new(Echo(RefCell::default()));
        install(Some(echo.clone()));
        assert!(owns(0) && owns(2) && !owns(3));
        let mut buffer = [0; 3];
        assert_eq!(read(0, &mut buffer), Some(Ok(3)));
        assert_eq!(&buffer, b"lin");
        assert_eq!(read(0, &mut buffer), Some(Ok(2)));
        assert_eq!(read(3, &mut buffer), None);
        assert_eq!(write(2, b"err"), Some(3));
        assert_eq!(*echo.0.borrow(), b"err");
        install(None);
        assert!(!owns(1));
    }
}
