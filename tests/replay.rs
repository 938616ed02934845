//! Going back in time: every moment that is gone back to is what it was when it was first there, and nothing is
//! written, printed or asked twice.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ouro::session::link::EngineHandle;
use ouro::session::process::spawn;
use ouro::session::protocol::*;
use ouro::vm::Options;

const PATIENCE: Duration = Duration::from_secs(120);

/// Sessions take turns: there are few processors.
static TURN: Mutex<()> = Mutex::new(());

type State = Vec<(String, String)>;

/// A recorded run.
struct Run {
    handle: EngineHandle,
    events: Receiver<Event>,
    ticket: Ticket,
    moment: Moment,
    location: Option<Location>,
    reason: Option<StopReason>,
    /// What the screen would show.
    output: String,
    input: Vec<&'static str>,
    notices: Vec<String>,
    _turn: MutexGuard<'static, ()>,
}

impl Run {
    fn start(path: &Path, input: &[&'static str]) -> Run {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let path = path.to_string_lossy().into_owned();
        let options = Options { argv: vec![path.clone()], dont_write_bytecode: true, ..Options::default() };
        let (handle, events) = spawn(options).unwrap();
        let mut run = Run {
            handle,
            events,
            ticket: 0,
            moment: Moment::default(),
            location: None,
            reason: None,
            output: String::new(),
            input: input.to_vec(),
            notices: Vec::new(),
            _turn: turn,
        };
        let view = HeapView {
            first: 0,
            rows: 20,
            sort: SortKey::Name,
            descending: false,
            filter: String::new(),
            open_groups: Vec::new(),
            open_baseline: false,
            pinned: Vec::new(),
        };
        run.send(Request::Subscribe(Subscription {
            heap: Some(view),
            feed: FeedLevel::UserObjects,
            interval: Duration::from_millis(30),
        }));
        run.send(Request::Run { program: Program::File { path, args: Vec::new() }, stepping: true });
        run.stand();
        run
    }

    fn send(&mut self, request: Request) {
        self.handle.send(request).unwrap();
    }

    fn next(&mut self) -> Event {
        self.events.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            panic!(
                "{error}; at {:?} {:?}, {:?}, printed {}",
                self.moment, self.location, self.notices, self.output
            )
        })
    }

    /// Takes events until the program stands, or has said why it stays where it is. Input is given when wanted.
    fn stand(&mut self) {
        loop {
            match self.next() {
                Event::Moment(moment) => self.moment = moment,
                Event::Stopped { reason, location, .. } => {
                    self.location = Some(location);
                    self.reason = Some(reason);
                    return;
                }
                Event::InputWanted => {
                    if self.input.is_empty() {
                        return;
                    }
                    let text = self.input.remove(0).to_owned();
                    self.output.push_str(&text);
                    self.send(Request::Stdin { text });
                }
                Event::Output { text, .. } | Event::Typed { text } => self.output.push_str(&text),
                Event::Rewound => self.output.clear(),
                Event::Notice { text } => self.notices.push(text),
                Event::Broken { message } => panic!("{message}"),
                Event::Finished { code } => panic!("finished with {code}"),
                _ => {}
            }
        }
    }

    fn go(&mut self, request: Request) {
        if std::env::var("OURO_REPLAY_TRACE").is_ok() {
            eprintln!("{request:?}");
        }
        self.send(request);
        self.stand();
        if std::env::var("OURO_REPLAY_TRACE").is_ok() {
            eprintln!("    {:?} {:?} {:?}", self.moment, self.location, self.notices);
        }
    }

    fn state(&mut self) -> State {
        self.ticket += 1;
        let ticket = self.ticket;
        self.send(Request::Ask { ticket, query: Query::State });
        loop {
            match self.next() {
                Event::Answer { ticket: found, answer: Answer::State(state) } if found == ticket => {
                    return state;
                }
                Event::Notice { text } => self.notices.push(text),
                _ => {}
            }
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.reason, Some(StopReason::End { .. }))
    }

    fn line(&self) -> u32 {
        self.location.as_ref().map_or(0, |location| location.line)
    }

    fn end(mut self) {
        self.send(Request::Quit);
        while let Ok(event) = self.events.recv_timeout(PATIENCE) {
            if matches!(event, Event::Finished { .. } | Event::Broken { .. }) {
                return;
            }
        }
    }
}

fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    found.sort();
    found
}

fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay").join(name)
}

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

const INPUT: [&str; 2] = ["ada\n", "that is all\n"];

/// Steps of all kinds forward, then back to moments on the way: each must be what it was. `points` is how many are gone
/// back to.
fn check_script(path: &Path, points: u64) {
    let mut run = Run::start(path, &INPUT);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut seen: BTreeMap<u64, (State, String)> = BTreeMap::new();
    for _ in 0..400 {
        let state = run.state();
        seen.insert(run.moment.at, (state, run.output.clone()));
        if run.is_over() {
            break;
        }
        let step = match dice.below(12) {
            0 => Step::Out,
            1..=3 => Step::Over,
            4 | 5 => Step::Instruction,
            6 => Step::NextFree,
            _ => Step::Into,
        };
        run.go(Request::Step(step));
    }
    let present = run.moment.present;
    let moments: Vec<u64> = seen.keys().copied().filter(|moment| *moment < present).collect();
    for _ in 0..points {
        let at = moments[usize::try_from(dice.below(moments.len() as u64)).unwrap()];
        run.go(Request::Seek { at });
        let (state, output) = &seen[&at];
        assert_eq!(run.moment.at, at, "{}: {:?}", path.display(), run.notices);
        assert_eq!(&run.state(), state, "{} at {at}", path.display());
        assert_eq!(&run.output, output, "{} at {at}", path.display());
        // Forward again from there: the same moments.
        if dice.below(4) == 0 {
            run.go(Request::Step(Step::Into));
            if let Some((state, output)) = seen.get(&run.moment.at) {
                assert_eq!(&run.state(), state, "{} at {} from {at}", path.display(), run.moment.at);
                assert_eq!(&run.output, output);
            }
        }
    }
    if run.moment.at < present {
        run.go(Request::Present);
    }
    assert_eq!(run.state(), seen[&present].0, "{}: the present", path.display());
    assert_eq!(run.output, seen[&present].1);
    run.end();
}

#[test]
fn moments_are_as_they_were() {
    for path in scripts("tests/replay").into_iter().chain(scripts("demo_scripts")) {
        check_script(&path, 12);
    }
}

/// The same over the scripts of another folder, for measuring.
#[test]
#[ignore = "slow; OURO_REPLAY_SCRIPTS names a folder, OURO_REPLAY_POINTS how many moments"]
fn moments_of_many_scripts() {
    let folder = std::env::var("OURO_REPLAY_SCRIPTS").unwrap_or_else(|_| "tests/replay".to_owned());
    let points = std::env::var("OURO_REPLAY_POINTS").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    for path in scripts(&folder) {
        eprintln!("{}", path.display());
        check_script(&path, points);
    }
}

/// Back and forth by lines: the way back is the way there, in reverse.
#[test]
fn the_way_back_is_the_way_there() {
    for (there, back) in [(Step::Into, Back::Line), (Step::Instruction, Back::Instruction)] {
        let mut run = Run::start(&own("frames.py"), &[]);
        let mut moments = vec![run.moment.at];
        for _ in 0..60 {
            run.go(Request::Step(there.clone()));
            moments.push(run.moment.at);
        }
        while moments.len() > 1 {
            moments.pop();
            run.go(Request::Back(back.clone()));
            assert_eq!(Some(&run.moment.at), moments.last(), "{:?} {:?}", run.location, run.notices);
        }
        run.send(Request::Back(Back::Line));
        run.stand();
        assert_eq!(run.moment.at, moments[0]);
        run.end();
    }
}

#[test]
fn back_over_and_out_of_calls() {
    let mut run = Run::start(&own("frames.py"), &[]);
    let file = run.location.as_ref().unwrap().file.clone();
    run.go(Request::Step(Step::ToLine { file: file.clone(), line: 54 }));
    let before = run.moment.at;
    run.go(Request::Step(Step::Over));
    assert_eq!(run.line(), 55);
    run.go(Request::Back(Back::Over));
    assert_eq!((run.line(), run.moment.at), (54, before));
    run.go(Request::Step(Step::Over));
    assert_eq!(run.line(), 55);
    run.go(Request::Back(Back::Over));
    // Into the comparison that `max` makes, and back out of it.
    run.go(Request::Step(Step::Into));
    assert_eq!(run.line(), 15);
    run.go(Request::Back(Back::Out));
    assert_eq!((run.line(), run.moment.at), (54, before));
    run.end();
}

#[test]
fn back_to_what_happened_to_an_object() {
    let mut run = Run::start(&own("frames.py"), &[]);
    let file = run.location.as_ref().unwrap().file.clone();
    run.go(Request::Step(Step::ToLine { file, line: 65 }));
    run.go(Request::Back(Back::Creation(Subject::Expression("root".to_owned()))));
    assert!(run.line() >= 9 && run.line() <= 51, "{:?}", run.location);
    let made = run.moment.at;
    run.go(Request::Present);
    run.go(Request::Back(Back::CountChange(Subject::Expression("root".to_owned()))));
    assert!(run.moment.at > made && run.moment.at < run.moment.present);
    run.go(Request::Present);
    run.go(Request::Back(Back::Free));
    assert!(run.moment.at < run.moment.present, "{:?}", run.notices);
    run.end();
}

#[test]
fn back_to_the_last_collection() {
    let mut run = Run::start(&own("collections.py"), &[]);
    run.go(Request::Step(Step::Continue));
    assert!(run.is_over());
    run.go(Request::Back(Back::Collection));
    assert_eq!(run.line(), 32, "{:?}", run.notices);
    run.go(Request::Back(Back::Collection));
    assert_eq!(run.line(), 26);
    run.end();
}

/// Files are written once, input is asked for once, output stays in step with the moment.
#[test]
fn nothing_happens_twice() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script.py");
    let log = folder.path().join("log.txt");
    std::fs::write(
        &script,
        format!(
            "for i in range(5):\n    with open({:?}, 'a') as log:\n        log.write(f'{{i}}\\n')\n    print('wrote', i)\nname = input('? ')\nprint('hello', name)\n",
            log.to_string_lossy()
        ),
    )
    .unwrap();
    let mut run = Run::start(&script, &["eve\n"]);
    run.go(Request::Step(Step::Continue));
    assert!(run.is_over());
    let whole = run.output.clone();
    assert!(whole.ends_with("? eve\nhello eve\n"), "{whole}");
    for _ in 0..6 {
        run.go(Request::Back(Back::Over));
    }
    assert!(!run.output.contains("wrote 4"), "{}", run.output);
    // Forward to where the run itself stands.
    run.go(Request::Step(Step::Continue));
    assert!(run.is_over());
    assert_eq!(run.output, whole);
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "0\n1\n2\n3\n4\n");
    run.end();
}

/// While the program waits for input one can go back, and comes back to the same wait.
#[test]
fn back_from_a_wait_for_input() {
    let mut run = Run::start(&own("outside.py"), &[]);
    run.send(Request::Step(Step::Continue));
    run.stand();
    let waiting = run.moment.at;
    run.go(Request::Back(Back::Over));
    assert_eq!(run.line(), 11, "{:?}", run.notices);
    run.go(Request::Back(Back::Over));
    assert_eq!(run.line(), 10);
    run.reason = None;
    run.go(Request::Step(Step::Continue));
    assert_eq!((run.moment.at, run.moment.present), (waiting, waiting));
    run.input = INPUT.to_vec();
    let text = run.input.remove(0).to_owned();
    run.go(Request::Stdin { text });
    assert!(run.is_over());
    assert!(run.output.contains("more: that is all"), "{}", run.output);
    run.end();
}

/// How long a recorded run and steps back take. Prints; judges nothing.
#[test]
#[ignore = "measures; OURO_REPLAY_SCRIPTS names a folder; build with --release"]
fn figures() {
    let folder = std::env::var("OURO_REPLAY_SCRIPTS").unwrap_or_else(|_| "tests/replay".to_owned());
    for path in scripts(&folder) {
        let mut run = Run::start(&path, &INPUT);
        let begun = std::time::Instant::now();
        run.go(Request::Step(Step::Continue));
        let whole = begun.elapsed();
        println!(
            "{}: recorded in {whole:?}, {} instructions, {} checkpoints in {} MB",
            path.file_name().unwrap().to_string_lossy(),
            run.moment.at,
            run.moment.checkpoints,
            run.moment.bytes >> 20,
        );
        let mut dice = Dice(77);
        for (what, back) in [("line", Back::Line), ("over", Back::Over), ("instruction", Back::Instruction)] {
            let mut times = Vec::new();
            for round in 0..4 {
                if round > 0 {
                    let at = dice.below(run.moment.present);
                    let begun = std::time::Instant::now();
                    run.go(Request::Seek { at });
                    println!("    seek to {at}: {:?}", begun.elapsed());
                }
                for _ in 0..25 {
                    let begun = std::time::Instant::now();
                    run.go(Request::Back(back.clone()));
                    times.push(begun.elapsed());
                }
            }
            times.sort();
            let at = |part: usize| times[times.len() * part / 100];
            println!(
                "    back one {what}: median {:?}, p95 {:?}, most {:?}",
                at(50),
                at(95),
                times[times.len() - 1]
            );
        }
        run.end();
    }
}
