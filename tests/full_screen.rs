//! The full screen in a pseudo-terminal: what a person sees who types `ouro` or `ouro step FILE`.

mod common;
mod pty;

use std::thread;
use std::time::Duration;

use pty::{CTRL_C, CTRL_D, Terminal};

fn screen(columns: u16, rows: u16) -> Terminal {
    let terminal = Terminal::start(&[], columns, rows);
    terminal.see("Memory");
    terminal.see(">>>");
    terminal
}

/// The reference count in an object's row of the memory panel; columns are name, object, refs, generation, bytes.
fn count_of(terminal: &Terminal, object: &str) -> Option<u64> {
    let row = terminal
        .text()
        .lines()
        .filter_map(|line| line.split('│').nth_back(1).map(str::to_owned))
        .find(|row| row.contains(object) && !row.contains("line "))?;
    let (_, after) = row.split_once(object)?;
    after.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_cycle_survives_del_and_dies_in_a_collection() {
    let mut terminal = screen(120, 40);
    assert!(terminal.is_full_screen());
    terminal.line("import gc; gc.disable()");
    terminal.line("class ClassA: pass");
    terminal.line("");
    terminal.line("c1 = ClassA(); c2 = ClassA()");
    terminal.wait("c1 with one reference", |_| count_of(&terminal, "ClassA #") == Some(1));
    terminal.line("c1.t = c2; c2.t = c1");
    terminal.wait("c1 with two references", |_| count_of(&terminal, "ClassA #") == Some(2));
    terminal.line("del c1, c2");
    terminal.wait("one reference each, no name", |_| count_of(&terminal, "ClassA #") == Some(1));
    terminal.line("gc.collect()");
    // Ghosts: the rows stay for a moment with a count of 0.
    terminal.wait("ghosts", |_| count_of(&terminal, "ClassA #") == Some(0));
    terminal.see("2 unreachable");
    terminal.wait("the ghosts to fade", |_| count_of(&terminal, "ClassA #").is_none());
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();
}

#[test]
fn the_panel_changes_nothing() {
    let mut terminal = screen(120, 40);
    terminal.line("import sys, gc; gc.disable(); x = object()");
    terminal.line("sys.getrefcount(x), len(gc.get_objects()) == len(gc.get_objects())");
    terminal.see("(2, True)");
    // The first tuple of three has to be made; the next ones come from the free list.
    terminal.line("gc.get_count()[0] and None");
    terminal.line("a = gc.get_count()[0]");
    terminal.line("b = gc.get_count()[0]");
    thread::sleep(Duration::from_millis(300));
    terminal.line("c = gc.get_count()[0]");
    thread::sleep(Duration::from_millis(300));
    terminal.line("d = gc.get_count()[0]");
    // The first use of a name may make something; from then on nothing is made.
    terminal.line("'moved', c - b, d - c");
    terminal.see("('moved', 0, 0)");
}

#[test]
fn an_endless_loop_is_interrupted() {
    let mut terminal = screen(80, 24);
    terminal.line("while True: pass");
    terminal.line("");
    thread::sleep(Duration::from_millis(700));
    terminal.send(CTRL_C);
    terminal.see("KeyboardInterrupt");
    terminal.line("'on' + 'wards'");
    terminal.see("'onwards'");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();
}

#[test]
fn resizing_never_breaks_it() {
    let mut terminal = screen(80, 24);
    terminal.line("value = 'kept'");
    for (columns, rows) in [(200, 60), (10, 3), (1, 1), (40, 12), (300, 5), (80, 24)] {
        terminal.resize(columns, rows);
        thread::sleep(Duration::from_millis(60));
    }
    terminal.see("Memory");
    terminal.line("value * 2");
    terminal.see("'keptkept'");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();
}

#[test]
fn leaving_in_other_ways_restores_the_terminal_too() {
    let mut terminal = screen(80, 24);
    terminal.line("exit(5)");
    assert_eq!(terminal.exit_code(), 5);
    terminal.is_restored();
    let mut terminal = screen(80, 24);
    terminal.signal("TERM");
    terminal.exit_code();
    terminal.is_restored();
    let mut terminal = screen(80, 24);
    terminal.hang_up();
    terminal.exit_code();
    let mut terminal = Terminal::start(&[], 10, 3);
    terminal.see("small");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();
}

/// Steps a lesson to its end with a key and leaves.
fn step_to_the_end(lesson: &str, key: &str, expected: &str) {
    let mut terminal = Terminal::start(&["step", &format!("demo_scripts/{lesson}.py")], 120, 40);
    terminal.see("Memory");
    terminal.see("1▶");
    for _ in 0..2000 {
        if terminal.text().contains("the program has ended") {
            break;
        }
        terminal.send(key);
        thread::sleep(Duration::from_millis(5));
    }
    terminal.see("the program has ended");
    terminal.see(expected);
    terminal.send("q");
    thread::sleep(Duration::from_millis(300));
    terminal.send("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();
}

#[test]
fn a_lesson_is_stepped_to_its_end() {
    step_to_the_end("02_born_and_freed", "i", "goodbye");
}

#[test]
fn a_lesson_is_stepped_over_to_its_end() {
    step_to_the_end("07_try_finally", "n", "cleanup 2");
}

#[test]
fn a_lesson_runs_from_free_to_free() {
    step_to_the_end("02_born_and_freed", "f", "goodbye");
}

#[test]
fn the_stepper_shows_objects_die() {
    let mut terminal = Terminal::start(&["step", "demo_scripts/02_born_and_freed.py"], 120, 40);
    terminal.see("1▶");
    terminal.send("f");
    terminal.see("freed");
    terminal.see("visitor 0 is freed");
    terminal.send("c");
    terminal.see("the program has ended");
    terminal.send("q");
    thread::sleep(Duration::from_millis(300));
    terminal.send("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_bad_theme_or_script_is_named_before_the_screen_changes() {
    let mut terminal = Terminal::start(&["--theme", "no-such-theme"], 80, 24);
    terminal.see("no-such-theme");
    assert_ne!(terminal.exit_code(), 0);
    terminal.is_restored();
    let mut terminal = Terminal::start(&["step", "nowhere.py"], 80, 24);
    terminal.see("nowhere.py");
    assert_eq!(terminal.exit_code(), 2);
    terminal.is_restored();
}
