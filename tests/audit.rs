//! `ouro audit`: every count of every object has holders with a name, nothing is left behind without a reason, and
//! the program prints what it prints without being looked at.
//!
//! The programs are the lessons and a sample of `tests/scripts`; what they print is compared with what the reference
//! printed. `OURO_TEST_ONLY` narrows the run to scripts whose name contains it, and then checks them everywhere.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A number or list in the JSON of a report, as text up to the next comma or brace.
fn field<'a>(report: &'a str, name: &str) -> &'a str {
    let Some((_, rest)) = report.split_once(&format!("\"{name}\": ")) else { return "" };
    rest.split([',', '}']).next().unwrap_or("")
}

/// Audits one script; in words what is wrong.
fn audited(script: &Path, expected: &Path, how: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().join("report");
    let path_text = path.to_string_lossy().into_owned();
    let mut lead = vec!["audit", "--json", "-o", &path_text];
    lead.extend(how);
    let mut report = String::new();
    let outcome = common::check_script_with(script, expected, &lead, &mut |status| {
        report = std::fs::read_to_string(&path).unwrap_or_default();
        // The command's own status is about the audit; the program's is in the report.
        // What a process can return is a byte of what the program asked for.
        if status == 0 {
            field(&report, "status").parse::<i32>().unwrap_or(-1).rem_euclid(256)
        } else {
            status
        }
    });
    if field(&report, "clean") != "true" {
        return Err(if report.is_empty() { "no report".to_owned() } else { report });
    }
    if field(&report, "stops").parse::<u64>().unwrap_or(0) < 2 {
        return Err(format!("nothing was checked: {report}"));
    }
    outcome
}

/// Audits all of them, a few at a time.
fn audit_all(cases: &[(PathBuf, PathBuf)], how: &[&str]) {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from).min(8) {
            scope.spawn(|| {
                while let Some((script, expected)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = audited(script, expected, how) {
                        let mut failures = failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        failures.push(format!("{}: {problem}", script.display()));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    failures.sort();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn lessons() -> Vec<(PathBuf, PathBuf)> {
    let only = std::env::var("OURO_TEST_ONLY").unwrap_or_default();
    common::scripts_in(&common::root().join("demo_scripts"))
        .into_iter()
        .filter(|script| script.to_string_lossy().contains(&only))
        .map(|script| {
            let stem = script.file_stem().unwrap_or_default().to_os_string();
            (script, common::root().join("tests/demo").join(stem))
        })
        .collect()
}

/// Each line, the first times that the program comes by; then less and less often.
#[test]
fn lessons_are_explained_at_every_line() {
    audit_all(&lessons(), &["--thin", "3"]);
}

/// Each instruction, the first time that the program comes by; then less and less often.
#[test]
fn lessons_are_explained_at_every_instruction() {
    audit_all(&lessons(), &["--every", "instruction", "--thin", "1", "--sample", "9"]);
}

/// One script in this many is audited.
const SHARE: usize = 12;

#[test]
fn scripts_are_explained_at_sampled_instructions() {
    let only = std::env::var("OURO_TEST_ONLY").unwrap_or_default();
    let root = common::root().join("tests/scripts");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).expect("tests/scripts exists").flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let wishlist =
        std::fs::read_to_string(common::root().join("tests/scripts/wishlist.txt")).unwrap_or_default();
    let is_wished =
        |stem: &str| wishlist.lines().any(|line| line.split('#').next().unwrap_or("").trim().ends_with(stem));
    let cases: Vec<(PathBuf, PathBuf)> = folders
        .iter()
        .flat_map(|folder| common::scripts_in(folder))
        .filter(|script| {
            let stem = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            stem.contains(&only) && !is_wished(&stem)
        })
        .enumerate()
        .filter(|(number, _)| !only.is_empty() || number % SHARE == 0)
        .map(|(_, script)| (script.clone(), script.with_extension("")))
        .collect();
    let sample = if only.is_empty() { "17" } else { "1" };
    audit_all(&cases, &["--every", "instruction", "--thin", "2", "--sample", sample]);
}

/// A wrong command line and a script that is not there say so with a status of their own.
#[test]
fn mistakes_have_a_status_of_their_own() {
    for arguments in [&["audit"][..], &["audit", "--every", "moon", "x.py"], &["audit", "no_such_script.py"]]
    {
        let mut command = common::command();
        command.args(arguments);
        let outcome = common::run(command, b"");
        assert_eq!(outcome.status, Some(2), "{arguments:?}: {}", outcome.err());
    }
}
