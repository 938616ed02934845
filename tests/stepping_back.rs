//! Going back in time in a pseudo-terminal: what a person sees who steps back, and forward again.

mod common;
mod pty;

use pty::{CTRL_C, CTRL_D, Terminal};

const SCRIPT: &str = "\
import time
class ClassA: pass
a = ClassA()
b = [a]
print('first')
print('second', time.time())
del b
name = input('who? ')
print('hello', name)
for i in range(3):
    c = ClassA()
print('done')
";

fn start(columns: u16, rows: u16) -> (Terminal, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.py");
    std::fs::write(&path, SCRIPT).unwrap();
    let terminal = Terminal::start(&["step", &path.to_string_lossy()], columns, rows);
    terminal.see("line 1 ");
    (terminal, folder)
}

fn keys(terminal: &mut Terminal, keys: &str, line: u32) {
    for key in keys.chars() {
        terminal.send(&key.to_string());
    }
    terminal.see(&format!("line {line} "));
}

/// The row of the output that begins so.
fn printed(terminal: &Terminal, text: &str) -> Option<String> {
    terminal.row(text)
}

#[test]
fn back_and_forth_by_lines() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let (mut terminal, _folder) = start(columns, rows);
        for line in 2..=7 {
            keys(&mut terminal, "n", line);
        }
        terminal.see("second");
        let time = printed(&terminal, "second 1");
        keys(&mut terminal, "N", 6);
        terminal.see("past: ");
        terminal.wait("the second line to be unprinted", |_| printed(&terminal, "second 1").is_none());
        keys(&mut terminal, "N", 5);
        keys(&mut terminal, "N", 4);
        keys(&mut terminal, "N", 3);
        // Forward again: the same run, the same time.
        for line in 4..=7 {
            keys(&mut terminal, "n", line);
        }
        terminal.see("second 1");
        assert_eq!(printed(&terminal, "second 1"), time);
        // On from the present.
        keys(&mut terminal, "n", 8);
        terminal.send(CTRL_D);
        terminal.exit_code();
        terminal.is_restored();
    }
}

#[test]
fn back_from_input_and_from_the_end() {
    let (mut terminal, _folder) = start(120, 40);
    terminal.send("c");
    terminal.see("waits for input");
    terminal.line("eve");
    terminal.see("hello eve");
    terminal.see("the program has ended");
    keys(&mut terminal, "N", 12);
    keys(&mut terminal, "[", 11);
    terminal.see("who? eve");
    // To where the last object was made.
    terminal.send("P");
    terminal.see("the program has ended");
    terminal.send(":made c\r");
    terminal.see("line 11 ");
    // Nothing is asked again.
    terminal.send("c");
    terminal.see("the program has ended");
    terminal.see("hello eve");
    terminal.send(CTRL_D);
    terminal.exit_code();
    terminal.is_restored();
}

#[test]
fn the_beginning_is_the_end_of_going_back() {
    let (mut terminal, _folder) = start(80, 24);
    terminal.send("N");
    terminal.see("this is the beginning");
    terminal.send("P");
    terminal.see("this is the present");
    terminal.send("]");
    terminal.see("this is the present");
    keys(&mut terminal, "n", 2);
    terminal.send(":moment nonsense\r");
    terminal.see("is no moment");
    keys(&mut terminal, "n", 3);
    terminal.send(CTRL_C);
    terminal.send(CTRL_D);
    terminal.exit_code();
    terminal.is_restored();
}

#[test]
fn memory_as_it_was_some_lines_ago() {
    let mut terminal = Terminal::start(&[], 120, 40);
    terminal.see("Memory");
    terminal.see(">>>");
    terminal.line("thing = ['only']");
    terminal.see("thing");
    terminal.line("other = thing");
    terminal.line("del thing, other");
    terminal.line("'all ' + 'gone'");
    terminal.see("'all gone'");
    terminal.line(":back 2");
    terminal.see("as it was 2 lines ago");
    terminal.line(":refs thing");
    terminal.see("global other");
    terminal.line(":back 99");
    terminal.see("memory is kept for 4 lines");
    terminal.line("'now' + 'adays'");
    terminal.see("'nowadays'");
    terminal.wait("the present", |text| !text.contains("lines ago ─"));
    terminal.line(":refs thing");
    terminal.see("'thing'");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();

    let mut terminal = Terminal::start(&["--plain"], 100, 30);
    terminal.see(">>>");
    terminal.line(":back");
    terminal.see("there are no lines to go back over");
    terminal.line("thing = ['only']");
    terminal.line("del thing");
    terminal.line(":back");
    terminal.see("before the last line");
    terminal.line(":refs thing");
    terminal.see("global thing");
    terminal.line(":back 0");
    terminal.see("this is the present");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
}
