//! Random programs about memory print what the reference prints. Needs the reference: skips without
//! `OURO_REFERENCE`, the path of a CPython 3.11.7.

use std::path::Path;
use std::process::Command;

/// The share of programs that must agree, in percent. What is left are counts that the reference
/// itself does not repeat after another program has run, and what the report of the run names.
const AGREEING: usize = 95;

#[test]
fn random_programs_agree_with_the_reference() {
    let Some(reference) = std::env::var_os("OURO_REFERENCE") else {
        eprintln!("skipped: OURO_REFERENCE names no CPython 3.11.7");
        return;
    };
    let count = std::env::var("OURO_FUZZ_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(200);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/fuzz.py");
    let output = Command::new(reference)
        .arg(script)
        .arg(env!("CARGO_BIN_EXE_ouro"))
        .args(["--count", &count.to_string(), "--batch", "50", "--shrink", "0"])
        .output()
        .expect("the reference runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let agreed = text
        .lines()
        .find_map(|line| line.strip_prefix("agree ")?.split(' ').next()?.parse::<usize>().ok())
        .unwrap_or_else(|| panic!("no result: {text}{}", String::from_utf8_lossy(&output.stderr)));
    assert!(agreed * 100 >= count * AGREEING, "{agreed} of {count} agree");
}
