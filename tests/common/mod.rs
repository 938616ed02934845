//! Running scripts in the real binary and comparing what they print with recorded expectations.
//!
//! A case is a script with files beside it: `NAME.out` (standard output), and where the reference
//! wrote or returned anything, `NAME.err` and `NAME.status`. `tests/record.sh` makes them from CPython 3.11.7 and masks addresses, ids and
//! folder names exactly as [`mask`] does here.
//!
//! `OURO_TEST_BINARY` names another interpreter to run instead of the one just built; with the reference
//! in it, every case must pass, which checks the cases themselves.

#![allow(dead_code)]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Time allowed for one script. Generous, since a debug build on a busy machine is slow.
const LIMIT: Duration = Duration::from_secs(60);

/// What a run of the binary gave.
pub struct Outcome {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// The exit status; a signal gives 128 and its number, as in a shell. `None`: it was stopped at the time limit.
    pub status: Option<i32>,
}

impl Outcome {
    /// Standard output as text, for tests that look at a few words of it.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard error as text.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

/// The interpreter under test.
pub fn binary() -> PathBuf {
    std::env::var_os("OURO_TEST_BINARY")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_ouro")), PathBuf::from)
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A command for the binary whose environment holds nothing that could influence a script.
pub fn command() -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("PYTHON") || name_text.starts_with("OURO") || name_text == "LANG" {
            command.env_remove(&name);
        }
    }
    command.env("LC_ALL", "C.UTF-8").env("TERM", "dumb");
    command
}

/// Runs `command` with `stdin` as its standard input until it ends or the time is over.
pub fn run(mut command: Command, stdin: &[u8]) -> Outcome {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("stdin is piped");
    let data = stdin.to_vec();
    // A script may end without reading its input; a broken pipe here is no failure.
    let feeder = thread::spawn(move || {
        let _ = std::io::Write::write_all(&mut input, &data);
    });
    let mut out = child.stdout.take().expect("stdout is piped");
    let mut err = child.stderr.take().expect("stderr is piped");
    let out_reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = out.read_to_end(&mut bytes);
        bytes
    });
    let err_reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = err.read_to_end(&mut bytes);
        bytes
    });
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    let status = loop {
        match child.try_wait().expect("the child can be waited for") {
            Some(status) => break Some(exit_code(status)),
            None if start.elapsed() > LIMIT => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            None => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
            }
        }
    };
    let _ = feeder.join();
    Outcome {
        stdout: out_reader.join().unwrap_or_default(),
        stderr: err_reader.join().unwrap_or_default(),
        status,
    }
}

#[cfg(unix)]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

#[cfg(not(unix))]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}

/// Replaces addresses (`0x…`) and ids (`id=…`) by words, and the folders of the run by `RUN` and `SCRIPTS`.
pub fn mask(text: &[u8], scripts: &Path, run: &Path) -> Vec<u8> {
    let text = replace(text, run.join("cwd").to_string_lossy().as_bytes(), b"RUN");
    let text = replace(&text, run.join("tmp").to_string_lossy().as_bytes(), b"RUN");
    let text = replace(&text, scripts.to_string_lossy().as_bytes(), b"SCRIPTS");
    let text = mask_number(&text, b"0x", u8::is_ascii_hexdigit, b"0xADDR");
    mask_number(&text, b"id=", u8::is_ascii_digit, b"id=ID")
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if !from.is_empty() && text[at..].starts_with(from) {
            result.extend_from_slice(to);
            at += from.len();
        } else {
            result.push(text[at]);
            at += 1;
        }
    }
    result
}

/// Replaces `prefix` and the digits after it, if there are any, by `word`.
fn mask_number(text: &[u8], prefix: &[u8], is_digit: fn(&u8) -> bool, word: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(prefix) {
            let rest = &text[at + prefix.len()..];
            let digits = rest.iter().take_while(|byte| is_digit(byte)).count();
            // `grid=5` is somebody's keyword argument, not an id.
            let starts_word = prefix[0] != b'i' || at == 0 || !text[at - 1].is_ascii_alphanumeric();
            if digits > 0 && starts_word {
                result.extend_from_slice(word);
                at += prefix.len() + digits;
                continue;
            }
        }
        result.push(text[at]);
        at += 1;
    }
    result
}

/// Runs the script in a fresh folder (or types the session into an interactive interpreter) and compares with the files at `expected` (a path without
/// extension). `Err` says in one line what differs.
pub fn check_script(script: &Path, expected: &Path) -> Result<(), String> {
    check_script_with(script, expected, &[], &mut |status| status)
}

/// As [`check_script`], with words before the script's name on the command line; `status_of` gives the program's exit
/// status for that of the command.
pub fn check_script_with(
    script: &Path,
    expected: &Path,
    lead: &[&str],
    status_of: &mut dyn FnMut(i32) -> i32,
) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|error| format!("no scratch folder: {error}"))?;
    // The reference prints resolved names; a scratch folder behind a symbolic link would not compare.
    let base = scratch.path().canonicalize().map_err(|error| error.to_string())?;
    let cwd = base.join("cwd");
    let tmp = base.join("tmp");
    for folder in [&cwd, &tmp] {
        fs::create_dir(folder).map_err(|error| format!("no scratch folder: {error}"))?;
    }
    let mut command = command();
    command.arg("-B").current_dir(&cwd).env("TMPDIR", &tmp);
    let mut stdin = Vec::new();
    if script.extension().is_some_and(|extension| extension == "in") {
        command.args(["-i", "-q"]);
        stdin = fs::read(script).map_err(|error| format!("{}: {error}", script.display()))?;
    } else {
        command.args(lead).arg(script);
    }
    let outcome = run(command, &stdin);

    let read = |extension: &str| fs::read(expected.with_extension(extension));
    let wanted =
        read("out").map_err(|_| format!("{}.out is missing; run tests/record.sh", expected.display()))?;
    let wanted_status =
        read("status").ok().and_then(|text| String::from_utf8_lossy(&text).trim().parse().ok()).unwrap_or(0);
    let folder = script.parent().unwrap_or(Path::new("."));
    let stdout = mask(&outcome.stdout, folder, &base);
    let stderr = mask(&outcome.stderr, folder, &base);
    let Some(status) = outcome.status else {
        return Err(format!("no result within {} s", LIMIT.as_secs()));
    };
    let status = status_of(status);
    let last_words = || {
        let text = String::from_utf8_lossy(&stderr);
        text.trim_end().lines().next_back().map(|line| format!("; it said: {line}")).unwrap_or_default()
    };
    if stdout != wanted {
        return Err(format!("{}{}", first_difference(&wanted, &stdout), last_words()));
    }
    if status != wanted_status {
        return Err(format!("exit status {status} instead of {wanted_status}{}", last_words()));
    }
    let wanted_err = read("err").unwrap_or_default();
    if stderr != wanted_err {
        return Err(format!("standard error: {}", first_difference(&wanted_err, &stderr)));
    }
    Ok(())
}

/// The first line that is not the same, in words.
pub fn first_difference(wanted: &[u8], got: &[u8]) -> String {
    let wanted = String::from_utf8_lossy(wanted);
    let got = String::from_utf8_lossy(got);
    let mut wanted_lines = wanted.split('\n');
    let mut got_lines = got.split('\n');
    let mut number = 0;
    loop {
        number += 1;
        match (wanted_lines.next(), got_lines.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) => return "no line differs".to_string(),
            (a, b) => {
                let show =
                    |line: Option<&str>| line.map_or("the end".to_string(), |line| format!("{line:?}"));
                return format!("line {number}: expected {}, got {}", show(a), show(b));
            }
        }
    }
}

/// The scripts (`.py`) and typed sessions (`.in`) of a folder, sorted by name.
pub fn scripts_in(folder: &Path) -> Vec<PathBuf> {
    let mut scripts: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "py" || extension == "in"));
    scripts.sort();
    scripts
}

/// Checks all cases, several at a time, and panics with one line per failing one.
///
/// Names listed in `wanted` (one per line, `#` begins a comment) may fail; one that passes is
/// reported, so that the list shrinks.
pub fn check_all(cases: &[(PathBuf, PathBuf)], wishlist: &str) {
    let wished: Vec<&str> = wishlist
        .lines()
        .map(|line| line.split('#').next().unwrap_or("").trim())
        .filter(|line| !line.is_empty())
        .collect();
    let next = AtomicUsize::new(0);
    let failures: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(2, usize::from).min(8);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((script, expected)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = check_script(script, expected) {
                        let name = case_name(script);
                        failures.lock().expect("no panic in a worker").push((name, problem));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("no panic in a worker");
    failures.sort();
    for (script, _) in cases {
        let name = case_name(script);
        if wished.contains(&name.as_str()) && !failures.iter().any(|(failed, _)| *failed == name) {
            println!("{name} passes now; take it off the wishlist");
        }
    }
    failures.retain(|(name, _)| !wished.contains(&name.as_str()));
    if !failures.is_empty() {
        let list: Vec<String> =
            failures.iter().map(|(name, problem)| format!("  {name}: {problem}")).collect();
        panic!(
            "{} of {} scripts differ from the reference:\n{}",
            failures.len(),
            cases.len(),
            list.join("\n")
        );
    }
}

/// `folder/name` of a script, the way it is named in reports and in the wishlist.
fn case_name(script: &Path) -> String {
    let stem = script.file_stem().unwrap_or_default().to_string_lossy();
    let folder = script.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    format!("{folder}/{stem}")
}
