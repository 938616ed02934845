//! The engine thread: starts the interpreter, serves requests until the end, shuts it down.
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;

use super::console::FrontConsole;
use super::desk::Desk;
use super::past_lines::PastLines;
use super::recorder::Recorder;
use super::stepper::Stepper;
use super::ticker::Ticker;
use super::watcher::Watcher;
use crate::memory::events::set_sink;
use crate::memory::look::stand_still;
use crate::objects::{PyResult, exceptions};
use crate::session::link::{Closed, EngineHandle, FrontLink, PortEnd, link};
use crate::session::protocol::{Event, Location, Program, Query, Request, StopReason};
use crate::syntax::Mode;
use crate::vm::frame::Frame;
use crate::vm::lifecycle::{Interpreter, flush_streams};
use crate::vm::look::{clear_signal, take_signal};
use crate::vm::observe::{Observer, Verdict};
use crate::vm::state::{raise_signal, signal};
use crate::vm::{Ctx, Options, console, run};

/// Bytes of native stack of the engine thread. Only what is used is ever taken from the machine.
pub(in crate::session) const STACK: usize = 512 * 1024 * 1024;

/// Starts an engine thread; gives the front end's half of its wire.
///
/// # Errors
/// When the system grants no thread.
pub fn spawn(options: Options) -> io::Result<(EngineHandle, Receiver<Event>)> {
    let (handle, events, front) = link(wake);
    thread::Builder::new()
        .name("engine".to_owned())
        .stack_size(STACK)
        .spawn(move || engine(options, front))?;
    Ok((handle, events))
}

fn wake(interrupt: bool) {
    raise_signal(signal::REQUEST | if interrupt { signal::INTERRUPT } else { 0 });
}

/// The whole life of an engine.
pub(in crate::session) fn engine(options: Options, front: FrontLink) {
    let events = front.events();
    let alive = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| live(options, front)));
    if let Err(payload) = alive {
        let message = payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "the engine has panicked".to_owned());
        let _ = events.send(Event::Broken { message });
    }
}

fn live(options: Options, front: FrontLink) {
    let inspect = options.inspect;
    let interpreter = match Interpreter::start(options, STACK) {
        Ok(interpreter) => interpreter,
        Err(message) => {
            let _ = front.send(Event::Broken { message });
            return;
        }
    };
    let cx = interpreter.cx();
    let desk = Desk::new(front);
    let stepper = Rc::new(RefCell::new(Stepper::new(desk.clone())));
    *cx.vm().observer.borrow_mut() = Some(Box::new(Shared(stepper.clone())));
    console::install(Some(Rc::new(FrontConsole { desk: desk.clone(), cx })));
    // Lives as long as the process: there is one engine in it, or a few in tests.
    set_sink(Some(Box::leak(Box::new(Watcher::new(cx, desk.clone())))));
    let ticker = match desk.link.port() {
        Some(_) => Ticker::Timer,
        None => Ticker::start(desk.outbox.clone(), || raise_signal(signal::REQUEST)),
    };
    let mut engine = Engine {
        cx,
        desk: desk.clone(),
        stepper: stepper.clone(),
        ticker,
        inspect,
        past: PastLines::default(),
        has_prompts: false,
    };
    let code = engine.serve();
    // The end of the program can print, but is not watched any more.
    set_sink(None);
    stepper.borrow_mut().let_go();
    drop(cx.vm().observer.borrow_mut().take());
    clear_signal(signal::REQUEST | signal::TRACE);
    drop(engine);
    interpreter.finish();
    console::install(None);
    desk.outbox.flush(true);
    desk.send(Event::Finished { code });
}

/// The observer that the interpreter asks: the stepper, which the main loop uses too.
struct Shared(Rc<RefCell<Stepper>>);

impl Observer for Shared {
    fn at_instruction(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        self.0.borrow_mut().at_instruction(cx, frame)
    }

    fn reached(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        self.0.borrow_mut().reached(cx, frame)
    }

    fn entered(&mut self, cx: Ctx, frame: &Frame) {
        self.0.borrow_mut().entered(cx, frame);
    }

    fn left(&mut self, cx: Ctx, frame: &Frame) {
        self.0.borrow_mut().left(cx, frame);
    }

    fn poll(&mut self, cx: Ctx) -> Verdict {
        self.0.borrow_mut().poll(cx)
    }
}

/// How a piece of code ended.
enum Outcome {
    /// It ran to its end, or raised what has been reported.
    Done { code: i32 },
    /// `SystemExit`, or the front end wants to leave.
    Exit { code: i32 },
}

struct Engine {
    cx: Ctx,
    desk: Rc<Desk>,
    stepper: Rc<RefCell<Stepper>>,
    ticker: Ticker,
    /// `-i`: prompts follow a program.
    inspect: bool,
    past: PastLines,
    /// `sys.ps1` and `sys.ps2` have been there; a program may take them away.
    has_prompts: bool,
}

impl Engine {
    /// Serves until the end; gives the exit status.
    fn serve(&mut self) -> i32 {
        self.desk.send(Event::Started { banner: banner() });
        let baseline = || stand_still(|still| self.desk.window.borrow_mut().set_baseline(still));
        baseline();
        // What comes first says what this session is: a program to run, or prompts.
        let mut prompted = false;
        loop {
            if self.desk.quit.get() {
                return 0;
            }
            let request = match self.desk.link.next_within(std::time::Duration::from_millis(if prompted {
                3_600_000
            } else {
                5
            })) {
                Ok(Some(request)) => request,
                Ok(None) => {
                    if !prompted {
                        prompted = true;
                        self.prompt();
                    }
                    continue;
                }
                Err(Closed) => return 0,
            };
            match request {
                Request::Evaluate { source } => {
                    prompted = true;
                    self.keep_past();
                    match self.evaluate(&source) {
                        Outcome::Exit { code } => return code,
                        Outcome::Done { .. } => self.prompt(),
                    }
                }
                Request::Run { program, stepping } => {
                    prompted = true;
                    if stepping {
                        self.desk.note_all_births();
                    }
                    let outcome = self.run(&program, stepping);
                    let (Outcome::Done { code } | Outcome::Exit { code }) = outcome;
                    if self.desk.quit.get() {
                        return code;
                    }
                    if stepping {
                        return self.stand_at_end(code);
                    }
                    if !self.inspect {
                        return code;
                    }
                    self.prompt();
                }
                // Without the signal it has reached the code that ran before.
                Request::Interrupt => {
                    if take_signal(signal::INTERRUPT) {
                        self.prompt();
                    }
                }
                Request::Quit => return 0,
                Request::Collect { generation } => {
                    crate::memory::gc::collect::collect(usize::from(generation));
                    self.desk.push(self.cx);
                }
                Request::Lines { back } => {
                    for event in self.past.look(self.cx, &self.desk, back) {
                        self.desk.send(event);
                    }
                }
                // Completion is for what is typed, which runs in the present.
                request if self.past.is_past() && !is_completion(&request) => {
                    if let Request::Subscribe(subscription) = &request {
                        *self.desk.subscription.borrow_mut() = Some(subscription.clone());
                    }
                    for event in self.past.ask(&request) {
                        self.desk.send(event);
                    }
                }
                other => self.stepper.borrow_mut().serve(self.cx, other, true),
            }
        }
    }

    fn prompt(&mut self) {
        if !std::mem::replace(&mut self.has_prompts, true) {
            self.define_prompts();
        }
        self.desk.push(self.cx);
        self.desk.window.borrow_mut().mark();
        self.desk.outbox.flush(true);
        let text = self.prompt_text("ps1", ">>> ");
        self.desk.send(Event::Prompt { text, more: false });
    }

    /// Only an interactive session has `sys.ps1` and `sys.ps2`; the program may have set its own before.
    fn define_prompts(&self) {
        let cx = self.cx;
        let Some(sys) = cx.vm().sys_dict.get() else { return };
        for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
            let name = cx.intern(name);
            if sys.get_str(cx, &name).is_some() {
                continue;
            }
            if let Err(raised) = sys.set_str(cx, &name, cx.new_str(text).into_object()) {
                cx.clear_exception(raised);
            }
        }
    }

    /// `str(sys.ps1)`.
    fn prompt_text(&self, name: &str, default: &str) -> String {
        let cx = self.cx;
        let found = cx.vm().sys_dict.get().and_then(|sys| sys.get_str(cx, &cx.intern(name)));
        let Some(prompt) = found else { return default.to_owned() };
        match cx.str(&prompt) {
            Ok(text) => text.to_string_lossy(),
            Err(raised) => {
                cx.clear_exception(raised);
                String::new()
            }
        }
    }

    /// Keeps memory as it is before an input, and comes back to the present.
    fn keep_past(&mut self) {
        if self.past.is_past() {
            for event in self.past.look(self.cx, &self.desk, 0) {
                if matches!(event, Event::Moment(_)) {
                    self.desk.send(event);
                }
            }
            self.desk.begin_anew();
        }
        self.past.keep(self.cx, &self.desk);
    }

    fn evaluate(&mut self, source: &str) -> Outcome {
        self.desk.send(Event::Running);
        *self.desk.location.borrow_mut() =
            Some(Location { file: "<stdin>".into(), line: 1, function: "<module>".into() });
        let cx = self.cx;
        let Some(main) = cx.vm().main.peek() else { return Outcome::Exit { code: 1 } };
        self.timed(|| {
            let code = run::compile_text(cx, source, "<stdin>", Mode::Single)?;
            let code = crate::vm::code_object::make_code(cx, &code);
            crate::vm::import_find::run_code(cx, code, main, None).map(drop)
        })
    }

    fn run(&mut self, program: &Program, stepping: bool) -> Outcome {
        self.desk.send(Event::Running);
        if stepping {
            self.stepper.borrow_mut().stop_at_entry();
        }
        let cx = self.cx;
        let Some(main) = cx.vm().main.peek() else { return Outcome::Exit { code: 1 } };
        if stepping && let Some(end) = self.desk.link.port() {
            self.record(end);
        }
        let outcome = self.timed(|| super::program::run(cx, program, main));
        if let Some(recorder) = self.desk.recorder().filter(|recorder| recorder.is_past()) {
            recorder.hand_over();
        }
        self.stepper.borrow_mut().let_go();
        outcome
    }

    /// Records what runs from now on. A run that cannot be recorded goes only forwards.
    fn record(&mut self, end: Arc<PortEnd>) {
        let cx = self.cx;
        let Ok(recorder) = Recorder::begin(cx, end) else { return };
        *self.desk.recorder.borrow_mut() = Some(recorder.clone());
        if let Some(order) = recorder.checkpoint(cx) {
            self.stepper.borrow_mut().depart(cx, order);
        }
    }

    /// Runs something that runs Python, with the clock ticking, and reports what it raises.
    fn timed(&mut self, work: impl FnOnce() -> PyResult<()>) -> Outcome {
        let cx = self.cx;
        self.ticker.set_running(true);
        let outcome = match work() {
            Ok(()) => Outcome::Done { code: 0 },
            Err(raised) if cx.raised_is(&raised, exceptions().system_exit) => {
                Outcome::Exit { code: run::report_uncaught(cx, raised) }
            }
            Err(raised) => Outcome::Done { code: run::report_uncaught(cx, raised) },
        };
        flush_streams(cx);
        self.ticker.set_running(false);
        self.desk.outbox.flush(true);
        outcome
    }

    /// A stepped program has ended: it can be looked at until the front end leaves.
    fn stand_at_end(&mut self, code: i32) -> i32 {
        let recorder = self.desk.recorder();
        let stand = || {
            self.desk.outbox.flush(true);
            if let Some(recorder) = &recorder {
                recorder.stand(self.cx);
            }
            self.desk.push(self.cx);
            let location = self.desk.location.borrow().clone().unwrap_or(Location {
                file: "".into(),
                line: 0,
                function: "<module>".into(),
            });
            self.desk.send(Event::Stopped { reason: StopReason::End { code }, location, depth: 0 });
        };
        stand();
        loop {
            match self.desk.link.next() {
                Ok(Request::Quit | Request::Step(_)) | Err(Closed) => return code,
                Ok(Request::Order(_)) => {
                    self.desk.begin_anew();
                    stand();
                }
                Ok(Request::Back(back)) => match &recorder {
                    // The program's own frame has been left: its lines are one level down.
                    Some(recorder) => recorder.wish(self.cx, back, 1, |subject| {
                        super::answers::address_of(self.cx, &self.desk, subject)
                    }),
                    None => super::journey::refuse(&self.desk),
                },
                Ok(request) => self.stepper.borrow_mut().serve(self.cx, request, true),
            }
        }
    }
}

fn is_completion(request: &Request) -> bool {
    matches!(request, Request::Ask { query: Query::Complete { .. }, .. })
}

fn banner() -> String {
    format!(
        "ouro {}, following Python 3.11.7\n:help lists commands, ctrl-d leaves",
        env!("CARGO_PKG_VERSION")
    )
}
