//! The compiler's output against CPython 3.11.7's, field by field.
//!
//! `tests/compile/cases.txt` has small programs with recorded code; that test needs no Python.
//! With `OURO_REFERENCE` naming a python3.11 of version 3.11.7, every file of its library is
//! compiled by both and compared.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ouro::syntax::Mode;

#[path = "common/dump.rs"]
mod dump;

/// Differences shown before the rest is only counted.
const SHOWN: usize = 20;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs on a stack that is large enough for a debug build.
fn with_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(work);
    thread.expect("a thread").join().expect("the comparison passes");
}

/// Characters shown of each side of a difference.
const WIDTH: usize = 100;

/// The first line in which two dumps differ: code object, field, and the text around the place.
fn difference(ours: &str, theirs: &str) -> Option<String> {
    let mut code = "";
    let mut pairs = ours.lines().zip(theirs.lines());
    let found = pairs.find(|(mine, other)| {
        if other.starts_with("code ") {
            code = other;
        }
        mine != other
    });
    match found {
        Some((mine, other)) => {
            let field = other.split(' ').next().unwrap_or_default();
            let at = mine.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            let from = at.saturating_sub(WIDTH / 2);
            let clip = |text: &str| text.chars().skip(from).take(WIDTH).collect::<String>();
            let (mine, other) = (clip(mine), clip(other));
            Some(format!(
                "in {code}\n  field {field}, from character {from}\n  expected {other}\n  compiled {mine}"
            ))
        }
        None if ours.lines().count() == theirs.lines().count() => None,
        None => Some("one has more code than the other".to_string()),
    }
}

#[test]
fn small_programs_compile_as_recorded() {
    with_stack(|| {
        let folder = root().join("tests/compile");
        let cases = fs::read_to_string(folder.join("cases.txt")).expect("the cases");
        let expected = fs::read_to_string(folder.join("cases.expected")).expect("the expectations");
        let mut failures = Vec::new();
        let (cases, expected) = (cases.split("####").skip(1), expected.split("####").skip(1));
        assert_eq!(cases.clone().count(), expected.clone().count(), "record the cases again");
        for (case, expected) in cases.zip(expected) {
            let (head, source) = case.split_once('\n').unwrap_or((case, ""));
            let (_, expected) = expected.split_once('\n').unwrap_or_default();
            let mut head = head.split_whitespace();
            let mode = match head.next() {
                Some("eval") => Mode::Eval,
                Some("single") => Mode::Single,
                _ => Mode::Exec,
            };
            let optimize = head.next().and_then(|level| level.parse().ok()).unwrap_or(0);
            let ours = dump::dump_source(source.as_bytes(), mode, optimize);
            failures.extend(difference(&ours, expected).map(|text| format!("{source}{text}\n")));
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    });
}

#[test]
fn the_library_compiles_as_in_the_reference() {
    let Some(reference) = std::env::var_os("OURO_REFERENCE") else { return };
    with_stack(move || {
        let script = "import sys, os; print(sys.version.split()[0]); print(os.path.dirname(os.__file__))";
        let told = Command::new(&reference).args(["-c", script]).output().expect("the reference runs");
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let (version, library) = told.trim().split_once('\n').expect("a version and a folder");
        assert_eq!(version, "3.11.7", "the reference is another Python");
        let mut files = Vec::new();
        collect(Path::new(library), &mut files);
        files.sort();
        let failures: usize = (0..3).map(|level| compare_library(&reference, &files, level)).sum();
        assert_eq!(failures, 0);
    });
}

/// Compiles the files at an optimization level with both, prints the first differences and what was
/// compared; gives the number of files that differ.
fn compare_library(reference: &OsStr, files: &[PathBuf], level: u8) -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    let listing = folder.path().join("list");
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    fs::write(&listing, names.join("\n")).expect("the list is written");
    let dumped = Command::new(reference)
        .arg(root().join("tests/tools/dump_code.py"))
        .arg("--into")
        .args([folder.path(), &listing])
        .arg(level.to_string())
        .status();
    assert!(dumped.is_ok_and(|status| status.success()), "the reference dumps its library");
    let (mut failures, mut codes, mut bytes) = (0, 0, 0);
    for (at, file) in files.iter().enumerate() {
        let theirs = fs::read_to_string(folder.path().join(format!("{:04}.txt", at + 1))).expect("a dump");
        codes += theirs.lines().filter(|line| line.starts_with("code ")).count();
        bytes += theirs
            .lines()
            .filter_map(|line| line.strip_prefix("bytes "))
            .map(|hex| hex.len() / 2)
            .sum::<usize>();
        let ours = dump::dump_source(&fs::read(file).expect("a source"), Mode::Exec, level);
        if let Some(text) = difference(&ours, &theirs) {
            failures += 1;
            if failures <= SHOWN {
                eprintln!("{}: {text}", file.display());
            }
        }
    }
    let files = files.len();
    eprintln!(
        "level {level}: {failures} of {files} files differ ({codes} code objects, {bytes} bytes of code)"
    );
    failures
}

/// The Python files under a folder, installed packages left out.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if entry.file_name() != "site-packages" {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
}
