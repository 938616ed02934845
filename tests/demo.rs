//! Every lesson in `demo_scripts/` prints what CPython 3.11.7 prints (ids aside).
//!
//! Expectations are in `tests/demo`; `tests/record.sh demo_scripts` records them again.

mod common;

#[test]
fn lessons_print_what_the_reference_prints() {
    let cases: Vec<_> = common::scripts_in(&common::root().join("demo_scripts"))
        .into_iter()
        .map(|script| {
            let stem = script.file_stem().unwrap_or_default().to_os_string();
            let expected = common::root().join("tests/demo").join(stem);
            (script, expected)
        })
        .collect();
    assert!(cases.len() >= 13, "the lessons are in demo_scripts");
    common::check_all(&cases, "");
}
