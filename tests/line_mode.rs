//! Line mode in a pseudo-terminal: what a person sees who types `ouro --plain`.

mod common;
mod pty;

use pty::{CTRL_C, CTRL_D, ENTER, TAB, Terminal, UP};

fn session() -> Terminal {
    let terminal = Terminal::start(&["--plain"], 80, 24);
    terminal.see_prompt(">>>");
    terminal
}

#[test]
fn expressions_blocks_and_the_last_value() {
    let mut terminal = session();
    terminal.line("6 * 7");
    terminal.see("\n42\n");
    terminal.line("_ + 1");
    terminal.see("\n43\n");
    terminal.line("def double(x):");
    terminal.see_prompt("...");
    terminal.line("    return x * 2");
    terminal.line("");
    terminal.see_prompt(">>>");
    terminal.line("double('ab')");
    terminal.see("\n'abab'\n");
    terminal.line("None");
    terminal.line("print('no', 'newline', end='')");
    terminal.see_prompt("no newline>>>");
    terminal.line("");
    terminal.line("1/0");
    terminal.see("ZeroDivisionError: division by zero");
    terminal.see("File \"<stdin>\", line 1, in <module>");
    terminal.line("x = = 1");
    terminal.see("SyntaxError: invalid syntax");
    terminal.see_prompt(">>>");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();
}

#[test]
fn interrupting_comes_back_to_a_prompt() {
    let mut terminal = session();
    terminal.send("abc");
    terminal.send(CTRL_C);
    terminal.see("KeyboardInterrupt");
    terminal.line("while True:");
    terminal.line("    pass");
    terminal.line("");
    std::thread::sleep(std::time::Duration::from_millis(500));
    terminal.send(CTRL_C);
    terminal.wait("two interrupts", |screen| screen.matches("KeyboardInterrupt").count() >= 2);
    terminal.see_prompt(">>>");
    terminal.line("'still ' + 'here'");
    terminal.see("'still here'");
    terminal.line("exit(7)");
    assert_eq!(terminal.exit_code(), 7);
}

#[test]
fn history_outlives_the_session() {
    let mut terminal = session();
    terminal.line("first_entry = 1");
    terminal.line("for i in range(2):");
    terminal.line("    print('row', i)");
    terminal.line("");
    terminal.see("row 1");
    terminal.see_prompt(">>>");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
    let mut terminal = Terminal::start_in(terminal.into_home(), &["--plain"], 80, 24);
    terminal.see_prompt(">>>");
    terminal.send(UP);
    terminal.see("print('row', i)");
    terminal.send(ENTER);
    terminal.send(ENTER);
    terminal.see("row 1");
    terminal.see_prompt(">>>");
    // Up moves within the recalled block first, and from its first line to the entry before.
    terminal.send(UP);
    terminal.send(UP);
    terminal.send(UP);
    terminal.see("first_entry = 1");
}

#[test]
fn pasted_blocks_run_statement_by_statement() {
    let mut terminal = session();
    terminal.paste("def f():\n    total = 0\n\n    for i in range(3):\n        total += i\n    return total\nprint('sum', f())");
    terminal.send(ENTER);
    terminal.see("\nsum 3\n");
    terminal.paste(">>> a = 20\n>>> a + 2\n22\n");
    terminal.send(ENTER);
    terminal.see("\n22\n");
}

#[test]
fn completion_knows_live_names_and_attributes() {
    let mut terminal = session();
    terminal.line("class Long_name_of_mine:");
    terminal.line("    def method_of_mine(self): pass");
    terminal.line("    def __getattr__(self, name): print('user code ran')");
    terminal.line("");
    terminal.line("thing = Long_name_of_mine()");
    terminal.see_prompt(">>>");
    terminal.send("Long_na");
    terminal.send(TAB);
    terminal.see(">>> Long_name_of_mine");
    terminal.send(CTRL_C);
    terminal.see_prompt(">>>");
    terminal.send("thing.method");
    terminal.send(TAB);
    terminal.see(">>> thing.method_of_mine");
    assert!(!terminal.text().contains("user code ran\n"), "{}", terminal.text());
}

#[test]
fn meta_commands_answer_without_moving_a_count() {
    let mut terminal = session();
    terminal.line("class ClassA: pass");
    terminal.line("");
    terminal.line("c1 = ClassA(); keep = [c1]");
    terminal.line("import sys, gc");
    terminal.line("'count', sys.getrefcount(c1)");
    terminal.see("('count', 3)");
    terminal.line(":refs c1");
    terminal.see("2 references");
    terminal.see("c1");
    terminal.line(":gc");
    terminal.see("700");
    terminal.line(":dis ClassA");
    terminal.line(":heap ClassA");
    terminal.line(":help");
    terminal.see(":refs EXPR");
    terminal.line(":nonsense");
    terminal.see("no command ':nonsense'");
    terminal.line("'again', sys.getrefcount(c1)");
    terminal.see("('again', 3)");
    terminal.line(":quit");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_restored();
}

#[test]
fn a_program_asks_for_input() {
    let mut terminal = session();
    terminal.line("answer = input('Name: ')");
    terminal.see_prompt("Name:");
    terminal.line("Ada");
    terminal.line("answer.upper()");
    terminal.see("'ADA'");
    terminal.line("input('again: ')");
    terminal.see_prompt("again:");
    terminal.send(CTRL_D);
    terminal.see("EOFError");
    terminal.see_prompt(">>>");
}

#[test]
fn prompts_are_the_programs() {
    let mut terminal = session();
    terminal.line("import sys; sys.ps1 = 'py> '");
    terminal.see_prompt("py>");
    terminal.line("1 + 1");
    terminal.see("\n2\npy>");
}

#[test]
fn signals_and_closed_terminals_end_it() {
    let mut terminal = session();
    terminal.signal("TERM");
    assert_ne!(terminal.exit_code(), 0);
    terminal.is_restored();
    let mut terminal = session();
    terminal.line("x = 1");
    terminal.hang_up();
    terminal.exit_code();
}

#[test]
fn a_tiny_terminal_is_enough() {
    let mut terminal = Terminal::start(&["--plain"], 10, 3);
    terminal.see(">>>");
    terminal.line("1+1");
    terminal.see("2");
    terminal.resize(80, 24);
    terminal.line("'wi' + 'de'");
    terminal.see("'wide'");
    // The end of input is for the prompt, not for the line that still runs.
    terminal.see_prompt(">>>");
    terminal.send(CTRL_D);
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn colours_follow_the_wish() {
    let mut terminal = Terminal::start(&["--plain", "--color", "never"], 80, 24);
    terminal.see_prompt(">>>");
    terminal.line("'x' + str(1)");
    terminal.see("'x1'");
    assert!(!terminal.raw().contains("\x1b[3"), "no colour was asked for: {:?}", terminal.raw());
    let mut terminal = Terminal::start(&["--plain", "--color", "always"], 80, 24);
    terminal.see_prompt(">>>");
    terminal.line("'x' + str(1)");
    terminal.see("'x1'");
    assert!(terminal.raw().contains("\x1b[32m"), "strings are green: {:?}", terminal.raw());
}
