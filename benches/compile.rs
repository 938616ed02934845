//! How many lines a second the compiler does, next to CPython over the same files.
//!
//! `OURO_REFERENCE=/path/to/python3.11 cargo bench --bench compile` compiles the library of that
//! Python with both, one after the other, from source in memory to code objects, and counts processor
//! time. Without a reference
//! the sources of this crate's tests stand in and there is nothing to compare with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ouro::compile::{Options, compile};
use ouro::syntax::{Mode, Origin, decode_source};

/// Rounds over all files; the best counts.
const ROUNDS: usize = 3;

/// What the reference does: the same files, the same rounds, the seconds of the best.
const SCRIPT: &str = "
import sys, time, warnings, gc
warnings.simplefilter('ignore')
sources = []
for name in open(sys.argv[1]).read().split('\\n'):
    with open(name, 'rb') as file:
        sources.append((name, file.read()))
best = None
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    for name, source in sources:
        compile(source, name, 'exec', dont_inherit=True)
    spent = time.process_time() - start
    best = spent if best is None else min(best, spent)
print(best)
";

fn main() {
    let reference = std::env::var_os("OURO_REFERENCE");
    let folder = match &reference {
        Some(reference) => {
            let told = Command::new(reference)
                .args(["-c", "import os; print(os.path.dirname(os.__file__))"])
                .output();
            PathBuf::from(String::from_utf8_lossy(&told.expect("the reference runs").stdout).trim())
        }
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts"),
    };
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let sources: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .filter_map(|file| Some((file.to_str()?.to_string(), fs::read(&file).ok()?)))
        .filter(|(name, source)| build(name, source))
        .collect();
    let lines: usize =
        sources.iter().map(|(_, source)| source.iter().filter(|&&byte| byte == b'\n').count()).sum();
    let ours = (0..ROUNDS).map(|_| round(&sources)).min().unwrap_or_default().as_secs_f64();
    println!("{} files, {lines} lines", sources.len());
    println!("ouro       {:>9.0} lines a second", lines as f64 / ours);
    let Some(reference) = reference else { return };
    let listing = std::env::temp_dir().join(format!("ouro-bench-{}", std::process::id()));
    let names: Vec<&str> = sources.iter().map(|(name, _)| &**name).collect();
    fs::write(&listing, names.join("\n")).expect("the list is written");
    let told = Command::new(reference).args(["-c", SCRIPT]).arg(&listing).arg(ROUNDS.to_string()).output();
    let _ = fs::remove_file(&listing);
    let theirs: f64 =
        String::from_utf8_lossy(&told.expect("the reference runs").stdout).trim().parse().expect("seconds");
    println!("reference  {:>9.0} lines a second", lines as f64 / theirs);
    println!("ratio      {:>9.2}", theirs / ours);
}

fn build(name: &str, source: &[u8]) -> bool {
    let text = decode_source(source, name, Origin::Bytes);
    text.and_then(|text| compile(&text, name, Mode::Exec, Options::default())).is_ok()
}

fn round(sources: &[(String, Vec<u8>)]) -> Duration {
    let start = processor_time();
    for (name, source) in sources {
        std::hint::black_box(build(name, source));
    }
    processor_time().saturating_sub(start)
}

/// What this process has used of the processor, so that what else the machine does matters little.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock writes into a timespec that is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The Python files under a folder, installed packages left out.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && entry.file_name() != "site-packages" {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
}
