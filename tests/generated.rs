//! Random programs against what CPython 3.11.7 makes of them.
//!
//! `tests/generator/sample.txt` has programs with the digests of their recorded results;
//! `OURO_GENERATED` names another file of the kind, which `tests/generator/generate.py` writes.

use std::fs;

use ouro::syntax::Mode;

#[path = "common/dump.rs"]
#[allow(dead_code)]
mod dump;

/// Seeds that differ and are named before the rest is only counted.
const SHOWN: usize = 40;

/// The checksum of zlib and gzip, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, &byte: &u8| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    };
    !bytes.iter().fold(!0, step)
}

/// Seed, what was recorded, and what comes out now, for each program of the file.
fn check(data: &[u8]) -> (usize, Vec<(String, String)>) {
    let (mut total, mut differing, mut rest) = (0, Vec::new(), data);
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let fields: Vec<&str> = head.split(' ').collect();
        let [_, seed, mode, level, kind, size, digest] = fields[..] else { panic!("a head: {head}") };
        let size: usize = size.parse().expect("a size");
        let source = &rest[end + 1..end + 1 + size];
        rest = &rest[end + 2 + size..];
        let mode = match mode {
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => Mode::Exec,
        };
        let ours = dump::result(source, kind == "text", mode, level.parse().expect("a level"));
        total += 1;
        if format!("{:08x}", crc32(ours.as_bytes())) != digest {
            differing.push((seed.to_string(), ours));
        }
    }
    (total, differing)
}

#[test]
fn random_programs_compile_as_in_the_reference() {
    let recorded = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/generator/sample.txt").to_string();
    let path = std::env::var("OURO_GENERATED").unwrap_or(recorded);
    let data = fs::read(path).expect("the programs");
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(move || check(&data));
    let (total, differing) = worker.expect("a thread").join().expect("no panic");
    for (seed, ours) in differing.iter().take(SHOWN) {
        let start: String = ours.chars().take(300).collect();
        eprintln!("seed {seed} compiles to {start}");
    }
    assert!(differing.is_empty(), "{} of {total} programs differ", differing.len());
}
