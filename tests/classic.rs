//! The classic era: small scripts in `tests/classic`, and the lessons in `demo_scripts/classic`, compared with what
//! CPython 2.7.18 prints. `tests/record_classic.sh` records them again.

mod common;

use std::path::{Path, PathBuf};

/// Runs each script under `--era 2.7` and compares with the files at its expectation's path.
fn check(cases: &[(PathBuf, PathBuf)]) {
    let only = std::env::var("OURO_TEST_ONLY").unwrap_or_default();
    let failures: Vec<String> = cases
        .iter()
        .filter(|(script, _)| script.to_string_lossy().contains(&only))
        .filter_map(|(script, expected)| {
            let lead = ["--era", "2.7"];
            let problem = common::check_script_with(script, expected, &lead, &mut |status| status).err()?;
            Some(format!("  {}: {problem}", script.display()))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} scripts differ from the reference:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn cases(folder: &str, expected: &Path) -> Vec<(PathBuf, PathBuf)> {
    common::scripts_in(&common::root().join(folder))
        .into_iter()
        .map(|script| {
            let stem = script.file_stem().unwrap_or_default().to_os_string();
            let expected = expected.join(stem);
            (script, expected)
        })
        .collect()
}

#[test]
fn scripts_print_what_the_reference_prints() {
    let found = cases("tests/classic", &common::root().join("tests/classic"));
    assert!(found.len() >= 8, "the scripts are in tests/classic");
    check(&found);
}

#[test]
fn lessons_print_what_the_reference_prints() {
    let found = cases("demo_scripts/classic", &common::root().join("tests/demo/classic"));
    assert!(found.len() >= 6, "the lessons are in demo_scripts/classic");
    check(&found);
}
