//! A program run with nobody watching, on the process's own standard streams.
use std::io;
use std::sync::atomic::Ordering;
use std::thread;

use super::program;
use super::serve::STACK;
use crate::session::protocol::Program;
use crate::vm::lifecycle::Interpreter;
use crate::vm::state::{SIGNALS, raise_signal, signal};
use crate::vm::{Options, run};

/// Runs a program on a thread with room for deep recursion; gives the exit status.
///
/// # Errors
/// When the system grants no thread.
pub fn run_plain(options: Options, program: Program) -> io::Result<i32> {
    let engine = thread::Builder::new().name("engine".to_owned()).stack_size(STACK);
    let running = engine.spawn(move || run_here(options, &program))?;
    watch_interrupts();
    // A panic has been printed by the hook; 70 says that it was ouro's fault.
    Ok(running.join().unwrap_or(70))
}

fn run_here(options: Options, program: &Program) -> i32 {
    let interpreter = match Interpreter::start(options, STACK) {
        Ok(interpreter) => interpreter,
        Err(message) => {
            eprintln!("ouro: {message}");
            return 1;
        }
    };
    let cx = interpreter.cx();
    let main = interpreter.main_dict();
    let code = match program::run(cx, program, &main) {
        Ok(()) => 0,
        Err(raised) => run::report_uncaught(cx, raised),
    };
    drop(main);
    if interpreter.finish() { code } else { 120 }
}

/// Ctrl-C becomes `KeyboardInterrupt` in the running code. Code that has not taken notice of the last one by the
/// time of the next is stuck in a native call, and the process ends.
#[cfg(unix)]
fn watch_interrupts() {
    let Ok(mut signals) = signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT]) else { return };
    thread::spawn(move || {
        for _ in signals.forever() {
            if SIGNALS.load(Ordering::SeqCst) & signal::INTERRUPT != 0 {
                std::process::exit(130);
            }
            raise_signal(signal::INTERRUPT);
        }
    });
}

#[cfg(not(unix))]
fn watch_interrupts() {
    let _ = (raise_signal as fn(u32), signal::INTERRUPT);
}
