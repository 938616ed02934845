//! A program run with nobody watching, on the process's own standard streams.
use std::io;
use std::sync::atomic::Ordering;
use std::thread;

use super::program;
use super::serve::STACK;
use crate::session::protocol::Program;
use crate::vm::lifecycle::Interpreter;
use crate::vm::state::{SIGNALS, raise_signal, signal};
use crate::vm::{Ctx, Options, run};

/// Somebody who looks at a program that runs on the process's own streams. All is called on the engine thread.
pub trait Companion {
    /// Before the first line: the place to set an observer.
    fn begin(&self, cx: Ctx);
    /// The program has ended with this exit status; nothing has been shut down.
    fn ended(&self, cx: Ctx, code: i32);
    /// The interpreter has shut down. What is alive now stays.
    fn shut_down(&self, cx: Ctx);
}

/// Nobody.
impl Companion for () {
    fn begin(&self, _: Ctx) {}
    fn ended(&self, _: Ctx, _: i32) {}
    fn shut_down(&self, _: Ctx) {}
}

/// Runs a program on a thread with room for deep recursion; gives the exit status.
///
/// # Errors
/// When the system grants no thread.
pub fn run_plain(options: Options, program: Program) -> io::Result<i32> {
    // 70 says that it was ouro's fault.
    run_with(options, program, || (), |(), code| code).map(|code| code.unwrap_or(70))
}

/// As [`run_plain`], in company: `make` makes it on the engine thread, `result` says what came out.
/// Nothing comes out of a panic.
///
/// # Errors
/// When the system grants no thread.
pub fn run_with<C: Companion, R: Send + 'static>(
    options: Options,
    program: Program,
    make: impl FnOnce() -> C + Send + 'static,
    result: impl FnOnce(C, i32) -> R + Send + 'static,
) -> io::Result<Option<R>> {
    let engine = thread::Builder::new().name("engine".to_owned()).stack_size(STACK);
    let running = engine.spawn(move || {
        let companion = make();
        let code = run_here(options, &program, &companion);
        result(companion, code)
    })?;
    watch_interrupts();
    // A panic has been printed by the hook.
    Ok(running.join().ok())
}

fn run_here(options: Options, program: &Program, companion: &impl Companion) -> i32 {
    let interpreter = match Interpreter::start(options, STACK) {
        Ok(interpreter) => interpreter,
        Err(message) => {
            eprintln!("ouro: {message}");
            return 1;
        }
    };
    let cx = interpreter.cx();
    let Some(main) = cx.vm().main.peek() else { return 1 };
    companion.begin(cx);
    let code = match program::run(cx, program, main) {
        Ok(()) => 0,
        Err(raised) => run::report_uncaught(cx, raised),
    };
    companion.ended(cx, code);
    let written = interpreter.finish_and(|| companion.shut_down(cx));
    if written { code } else { 120 }
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
