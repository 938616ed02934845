//! Small scripts about one behaviour each, in `tests/scripts/<category>`, compared with CPython 3.11.7.
//!
//! To add one: write `tests/scripts/<category>/<name>.py`, run `tests/record.sh <name>`, commit both.
//! What is wanted but not there yet is named in `tests/scripts/wishlist.txt`.

mod common;

use std::fs;

/// Checks one category; `OURO_TEST_ONLY` narrows the run to scripts whose name contains it.
fn category(name: &str) {
    let only = std::env::var("OURO_TEST_ONLY").unwrap_or_default();
    let cases: Vec<_> = common::scripts_in(&common::root().join("tests/scripts").join(name))
        .into_iter()
        .filter(|script| script.to_string_lossy().contains(&only))
        .map(|script| (script.clone(), script.with_extension("")))
        .collect();
    assert!(!only.is_empty() || !cases.is_empty(), "there are scripts in tests/scripts/{name}");
    let wishlist = fs::read_to_string(common::root().join("tests/scripts/wishlist.txt")).unwrap_or_default();
    common::check_all(&cases, &wishlist);
}

/// Sessions typed through a pipe: what is shown, what `_` and the last traceback keep alive.
#[test]
fn interactive() {
    let only = std::env::var("OURO_TEST_ONLY").unwrap_or_default();
    let cases: Vec<_> = common::scripts_in(&common::root().join("tests/interactive"))
        .into_iter()
        .filter(|session| session.to_string_lossy().contains(&only))
        .map(|session| (session.clone(), session.with_extension("")))
        .collect();
    let wishlist = fs::read_to_string(common::root().join("tests/scripts/wishlist.txt")).unwrap_or_default();
    common::check_all(&cases, &wishlist);
}

macro_rules! categories {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            category(stringify!($name));
        })*

        #[test]
        fn no_category_is_forgotten() {
            let known = [$(stringify!($name)),*];
            let folder = common::root().join("tests/scripts");
            for entry in fs::read_dir(folder).expect("tests/scripts exists").flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                assert!(
                    !entry.path().is_dir() || known.contains(&name.as_str()),
                    "tests/scripts/{name} is not run; name it in tests/scripts.rs"
                );
            }
        }
    };
}

categories!(
    refcount, gc, finalizers, weakref, sizes, imports, files, language, objects, scalars, containers, errors,
    bytecode, modules, tracebacks
);
