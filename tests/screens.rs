//! Screens: each file of `tests/screens/` says a size, what is pressed, and what is then on screen.
//!
//! The engine is a scripted one (below), so these tests are about the front end alone. To accept what is drawn now:
//! `OURO_RECORD=1 cargo test --test screens`. To add one, write a file with its first lines and record it:
//!
//! ```text
//! # screen: repl            (or stepper)
//! # size: 80x24
//! # do: type x = 1 | key enter | wait 300 | resize 10x3 | click 50,9 | paste a\nb
//! ---
//! ```
#[path = "screens/fake_engine.rs"]
mod fake_engine;

use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;

use fake_engine::FakeEngine;
use ouro::session::protocol::Program;
use ouro::tui::keymap::Key;
use ouro::tui::state::{Action, Effect, Look, Mouse, MouseKind, State};
use ouro::tui::theme::{ASCII, Depth, Theme, UNICODE};
use ouro::tui::update::update;
use ouro::tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// A front end with the scripted engine behind it.
struct Stage {
    state: State,
    engine: FakeEngine,
    now: Duration,
    left: Option<i32>,
}

impl Stage {
    fn new(stepper: bool, ascii: bool, width: u16, height: u16) -> Stage {
        let theme = Theme::built_in("dark").unwrap().at_depth(Depth::True);
        let look = Look { theme, depth: Depth::True, glyphs: if ascii { &ASCII } else { &UNICODE } };
        let program = stepper.then(|| Program::File { path: "cycle.py".into(), args: Vec::new() });
        let mut stage = Stage {
            state: State::new(look, program, "3.11"),
            engine: FakeEngine::new(),
            now: Duration::ZERO,
            left: None,
        };
        stage.act(Action::Resize { width, height });
        for event in stage.engine.start(stepper) {
            stage.act(Action::Engine(event));
        }
        stage
    }

    fn act(&mut self, action: Action) {
        let mut effects: VecDeque<Effect> = update(&mut self.state, action).into();
        while let Some(effect) = effects.pop_front() {
            let events = match effect {
                Effect::Send(request) => self.engine.answer(request),
                Effect::Interrupt => self.engine.interrupt(),
                Effect::Quit { code } => {
                    self.left = Some(code);
                    continue;
                }
                Effect::LoadTheme(file) => {
                    let loaded = Theme::find(&file).map(Box::new);
                    effects.extend(update(&mut self.state, Action::ThemeLoaded(loaded)));
                    continue;
                }
                Effect::SaveHistory(_) | Effect::Redraw => continue,
            };
            for event in events {
                effects.extend(update(&mut self.state, Action::Engine(event)));
            }
        }
    }

    fn perform(&mut self, step: &str) {
        let step = step.trim_start();
        let (verb, rest) = step.split_once(' ').unwrap_or((step.trim_end(), ""));
        match verb {
            "" => {}
            "type" => {
                for c in rest.chars() {
                    self.act(Action::Key(
                        Key::parse(&if c == ' ' { "space".into() } else { c.to_string() }).unwrap(),
                    ));
                }
            }
            "key" => {
                for key in rest.split_whitespace() {
                    let key = Key::parse(key).unwrap_or_else(|| panic!("no key {key}"));
                    self.act(Action::Key(key));
                }
            }
            "wait" => {
                self.now += Duration::from_millis(rest.trim().parse().unwrap());
                self.act(Action::Tick(self.now));
            }
            "resize" => {
                let (width, height) = size(rest);
                self.act(Action::Resize { width, height });
            }
            "click" => {
                let (column, row) = rest.trim().split_once(',').unwrap();
                let (column, row) = (column.parse().unwrap(), row.parse().unwrap());
                self.act(Action::Mouse(Mouse { column, row, kind: MouseKind::Press }));
            }
            "paste" => self.act(Action::Paste(rest.trim_end().replace("\\n", "\n"))),
            other => panic!("no verb {other}"),
        }
    }

    /// The screen as lines of text, with the cursor's place below.
    fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(self.state.width, self.state.height)).unwrap();
        terminal.draw(|frame| view::draw(&self.state, frame)).unwrap();
        let buffer = terminal.backend().buffer().clone();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(ouro::tui::text::width(symbol)).unwrap().max(1);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        if let Some(code) = self.left {
            out.push_str(&format!("left with status {code}\n"));
        }
        out
    }
}

fn size(text: &str) -> (u16, u16) {
    let (width, height) = text.trim().split_once('x').unwrap();
    (width.parse().unwrap(), height.parse().unwrap())
}

fn header<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|l| l.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": "))
}

#[test]
fn screens_are_as_recorded() {
    let record = std::env::var_os("OURO_RECORD").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let (head, expected) = text.split_once("---\n").expect("a line of three dashes");
        let (width, height) = size(header(head, "size").expect("# size"));
        let stepper = header(head, "screen") == Some("stepper");
        let mut stage = Stage::new(stepper, head.contains("# ascii"), width, height);
        for line in head.lines().filter_map(|l| l.strip_prefix("# do: ")) {
            for step in line.split(" | ") {
                stage.perform(step);
            }
        }
        let screen = stage.screen();
        if record {
            std::fs::write(&file, format!("{head}---\n{screen}")).unwrap();
        } else if screen != expected {
            failures.push(format!("{}:\n{screen}", file.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Any key in any order at any size: nothing panics, and what is drawn stays in its place.
#[test]
fn any_keys_at_any_size() {
    let keys = [
        "tab",
        "backtab",
        "up",
        "down",
        "left",
        "right",
        "pageup",
        "pagedown",
        "home",
        "end",
        "enter",
        "space",
        "esc",
        "/",
        "s",
        "r",
        "p",
        "e",
        "?",
        ":",
        "f1",
        "i",
        "n",
        "o",
        "c",
        "f",
        "g",
        "d",
        "b",
        "t",
        "a",
        "x",
        "ctrl-w",
        "ctrl-k",
        "ctrl-u",
        "ctrl-y",
        "ctrl-z",
        "alt-enter",
        "backspace",
        "delete",
        "ctrl-r",
        "ctrl-l",
        "ctrl-c",
        "j",
    ];
    // A small generator of our own: the same keys every time.
    let mut seed: u64 = 42;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((seed >> 33) as usize) % below
    };
    for round in 0..60 {
        let mut stage = Stage::new(round % 2 == 0, round % 3 == 0, 80, 24);
        for _ in 0..120 {
            match next(12) {
                0 => stage.perform(&format!("resize {}x{}", 1 + next(210), 1 + next(70))),
                1 => stage.perform(&format!("click {},{}", next(200), next(60))),
                2 => stage.perform("wait 700"),
                3 => stage.perform("paste 漢字 = 'e\u{301}\u{200b}'\\n\tx"),
                4 => stage.perform("type c1 = ClassA(); c2 = ClassA()"),
                _ => stage.perform(&format!("key {}", keys[next(keys.len())])),
            }
            if stage.left.is_some() {
                break;
            }
            stage.screen();
        }
    }
}

/// Drawing takes time by the size of the screen, not by the length of what was printed.
#[test]
fn a_frame_is_quick() {
    let mut stage = Stage::new(false, false, 120, 40);
    stage.perform("type flood");
    stage.perform("key enter");
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    let start = std::time::Instant::now();
    for _ in 0..20 {
        terminal.draw(|frame| view::draw(&stage.state, frame)).unwrap();
    }
    let frame = start.elapsed() / 20;
    // Generous for an unoptimised build on a busy machine; a release build stays far below 16 ms.
    assert!(frame < Duration::from_millis(150), "{frame:?}");
}
