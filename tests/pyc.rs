//! `.pyc` files between ouro and CPython 3.11.7, both ways.
//!
//! With `OURO_REFERENCE` naming a python3.11 of version 3.11.7, some 200 modules of its library are
//! compiled by both. Each interpreter then imports them once from its own files and once from the
//! other's, without the sources, and tells about each: its public names and their types, the code of its
//! functions and methods (bytecode, constants, names, line and exception tables), and what some calls
//! give. What it tells must be the same. The recorded files in `tests/pyc` need no Python.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const COMPILE: &str = include_str!("pyc/compile.py");
const PROBE: &str = include_str!("pyc/probe.py");

/// Runs a program of the test in an interpreter; its output.
fn run(python: &Path, flags: &[&str], program: &str, args: &[&Path]) -> String {
    let mut command = Command::new(python);
    command.args(flags).arg("-c").arg(program).args(args).env("PYTHONHASHSEED", "0").stdin(Stdio::null());
    let output = command.output().expect("the interpreter starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {:?}\n{errors}", python.display(), output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn compare(what: &str, own: &str, other: &str) {
    let differing: Vec<_> = own.lines().zip(other.lines()).filter(|(a, b)| a != b).take(5).collect();
    assert!(differing.is_empty(), "{what}: {differing:#?}");
    assert_eq!(own.lines().count(), other.lines().count(), "{what}");
}

/// How many modules an interpreter told about, and how many of them could be imported.
fn counts(told: &str) -> (usize, usize) {
    let modules: Vec<_> = told.lines().filter(|line| line.starts_with("module ")).collect();
    (modules.len(), modules.iter().filter(|line| line.ends_with(" imported")).count())
}

#[test]
fn library_modules_both_ways() {
    let Some(reference) = std::env::var_os("OURO_REFERENCE").map(PathBuf::from) else { return };
    let ouro = common::binary();
    let folder = tempfile::tempdir().expect("a folder");
    let (theirs, ours) = (folder.path().join("theirs"), folder.path().join("ours"));
    let library = run(&reference, &["-I"], "import os; print(os.path.dirname(os.__file__))", &[]);
    let library = PathBuf::from(library.trim());
    run(&reference, &["-I", "-B"], COMPILE, &[&library, &theirs]);
    run(&ouro, &["-B"], COMPILE, &[&library, &ours]);

    let flags: &[&str] = &["-I", "-S", "-B"];
    let (own, other) = (
        run(&reference, flags, PROBE, &[&theirs, &library]),
        run(&reference, flags, PROBE, &[&ours, &library]),
    );
    compare("CPython runs ouro's files", &own, &other);
    let (modules, imported) = counts(&own);
    println!("CPython: {modules} modules, {imported} imported, {} lines told", own.lines().count());
    assert!(imported >= 200, "{imported} of {modules} were imported");

    let (own, other) =
        (run(&ouro, &["-B"], PROBE, &[&ours, &library]), run(&ouro, &["-B"], PROBE, &[&theirs, &library]));
    compare("ouro runs CPython's files", &own, &other);
    let (modules, imported) = counts(&own);
    println!("ouro: {modules} modules, {imported} imported, {} lines told", own.lines().count());
}

/// Files that CPython wrote: a program in each of the three forms, what it prints recorded beside it.
#[test]
fn recorded_files_run() {
    let folder = common::root().join("tests/pyc");
    let expected = fs::read_to_string(folder.join("sample.out")).expect("the output is recorded");
    let scratch = tempfile::tempdir().expect("a folder");
    for form in ["timestamp", "checked", "unchecked"] {
        let mut command = common::command();
        command.current_dir(scratch.path()).arg(folder.join(format!("sample.{form}.pyc")));
        let outcome = common::run(command, b"");
        assert_eq!(outcome.out(), expected, "{form}: {}", outcome.err());
        // As a module without a source, too.
        fs::copy(folder.join(format!("sample.{form}.pyc")), scratch.path().join("sample.pyc"))
            .expect("copied");
        let mut command = common::command();
        command.current_dir(scratch.path()).args(["-c", "import sample; print(sample.__file__[-10:])"]);
        let outcome = common::run(command, b"");
        assert!(outcome.out().ends_with("sample.pyc\n"), "{form}: {}", outcome.err());
    }
}

/// Compiled files as programs: what is wrong with them is said as the reference says it.
#[test]
fn broken_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = fs::read(common::root().join("tests/pyc/sample.unchecked.pyc")).expect("recorded");
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("magic", [b"\xcb\r\r\n", &good[4..]].concat(), "RuntimeError: Bad magic number in .pyc file"),
        ("short", good[..9].to_vec(), "EOFError: EOF read where not expected"),
        ("cut", good[..good.len() / 2].to_vec(), "RuntimeError: Bad code object in .pyc file"),
        ("type", [&good[..16], b"?"].concat(), "RuntimeError: Bad code object in .pyc file"),
        ("list", [&good[..16], b"[\0\0\0\0"].concat(), "RuntimeError: Bad code object in .pyc file"),
    ];
    for (name, bytes, words) in cases {
        let file = folder.path().join(format!("{name}.pyc"));
        fs::write(&file, bytes).expect("written");
        let mut command = common::command();
        command.arg(&file);
        let outcome = common::run(command, b"");
        assert_eq!(outcome.status, Some(1), "{name}");
        assert!(outcome.err().trim_end().ends_with(words), "{name}: {}", outcome.err());
    }
}
