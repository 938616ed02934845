//! Packs the Python half of the standard library into the binary.
//!
//! The files come from the published crate `rustpython-pylib`, whose `Lib` folder is CPython's
//! library with small changes; some modules are taken from other versions of it. Only its sources are wanted: it is declared as a dependency of no
//! target, so that cargo pins it but builds neither it nor what it depends on; `cargo fetch` puts
//! it where it is looked for.
//!
//! Format of the pack: for each file a line `name<TAB>offset<TAB>length<TAB>is_package`, sorted by
//! name, in `library.index`; the texts one after another in `library.data`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const CRATE: &str = "rustpython-pylib";
/// As in `Cargo.toml`.
const VERSION: &str = "0.3.1";

/// Other versions of the same crate, each with the modules of which it has the text that is nearest
/// to CPython 3.11's, or the only one. As in `Cargo.toml`.
const OTHERS: &[(&str, &[&str])] = &[
    (
        "0.4.0",
        &[
            "__future__",
            "_pyio",
            "_sitebuiltins",
            "_strptime",
            "asyncio",
            "codecs",
            "copyreg",
            "encodings",
            "genericpath",
            "gettext",
            "posixpath",
            "selectors",
            "subprocess",
        ],
    ),
    (
        "0.6.0",
        &[
            "abc",
            "dbm",
            "imaplib",
            "modulefinder",
            "poplib",
            "profile",
            "pstats",
            "pyclbr",
            "rlcompleter",
            "symtable",
            "timeit",
            "tracemalloc",
            "wave",
            "wsgiref",
            "xmlrpc",
            "zoneinfo",
        ],
    ),
];

/// Folders that nothing here can use: tests, graphics, other languages, packaging.
const LEFT_OUT: &[&str] = &[
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "lib2to3",
    "turtledemo",
    "ensurepip",
    "distutils",
    "pydoc_data",
    "pyperf",
    "ctypes",
    "sqlite3",
    "venv",
    "msilib",
    "__pycache__",
];

/// Modules that are native here, or make no sense.
const NATIVE: &[&str] =
    &["_signal", "gc", "_dummy_os", "_dummy_thread", "text_histogram3", "compileall_tmp_mv", "_pycodecs"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=Cargo.lock");
    println!("cargo:rerun-if-env-changed=OURO_PYLIB");
    let Some(library) = find_library() else {
        panic!("the sources of {CRATE} were not found: run `cargo fetch`, or set OURO_PYLIB to a Lib folder");
    };
    let mut files = Vec::new();
    collect(&library, "", &mut files);
    for (version, names) in OTHERS {
        let Some(other) = downloaded(version) else { continue };
        let mut found = Vec::new();
        collect(&other, "", &mut found);
        let chosen = |name: &str| names.contains(&name.split('.').next().unwrap_or(name));
        found.retain(|file: &(String, PathBuf, bool)| chosen(&file.0));
        if !found.is_empty() {
            files.retain(|file: &(String, PathBuf, bool)| !chosen(&file.0));
            files.extend(found);
        }
    }
    files.sort();
    let (mut index, mut data) = (String::new(), Vec::new());
    for (name, path, is_package) in &files {
        let Ok(text) = fs::read(path) else { continue };
        let _ = writeln!(index, "{name}\t{}\t{}\t{}", data.len(), text.len(), u8::from(*is_package));
        data.extend(text);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("library.index"), index).expect("OUT_DIR can be written");
    fs::write(out.join("library.data"), data).expect("OUT_DIR can be written");
}

/// The folder with the library's files.
fn find_library() -> Option<PathBuf> {
    if let Some(given) = env::var_os("OURO_PYLIB") {
        return Some(PathBuf::from(given)).filter(|path| path.join("os.py").is_file());
    }
    downloaded(VERSION).or_else(|| {
        let mut command = Command::new(env::var_os("CARGO")?);
        let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?).join("Cargo.toml");
        let fetched = command.args(["fetch", "--locked", "--manifest-path"]).arg(manifest).status();
        fetched.is_ok_and(|status| status.success()).then(|| downloaded(VERSION)).flatten()
    })
}

/// The library where cargo unpacks what it downloads, or in a folder made by `cargo vendor`.
fn downloaded(version: &str) -> Option<PathBuf> {
    let home =
        env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))?;
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    let registries = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    registries
        .map(|entry| entry.path())
        .chain([root.join("vendor")])
        .flat_map(|folder| [folder.join(format!("{CRATE}-{version}")), folder.join(CRATE)])
        .map(|folder| folder.join("Lib"))
        .find(|library| library.join("os.py").is_file())
}

/// Adds the modules in a folder: full name, file, whether it is a package.
fn collect(folder: &Path, package: &str, files: &mut Vec<(String, PathBuf, bool)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let file_name = entry.file_name();
        let Some(file_name) = file_name.to_str() else { continue };
        let full =
            |name: &str| if package.is_empty() { name.to_string() } else { format!("{package}.{name}") };
        if path.is_dir() {
            if !LEFT_OUT.contains(&file_name) && path.join("__init__.py").is_file() {
                collect(&path, &full(file_name), files);
            }
            continue;
        }
        let Some(stem) = file_name.strip_suffix(".py") else { continue };
        if stem == "__init__" {
            files.push((package.to_string(), path, true));
        } else if !(package.is_empty() && NATIVE.contains(&stem)) {
            files.push((full(stem), path, false));
        }
    }
}
