//! An engine that knows a few lines by heart.
use std::sync::Arc;

use ouro::session::protocol::*;

const SOURCE: &str = "import gc\n\nclass ClassA:\n    def __del__(self):\n        print('gone')\n\nc1 = ClassA()\nc2 = ClassA()\n\
                      c1.t = c2\nc2.t = c1\ndel c1, c2\ngc.collect()\n";

pub struct FakeEngine {
    rows: Vec<ObjectRow>,
    groups: Vec<GroupRow>,
    gone: Vec<Gone>,
    view: Option<HeapView>,
    gc: GcState,
    sequence: u64,
    breakpoints: Vec<Breakpoint>,
    /// Line about to run; 0 when not stepping.
    line: u32,
    running: bool,
    wants_input: bool,
}

fn label(number: u64) -> ObjectLabel {
    ObjectLabel { id: 0x7f00_0000_1000 + number * 0x30, number, type_name: "ClassA".into() }
}

fn object(number: u64, name: &str, refcount: u64, state: RowState) -> ObjectRow {
    let names =
        if name.is_empty() { Vec::new() } else { vec![Name { scope: Scope::Global, name: name.into() }] };
    ObjectRow {
        label: label(number),
        names,
        refcount,
        generation: Generation::Tracked(0),
        size: 56,
        repr: "<ClassA>".into(),
        user: true,
        pinned: false,
        state,
        in_group: false,
    }
}

fn group(type_name: &str, count: u64, bytes: u64, change: i64) -> GroupRow {
    let type_name: Arc<str> = type_name.into();
    GroupRow { type_name, count, bytes, change, user: false, open: false, baseline: false }
}

impl FakeEngine {
    pub fn new() -> FakeEngine {
        let stats = [
            GenerationStats { collections: 12, collected: 40, uncollectable: 0 },
            GenerationStats { collections: 1, collected: 3, uncollectable: 0 },
            GenerationStats::default(),
        ];
        FakeEngine {
            rows: Vec::new(),
            groups: vec![group("function", 4, 576, 0), group("dict", 3, 696, 1), group("str", 120, 7421, -2)],
            gone: Vec::new(),
            view: None,
            gc: GcState {
                enabled: true,
                counts: [488, 3, 0],
                thresholds: [700, 10, 10],
                stats,
                ..GcState::default()
            },
            sequence: 0,
            breakpoints: Vec::new(),
            line: 0,
            running: false,
            wants_input: false,
        }
    }

    pub fn start(&mut self, stepping: bool) -> Vec<Event> {
        let mut events = vec![Event::Started { banner: "ouro 0.1.0, Python 3.11".into() }];
        if !stepping {
            events.extend([self.heap(), self.collector(), self.prompt()]);
        }
        events
    }

    pub fn interrupt(&mut self) -> Vec<Event> {
        self.wants_input = false;
        if std::mem::take(&mut self.running) {
            let text = "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\nKeyboardInterrupt\n";
            return vec![Event::Output { stream: Stream::Stderr, text: text.into() }, self.prompt()];
        }
        vec![self.prompt()]
    }

    pub fn answer(&mut self, request: Request) -> Vec<Event> {
        match request {
            Request::Subscribe(subscription) => {
                self.view = subscription.heap;
                vec![self.heap()]
            }
            Request::Evaluate { source } => self.evaluate(source.trim()),
            Request::Run { .. } => self.stop(StopReason::Entry, 1),
            Request::Step(step) => self.step(step),
            Request::Ask { ticket, query } => vec![Event::Answer { ticket, answer: self.query(query) }],
            Request::SetBreakpoint { file, line } => {
                self.breakpoints.push(Breakpoint { file, line });
                vec![Event::Breakpoints(self.breakpoints.clone())]
            }
            Request::ClearBreakpoint { file, line } => {
                self.breakpoints.retain(|b| b.file != file || b.line != line);
                vec![Event::Breakpoints(self.breakpoints.clone())]
            }
            Request::Stdin { text } => {
                self.wants_input = false;
                vec![self.out(&format!("you said {text}")), self.prompt()]
            }
            Request::Quit => vec![Event::Finished { code: 0 }],
            Request::Pause | Request::Interrupt | Request::SetWatch { .. } | Request::Collect { .. } => {
                Vec::new()
            }
            // It knows no past.
            _ => Vec::new(),
        }
    }

    fn prompt(&self) -> Event {
        Event::Prompt { text: ">>> ".into(), more: false }
    }

    fn out(&self, text: &str) -> Event {
        Event::Output { stream: Stream::Stdout, text: text.into() }
    }

    fn collector(&self) -> Event {
        Event::Gc(Arc::new(self.gc.clone()))
    }

    fn heap(&mut self) -> Event {
        let filter = self.view.as_ref().map(|v| v.filter.clone()).unwrap_or_default();
        let pinned = self.view.as_ref().map(|v| v.pinned.clone()).unwrap_or_default();
        let open = self.view.as_ref().map(|v| v.open_groups.clone()).unwrap_or_default();
        let mut rows = Vec::new();
        for row in &self.rows {
            let named = row.names.iter().any(|n| n.name.contains(&filter));
            if filter.is_empty() || named || row.label.type_name.contains(&filter) {
                let row = ObjectRow { pinned: pinned.contains(&row.label.id), ..row.clone() };
                rows.push(HeapRow::Object(row));
            }
        }
        for group in self.groups.iter().filter(|g| g.type_name.contains(&filter)) {
            let open = open.contains(&group.type_name);
            rows.push(HeapRow::Group(GroupRow { open, ..group.clone() }));
            if open {
                let row = ObjectRow {
                    in_group: true,
                    user: false,
                    repr: "{'k': 1}".into(),
                    ..object(70, "", 1, RowState::Live)
                };
                let label = ObjectLabel { type_name: group.type_name.clone(), ..row.label.clone() };
                rows.push(HeapRow::Object(ObjectRow { label, ..row }));
            }
        }
        if filter.is_empty() {
            rows.push(HeapRow::Baseline { count: 4711, bytes: 1_234_567, open: false });
        }
        for row in &mut self.rows {
            row.state = RowState::Live;
        }
        let total = rows.len();
        let first = self.view.as_ref().map_or(0, |v| v.first).min(total);
        let rows = rows.into_iter().skip(first).map(RowDelta::Row).collect();
        let gone = std::mem::take(&mut self.gone);
        Event::Heap(HeapUpdate { first, total, rows, gone, live_objects: 4838, live_bytes: 1_243_260 })
    }

    fn event(&mut self, line: u32, kind: MemoryEventKind) -> MemoryEvent {
        self.sequence += 1;
        let location = Some(Location { file: "<stdin>".into(), line, function: "<module>".into() });
        MemoryEvent { sequence: self.sequence, location, kind }
    }

    /// Makes the memory look as it does after a line of the lesson.
    fn lesson(&mut self, line: u32) -> Vec<Event> {
        let mut kinds = Vec::new();
        match line {
            7 => {
                self.rows.push(object(12, "c1", 1, RowState::New));
                kinds.push(MemoryEventKind::Created { object: label(12) });
            }
            8 => {
                self.rows.push(object(13, "c2", 1, RowState::New));
                kinds.push(MemoryEventKind::Created { object: label(13) });
            }
            9 | 10 => {
                let number = if line == 9 { 13 } else { 12 };
                for row in self.rows.iter_mut().filter(|r| r.label.number == number) {
                    row.refcount = 2;
                    row.state = RowState::Changed;
                }
                kinds.push(MemoryEventKind::CountChanged { object: label(number), from: 1, to: 2 });
            }
            11 => {
                for row in &mut self.rows {
                    row.refcount = 1;
                    row.names.clear();
                    row.state = RowState::Changed;
                }
                kinds.extend([12, 13].map(|n| MemoryEventKind::CountChanged {
                    object: label(n),
                    from: 2,
                    to: 1,
                }));
            }
            12 => {
                let report = CollectionReport {
                    generation: 2,
                    trigger: Trigger::Explicit,
                    unreachable: 2,
                    collected: 2,
                    uncollectable: 0,
                    pause: std::time::Duration::from_millis(1),
                };
                for row in std::mem::take(&mut self.rows) {
                    kinds.push(MemoryEventKind::Freed { object: row.label.clone() });
                    let location =
                        Some(Location { file: "<stdin>".into(), line: 1, function: "<module>".into() });
                    self.gone.push(Gone { object: row.label, location });
                }
                kinds.push(MemoryEventKind::Collected(report.clone()));
                self.gc.counts = [0, 0, 0];
                self.gc.stats[2].collections += 1;
                self.gc.last = Some(report.clone());
                self.gc.last_explicit = Some(report);
            }
            _ => {}
        }
        let events = kinds.into_iter().map(|kind| self.event(line, kind)).collect();
        vec![Event::Memory { events, skipped: 0 }, self.heap(), self.collector()]
    }

    fn evaluate(&mut self, source: &str) -> Vec<Event> {
        let mut events = vec![Event::Running];
        match source {
            "c1 = ClassA(); c2 = ClassA()" => {
                events.extend(self.lesson(7));
                events.extend(self.lesson(8));
            }
            "c1.t = c2; c2.t = c1" => {
                events.extend(self.lesson(9));
                events.extend(self.lesson(10));
            }
            "del c1, c2" => events.extend(self.lesson(11)),
            "gc.collect()" => {
                events.extend(self.lesson(12));
                events.push(self.out("2\n"));
            }
            "wide" => {
                events.push(self.out(&"漢字かな交じり文".repeat(12)));
                events.push(self.out("\n"));
                let mut row = object(14, "多くの名前がある変数", 1_234_567, RowState::New);
                row.label.type_name = "とても長い名前のクラスです".into();
                row.repr = "'\u{1b}[31m\n漢字'".repeat(50);
                row.size = 10_000_000_000;
                self.rows.push(row);
                events.push(self.heap());
            }
            "garbage" => {
                self.gc.garbage_len = 2;
                self.gc.garbage = vec![label(12), label(13)];
                self.gc.enabled = false;
                events.push(self.collector());
            }
            "flood" => {
                events.push(self.out(&"x".repeat(3_000_000)));
                events.push(self.out(&"line\n".repeat(30_000)));
            }
            "while True: pass" => {
                self.running = true;
                return events;
            }
            "input()" => {
                self.wants_input = true;
                events.push(self.out("name? "));
                events.push(Event::InputWanted);
                return events;
            }
            "exit()" => return vec![Event::Running, Event::Finished { code: 3 }],
            other => {
                let text =
                    format!("Traceback (most recent call last):\nNameError: name '{other}' is not defined\n");
                events.push(Event::Output { stream: Stream::Stderr, text });
            }
        }
        events.push(self.prompt());
        events
    }

    fn stop(&mut self, reason: StopReason, line: u32) -> Vec<Event> {
        self.line = line;
        let location = Location { file: "/home/me/cycle.py".into(), line, function: "<module>".into() };
        vec![self.heap(), self.collector(), Event::Stopped { reason, location, depth: 1 }]
    }

    fn step(&mut self, step: Step) -> Vec<Event> {
        let lines = [1, 3, 7, 8, 9, 10, 11, 12];
        let mut events = vec![Event::Running];
        loop {
            let line = self.line;
            events.extend(self.lesson(line));
            if line == 12 {
                events.push(self.out("gone\ngone\n"));
            }
            let Some(next) = lines.iter().copied().find(|l| *l > line) else {
                events.extend(self.stop(StopReason::End { code: 0 }, 12));
                return events;
            };
            self.line = next;
            let file: Arc<str> = "/home/me/cycle.py".into();
            let at_breakpoint = self.breakpoints.contains(&Breakpoint { file, line: next });
            let reason = match &step {
                Step::Into | Step::Over | Step::Instruction => StopReason::Step,
                Step::ToLine { line, .. } if *line == next => StopReason::Step,
                _ if at_breakpoint => StopReason::Breakpoint,
                _ => continue,
            };
            events.extend(self.stop(reason, next));
            return events;
        }
    }

    fn query(&mut self, query: Query) -> Answer {
        match query {
            Query::Gc => Answer::Gc(Arc::new(self.gc.clone())),
            Query::Source { file } => Answer::Source(SourceText {
                file,
                lines: SOURCE.lines().map(str::to_owned).collect(),
                stops: vec![1, 3, 7, 8, 9, 10, 11, 12],
            }),
            Query::Frames => {
                let locals = self
                    .rows
                    .iter()
                    .filter_map(|r| Some((r.names.first()?.name.clone(), r.clone())))
                    .map(|(name, row)| LocalRow { name, object: Some(row), cell: false })
                    .collect();
                let location = Location {
                    file: "/home/me/cycle.py".into(),
                    line: self.line,
                    function: "<module>".into(),
                };
                Answer::Frames(vec![FrameRow { location, locals, stack: Vec::new(), offset: 0 }])
            }
            Query::DisFrame { .. } | Query::Dis(_) => {
                let row = |line, offset, name: &str, argument, meaning: &str| DisRow {
                    line,
                    offset,
                    name: name.into(),
                    argument,
                    meaning: meaning.into(),
                    jump_target: false,
                    current: line == Some(self.line),
                };
                Answer::Dis(DisListing {
                    title: "<module>".into(),
                    rows: vec![
                        row(Some(1), 0, "RESUME", Some(0), ""),
                        row(None, 2, "LOAD_CONST", Some(0), "0"),
                        row(None, 6, "IMPORT_NAME", Some(0), "gc"),
                        row(Some(7), 24, "PUSH_NULL", None, ""),
                        row(None, 26, "LOAD_NAME", Some(2), "ClassA"),
                        row(None, 32, "CALL", Some(0), ""),
                    ],
                })
            }
            Query::Complete { line, column } => {
                let start = line[..column].trim_end_matches(char::is_alphanumeric).len();
                let candidate = |text: &str, kind: &str| Candidate { text: text.into(), kind: kind.into() };
                let all = [
                    candidate("collect", "builtin"),
                    candidate("callbacks", "list"),
                    candidate("count", "int"),
                ];
                let typed = &line[start..column];
                let candidates = all.into_iter().filter(|c| c.text.starts_with(typed)).collect();
                Answer::Completion(Completion { start, candidates })
            }
            Query::Holders(_) => Answer::Holders(self.holders()),
            Query::Mark => Answer::Marked { mark: 1, objects: 2 },
            Query::Growth
            | Query::Sizes(_)
            | Query::Leaks { .. }
            | Query::Graph { .. }
            | Query::Export { .. } => Answer::Unknown { reason: "nothing is known of it".into() },
            Query::Why(_) => Answer::Why(Box::new(WhyReport {
                holders: self.holders(),
                repr: "<ClassA>".into(),
                path: Vec::new(),
                notes: Vec::new(),
                created: None,
            })),
            Query::Object(_) => match self.rows.first() {
                None => Answer::Unknown { reason: "the object is gone".into() },
                Some(row) => Answer::Object(Box::new(ObjectDetails {
                    row: row.clone(),
                    real_size: 64,
                    facts: vec![("attributes".into(), "1".into())],
                    referents: vec![Edge { path: ".t".into(), object: label(13), repr: "<ClassA>".into() }],
                    referents_total: 1,
                    holders: self.holders(),
                    path: Vec::new(),
                    notes: Vec::new(),
                    created: Some(Location { file: "<stdin>".into(), line: 1, function: "<module>".into() }),
                })),
            },
            Query::Heap(_) => match self.heap() {
                Event::Heap(update) => Answer::Heap(update),
                _ => Answer::Unknown { reason: String::new() },
            },
            Query::Audit => Answer::Audit(AuditReport::default()),
            _ => Answer::Unknown { reason: "nothing is known of it".into() },
        }
    }

    fn holders(&self) -> HolderList {
        let holder = |description: &str| Holder { object: None, description: description.into() };
        HolderList {
            object: label(12),
            refcount: 2,
            holders: vec![holder("global c1"), holder(".t of ClassA #13")],
            total: 2,
            unexplained: 0,
        }
    }
}
