//! A pseudo-terminal with the real binary in it: type, look at the screen, resize, hang up.

#![allow(dead_code)]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::Parser;

/// How long a person would wait; a debug build on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(30);

pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const UP: &str = "\x1b[A";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";

/// A running `ouro` and the screen it draws on.
pub struct Terminal {
    screen: Arc<Mutex<Parser>>,
    /// Everything that was written, escape sequences included.
    written: Arc<Mutex<Vec<u8>>>,
    /// `None` once the terminal is closed.
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    /// History and other state of this run.
    home: tempfile::TempDir,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    /// Starts the binary with these arguments in a terminal of this size.
    pub fn start(arguments: &[&str], columns: u16, rows: u16) -> Terminal {
        let home = tempfile::tempdir().expect("a scratch folder");
        Terminal::start_in(home, arguments, columns, rows)
    }

    /// As [`Terminal::start`], with a home folder of an earlier run.
    pub fn start_in(home: tempfile::TempDir, arguments: &[&str], columns: u16, rows: u16) -> Terminal {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(super::common::binary());
        command.args(arguments);
        command.env_clear();
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LC_ALL", "C.UTF-8"),
            ("PATH", &std::env::var("PATH").unwrap_or_default()),
        ] {
            command.env(name, value);
        }
        command.env("HOME", home.path());
        command.cwd(super::common::root());
        let child = pair.slave.spawn_command(command).expect("the binary starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("the terminal can be read");
        let writer = pair.master.take_writer().expect("the terminal can be written");
        let screen = Arc::new(Mutex::new(Parser::new(rows, columns, 1000)));
        let written = Arc::new(Mutex::new(Vec::new()));
        let (screen_in, written_in) = (screen.clone(), written.clone());
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 {
                    break;
                }
                screen_in.lock().expect("nobody panics here").process(&buffer[..count]);
                written_in.lock().expect("nobody panics here").extend_from_slice(&buffer[..count]);
            }
        });
        Terminal { screen, written, master: Some(pair.master), writer: Some(writer), child, home }
    }

    /// Types.
    pub fn send(&mut self, text: &str) {
        if let Some(writer) = &mut self.writer {
            // A program that has left does not read; the check that follows says so better.
            let _ = writer.write_all(text.as_bytes()).and_then(|()| writer.flush());
        }
    }

    /// Types a line.
    pub fn line(&mut self, text: &str) {
        self.send(text);
        self.send(ENTER);
    }

    /// Pastes, as a terminal does that was asked to mark pasted text.
    pub fn paste(&mut self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        self.screen.lock().expect("nobody panics here").screen().contents()
    }

    /// Everything written so far, as text with escape sequences.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.written.lock().expect("nobody panics here")).into_owned()
    }

    /// Whether the full screen is shown.
    pub fn is_full_screen(&self) -> bool {
        self.screen.lock().expect("nobody panics here").screen().alternate_screen()
    }

    /// Waits until the screen satisfies `wanted`.
    #[track_caller]
    pub fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            let text = self.text();
            if wanted(&text) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}; the screen shows\n{text}\n");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the screen shows this text.
    #[track_caller]
    pub fn see(&self, text: &str) {
        self.wait(&format!("{text:?}"), |screen| screen.contains(text));
    }

    /// Waits until the screen no longer shows this text.
    #[track_caller]
    pub fn see_gone(&self, text: &str) {
        self.wait(&format!("{text:?} to go"), |screen| !screen.contains(text));
    }

    /// Waits until the last line with anything on it is this one: a prompt that waits for input.
    #[track_caller]
    pub fn see_prompt(&self, prompt: &str) {
        self.wait(&format!("the prompt {prompt:?}"), |screen| {
            screen.trim_end().lines().next_back().is_some_and(|line| line.trim_end() == prompt.trim_end())
        });
    }

    /// The line of the screen that holds this text.
    pub fn row(&self, text: &str) -> Option<String> {
        self.text().lines().find(|line| line.contains(text)).map(str::to_owned)
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        if let Some(master) = &self.master {
            master.resize(size(columns, rows)).expect("the terminal can be resized");
        }
        self.screen.lock().expect("nobody panics here").screen_mut().set_size(rows, columns);
    }

    /// Closes the terminal, as closing its window does.
    pub fn hang_up(&mut self) {
        // The thread that reads the screen keeps its end open; the signal is what a closed window sends.
        self.signal("HUP");
        self.writer = None;
        self.master = None;
    }

    /// Sends a signal by name: `TERM`, `INT`.
    pub fn signal(&self, name: &str) {
        let process = self.child.process_id().expect("the process runs").to_string();
        let status = std::process::Command::new("kill").args(["-s", name, &process]).status();
        assert!(status.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Waits for the end of the process; its exit status.
    #[track_caller]
    pub fn exit_code(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the process can be waited for") {
                // What it wrote last may still be under way.
                thread::sleep(Duration::from_millis(100));
                return status.exit_code();
            }
            assert!(start.elapsed() < PATIENCE, "the process goes on; the screen shows\n{}\n", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether the terminal is as it was: normal screen, visible cursor, no mouse reports, no paste marks.
    #[track_caller]
    pub fn is_restored(&self) {
        let parser = self.screen.lock().expect("nobody panics here");
        let screen = parser.screen();
        assert!(!screen.alternate_screen(), "the normal screen is back");
        assert!(!screen.hide_cursor(), "the cursor is visible");
        assert!(!screen.bracketed_paste(), "pasted text is not marked any more");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is not reported");
        #[cfg(unix)]
        if let Some(modes) = self.master.as_ref().and_then(|master| master.get_termios()) {
            // Echo and line mode: what a shell that is not bash would be left with.
            let text = format!("{:?}", modes.local_flags);
            assert!(text.contains("ECHO") && text.contains("ICANON"), "the terminal echoes again: {text}");
        }
    }

    /// The home folder, for a run that follows.
    pub fn into_home(mut self) -> tempfile::TempDir {
        let _ = self.child.kill();
        let _ = self.child.wait();
        std::mem::replace(&mut self.home, tempfile::tempdir().expect("a scratch folder"))
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
