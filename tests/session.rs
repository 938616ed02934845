//! The engine through its wire: what is asked, what is answered, and that asking changes nothing.
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ouro::session::engine::spawn;
use ouro::session::link::EngineHandle;
use ouro::session::protocol::*;
use ouro::vm::Options;

/// One engine at a time: tests take turns.
static TURN: Mutex<()> = Mutex::new(());

const PATIENCE: Duration = Duration::from_secs(60);

struct Session {
    handle: EngineHandle,
    events: Receiver<Event>,
    ticket: Ticket,
    rows: Vec<HeapRow>,
    gone: Vec<String>,
    feed: Vec<MemoryEvent>,
    output: String,
    gc: Option<std::sync::Arc<GcState>>,
    _turn: MutexGuard<'static, ()>,
}

fn view() -> HeapView {
    HeapView {
        first: 0,
        rows: 60,
        sort: SortKey::Name,
        descending: false,
        filter: String::new(),
        open_groups: Vec::new(),
        open_baseline: false,
        pinned: Vec::new(),
    }
}

impl Session {
    fn start() -> Session {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let (handle, events) = spawn(Options { argv: vec![String::new()], ..Options::default() }).unwrap();
        Session {
            handle,
            events,
            ticket: 0,
            rows: Vec::new(),
            gone: Vec::new(),
            feed: Vec::new(),
            output: String::new(),
            gc: None,
            _turn: turn,
        }
    }

    fn repl() -> Session {
        let mut session = Session::start();
        session.subscribe(view());
        session.prompt();
        session
    }

    fn subscribe(&mut self, heap: HeapView) {
        let subscription = Subscription {
            heap: Some(heap),
            feed: FeedLevel::UserObjects,
            interval: Duration::from_millis(20),
        };
        self.handle.send(Request::Subscribe(subscription)).unwrap();
    }

    /// Takes events until one is `wanted`.
    fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self
                .events
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|e| panic!("{e}; printed: {}", self.output));
            match &event {
                Event::Heap(update) => {
                    let before = std::mem::take(&mut self.rows);
                    for delta in &update.rows {
                        let row = match delta {
                            RowDelta::Row(row) => row.clone(),
                            RowDelta::Same(key) => {
                                before.iter().find(|r| r.key() == *key).expect("sent before").clone()
                            }
                        };
                        self.rows.push(row);
                    }
                    self.gone.extend(update.gone.iter().map(|g| g.object.type_name.to_string()));
                }
                Event::Memory { events, .. } => self.feed.extend(events.iter().cloned()),
                Event::Output { text, .. } => self.output.push_str(text),
                Event::Gc(gc) => self.gc = Some(gc.clone()),
                Event::Broken { message } => panic!("{message}"),
                _ => {}
            }
            if wanted(&event) {
                return event;
            }
        }
    }

    fn prompt(&mut self) {
        self.until(|event| matches!(event, Event::Prompt { .. }));
    }

    fn eval(&mut self, source: &str) {
        self.handle.send(Request::Evaluate { source: format!("{source}\n") }).unwrap();
        self.prompt();
    }

    fn ask(&mut self, query: Query) -> Answer {
        self.ticket += 1;
        let ticket = self.ticket;
        self.handle.ask(ticket, query).unwrap();
        match self.until(|event| matches!(event, Event::Answer { ticket: t, .. } if *t == ticket)) {
            Event::Answer { answer, .. } => answer,
            _ => unreachable!(),
        }
    }

    fn row(&self, name: &str) -> Option<&ObjectRow> {
        self.rows.iter().find_map(|row| match row {
            HeapRow::Object(row) if row.names.iter().any(|n| &*n.name == name) => Some(row),
            _ => None,
        })
    }

    fn unnamed(&self, type_name: &str) -> Vec<&ObjectRow> {
        self.rows
            .iter()
            .filter_map(|row| match row {
                HeapRow::Object(row) if row.names.is_empty() && &*row.label.type_name == type_name => {
                    Some(row)
                }
                _ => None,
            })
            .collect()
    }

    fn quit(mut self) {
        self.handle.send(Request::Quit).unwrap();
        self.until(|event| matches!(event, Event::Finished { .. }));
    }
}

#[test]
fn a_cycle_is_seen_to_live_and_to_die() {
    let mut session = Session::repl();
    session.eval("class ClassA:\n    pass\n");
    session.eval("c1 = ClassA(); c2 = ClassA()");
    assert_eq!(session.row("c1").map(|r| r.refcount), Some(1));
    session.eval("c1.t = c2; c2.t = c1");
    assert_eq!(session.row("c1").map(|r| r.refcount), Some(2));
    let Answer::Holders(list) = session.ask(Query::Holders(Subject::Expression("c1".into()))) else {
        panic!()
    };
    let words: Vec<_> = list.holders.iter().map(|h| h.description.as_str()).collect();
    assert_eq!((list.refcount, list.total, list.unexplained), (2, 2, 0), "{words:?}");
    assert!(words.contains(&"global c1"), "{words:?}");
    assert!(words.contains(&"c2.t"), "{words:?}");
    session.eval("del c1, c2");
    assert_eq!(session.unnamed("ClassA").iter().map(|r| r.refcount).collect::<Vec<_>>(), [1, 1]);
    session.handle.send(Request::Collect { generation: 2 }).unwrap();
    session.eval("pass");
    assert_eq!(session.gone, ["ClassA", "ClassA"]);
    assert!(session.unnamed("ClassA").is_empty());
    let freed = session.feed.iter().filter(|e| matches!(e.kind, MemoryEventKind::Freed { .. })).count();
    assert_eq!(freed, 2);
    let last =
        session.gc.as_ref().and_then(|gc| gc.last_explicit.clone()).expect("a collection was asked for");
    assert_eq!((last.generation, last.unreachable, last.collected), (2, 2, 2));
    session.quit();
}

#[test]
fn looking_changes_no_count() {
    let mut session = Session::repl();
    session.eval("class A:\n    pass\n");
    session.eval("a = A(); l = [a, a]; d = {'k': a}; n = 10**30; s = 'some text ' * 3");
    let counts = |session: &Session| -> Vec<u64> {
        ["a", "l", "d", "n", "s"].iter().map(|n| session.row(n).map_or(0, |r| r.refcount)).collect()
    };
    let before = counts(&session);
    assert_eq!(before, [4, 1, 1, 1, 1]);
    for expression in ["a", "l", "d", "n", "s", "A", "l[1]", "d['k']"] {
        let subject = || Subject::Expression(expression.into());
        assert!(matches!(session.ask(Query::Object(subject())), Answer::Object(_)), "{expression}");
        assert!(matches!(session.ask(Query::Holders(subject())), Answer::Holders(_)), "{expression}");
    }
    session.ask(Query::Complete { line: "a.".into(), column: 2 });
    session.ask(Query::Gc);
    session.ask(Query::Heap(HeapView { filter: "a".into(), ..view() }));
    session.eval("pass");
    assert_eq!(counts(&session), before);
    session.quit();
}

#[test]
fn ctrl_c_ends_an_endless_loop() {
    let mut session = Session::repl();
    session.handle.send(Request::Evaluate { source: "while True: pass\n\n".into() }).unwrap();
    session.until(|event| matches!(event, Event::Running));
    std::thread::sleep(Duration::from_millis(100));
    session.handle.interrupt().unwrap();
    session.prompt();
    session.eval("x = 5");
    assert_eq!(session.row("x").map(|r| r.repr.clone()), Some("5".to_owned()));
    session.quit();
}

#[test]
fn a_script_is_stepped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.py");
    let source = "class A:\n    pass\n\ndef f(x):\n    y = x\n    return y\n\na = A()\nb = f(a)\na = None\nb = None\nend = 1\n";
    std::fs::write(&path, source).unwrap();
    let path = path.to_string_lossy().into_owned();
    let mut session = Session::start();
    session.subscribe(view());
    let program = Program::File { path: path.clone(), args: Vec::new() };
    session.handle.send(Request::Run { program, stepping: true }).unwrap();
    let stop = |session: &mut Session, step: Option<Step>| -> (u32, StopReason) {
        if let Some(step) = step {
            session.handle.send(Request::Step(step)).unwrap();
        }
        match session.until(|event| matches!(event, Event::Stopped { .. })) {
            Event::Stopped { reason, location, .. } => (location.line, reason),
            _ => unreachable!(),
        }
    };
    assert_eq!(stop(&mut session, None), (1, StopReason::Entry));
    assert_eq!(stop(&mut session, Some(Step::Over)), (4, StopReason::Step));
    assert_eq!(stop(&mut session, Some(Step::Over)), (8, StopReason::Step));
    assert_eq!(stop(&mut session, Some(Step::Over)), (9, StopReason::Step));
    assert_eq!(stop(&mut session, Some(Step::Into)), (5, StopReason::Step));
    let Answer::Frames(frames) = session.ask(Query::Frames) else { panic!() };
    let shape: Vec<_> = frames.iter().map(|f| (f.location.function.to_string(), f.location.line)).collect();
    assert_eq!(shape, [("f".to_owned(), 5), ("<module>".to_owned(), 9)]);
    let locals: Vec<_> = frames[0].locals.iter().map(|l| (l.name.to_string(), l.object.is_some())).collect();
    assert_eq!(locals, [("x".to_owned(), true), ("y".to_owned(), false)]);
    let Answer::Dis(listing) = session.ask(Query::DisFrame { frame: 0 }) else { panic!() };
    assert!(listing.rows.iter().any(|r| r.current), "{listing:?}");
    assert_eq!(stop(&mut session, Some(Step::Out)), (10, StopReason::Step));
    let (line, reason) = stop(&mut session, Some(Step::NextFree));
    assert_eq!(line, 12, "{reason:?}");
    assert!(matches!(reason, StopReason::Freed(ref objects) if &*objects[0].type_name == "A"), "{reason:?}");
    assert_eq!(stop(&mut session, Some(Step::Continue)).1, StopReason::End { code: 0 });
    session.quit();
}

#[test]
fn breakpoints_and_lines_stop_a_script() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.py");
    std::fs::write(&path, "total = 0\nfor i in range(5):\n    total += i\n\n# nothing\ndone = total\n")
        .unwrap();
    let path = path.to_string_lossy().into_owned();
    let mut session = Session::start();
    session.subscribe(view());
    let program = Program::File { path: path.clone(), args: Vec::new() };
    session.handle.send(Request::Run { program, stepping: true }).unwrap();
    session.until(|event| matches!(event, Event::Stopped { .. }));
    session.handle.send(Request::SetBreakpoint { file: path.as_str().into(), line: 3 }).unwrap();
    for _ in 0..5 {
        session.handle.send(Request::Step(Step::Continue)).unwrap();
        match session.until(|event| matches!(event, Event::Stopped { .. })) {
            Event::Stopped { reason, location, .. } => {
                assert_eq!((reason, location.line), (StopReason::Breakpoint, 3))
            }
            _ => unreachable!(),
        }
    }
    // A line without code: the next one that has some.
    session.handle.send(Request::ClearBreakpoint { file: path.as_str().into(), line: 3 }).unwrap();
    session.handle.send(Request::SetBreakpoint { file: path.as_str().into(), line: 5 }).unwrap();
    match session.until(
        |event| matches!(event, Event::Breakpoints(points) if points.len() == 1 && points[0].line != 3),
    ) {
        Event::Breakpoints(points) => assert_eq!(points[0].line, 6),
        _ => unreachable!(),
    }
    session.handle.send(Request::Step(Step::Continue)).unwrap();
    session.until(|event| matches!(event, Event::Stopped { reason: StopReason::Breakpoint, location, .. } if location.line == 6));
    session.handle.send(Request::Step(Step::Over)).unwrap();
    session.until(|event| matches!(event, Event::Stopped { reason: StopReason::End { code: 0 }, .. }));
    session.quit();
}

#[test]
fn completion_finds_names_and_attributes() {
    let mut session = Session::repl();
    session.eval("class A:\n    def method(self): pass\n");
    session.eval("a = A(); a.metric = 1");
    let Answer::Completion(found) = session.ask(Query::Complete { line: "x = a.met".into(), column: 9 })
    else {
        panic!()
    };
    let texts: Vec<_> = found.candidates.iter().map(|c| (c.text.as_str(), &*c.kind)).collect();
    assert_eq!((found.start, texts), (6, vec![("method", "function"), ("metric", "int")]));
    session.quit();
}

#[test]
fn every_count_has_its_holders() {
    let mut session = Session::repl();
    session.eval("class A:\n    def m(self): return self.x\n");
    session.eval("a = A(); a.x = [a]; f = lambda: a; g = (i for i in [a]); next(g)");
    let Answer::Audit(report) = session.ask(Query::Audit) else { panic!() };
    let lines: Vec<String> =
        ouro::session::report::audit(&report).iter().map(ouro::session::report::ReportLine::text).collect();
    assert_eq!(report.differences_total, 0, "{}", lines.join("\n"));
    session.quit();
}

/// The panel's sizes are those of `sys.getsizeof`, found without calling it.
#[test]
fn sizes_are_those_of_getsizeof() {
    let mut session = Session::repl();
    session.eval("import sys");
    session.eval("class A:\n    pass\n");
    session.eval("class S:\n    __slots__ = ('a', 'b')\n");
    session.eval("class L(list):\n    pass\n");
    let expressions = [
        "0",
        "1",
        "-5",
        "2**30",
        "2**100",
        "10**1000",
        "1.5",
        "1j",
        "True",
        "None",
        "''",
        "'abc'",
        "'\u{e9}'",
        "'\u{6f22}'",
        "'\u{1f600}'",
        "b''",
        "b'abc'",
        "bytearray(b'abc')",
        "()",
        "(1, 2)",
        "[]",
        "[1, 2, 3]",
        "list(range(100))",
        "{}",
        "{'a': 1}",
        "dict(zip(range(50), range(50)))",
        "set()",
        "{1, 2, 3}",
        "set(range(100))",
        "frozenset({1})",
        "range(3)",
        "slice(1)",
        "A",
        "A()",
        "S",
        "S()",
        "L([1, 2])",
        "lambda: 0",
        "len",
        "[].append",
        "A().__init__",
        "(i for i in ())",
        "iter([])",
        "ValueError('x')",
        "sys",
        "property()",
        "object()",
        "type",
        "Ellipsis",
        "memoryview(b'abc')",
        "{}.keys()",
        "enumerate([])",
        "staticmethod(len)",
    ];
    let mut wrong = Vec::new();
    for expression in expressions {
        session.eval(&format!("it = {expression}"));
        session.eval("size = sys.getsizeof(it)");
        let size = session.row("size").map(|r| r.repr.clone()).unwrap_or_default();
        let shown = session.row("it").map(|r| r.size.to_string()).unwrap_or_default();
        if size != shown {
            wrong.push(format!("{expression}: getsizeof {size}, shown {shown}"));
        }
    }
    session.quit();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Stops at most this often in each lesson; loops repeat themselves.
const MAX_STOPS: usize = 150;

/// Every count is explained at every line of the lessons.
#[test]
fn the_lessons_hold_no_count_without_a_holder() {
    let mut failures = Vec::new();
    let mut lessons: Vec<_> = std::fs::read_dir("demo_scripts").unwrap().map(|e| e.unwrap().path()).collect();
    lessons.retain(|path| path.extension().is_some_and(|e| e == "py"));
    lessons.sort();
    for path in lessons {
        let path = path.to_string_lossy().into_owned();
        let mut session = Session::start();
        let program = Program::File { path: path.clone(), args: Vec::new() };
        session.handle.send(Request::Run { program, stepping: true }).unwrap();
        for stop in 0.. {
            let event = session.until(|event| matches!(event, Event::Stopped { .. }));
            let Event::Stopped { reason, location, .. } = event else { unreachable!() };
            let Answer::Audit(report) = session.ask(Query::Audit) else { panic!() };
            if report.differences_total > 0 {
                let lines: Vec<String> = report
                    .differences
                    .iter()
                    .map(|d| {
                        format!("{} has {} references, {} not explained", d.object, d.refcount, d.unexplained)
                    })
                    .collect();
                failures.push(format!(
                    "{path}: {}:{} in {}:\n    {}",
                    location.file,
                    location.line,
                    location.function,
                    lines.join("\n    ")
                ));
                break;
            }
            if matches!(reason, StopReason::End { .. }) {
                break;
            }
            let step = if stop < MAX_STOPS { Step::Into } else { Step::Continue };
            session.handle.send(Request::Step(step)).unwrap();
        }
        session.quit();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What a script prints is the same whether or not somebody steps through it.
#[test]
fn stepping_changes_no_output() {
    for lesson in [
        "01_reference_counts",
        "02_born_and_freed",
        "05_allocation_counter",
        "11_weak_references",
        "12_resurrection",
    ] {
        let path = format!("demo_scripts/{lesson}.py");
        let mut printed = Vec::new();
        for stepping in [false, true] {
            let mut session = Session::start();
            let program = Program::File { path: path.clone(), args: Vec::new() };
            session.handle.send(Request::Run { program, stepping }).unwrap();
            let is_over = |event: &Event| {
                let ended = matches!(event, Event::Stopped { reason: StopReason::End { .. }, .. });
                ended || matches!(event, Event::Finished { .. })
            };
            loop {
                let event = session.until(|event| matches!(event, Event::Stopped { .. }) || is_over(event));
                if matches!(event, Event::Finished { .. }) {
                    break;
                }
                session.handle.send(Request::Step(Step::Instruction)).unwrap();
                if is_over(&event) {
                    session.until(|event| matches!(event, Event::Finished { .. }));
                    break;
                }
            }
            printed.push(session.output);
        }
        assert_eq!(printed[0], printed[1], "{lesson}");
    }
}
