//! Questions asked about scripts from the command line: `ouro why`, `leaks`, `graph`, `snapshot`.
//!
//! Each `answers/<name>.py` begins with lines `#: why --at 12 x`: the questions, without the script. What is answered
//! to all of them stands in `<name>.out`. `OURO_RECORD=1 cargo test --test answers` writes it anew; read the diff.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers")
}

/// Addresses differ with the place of the heap; folder names with the machine.
fn masked(text: &str) -> String {
    let text = text.replace(&format!("{}/", folder().display()), "");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("0x") {
        let end = rest[at + 2..].find(|c: char| !c.is_ascii_hexdigit()).map_or(rest.len(), |n| at + 2 + n);
        out.push_str(&rest[..at]);
        out.push_str("0x…");
        rest = &rest[end..];
    }
    out.push_str(rest);
    let id = |line: &str| match line.split_once("\"id\": ") {
        Some((before, after)) => {
            format!("{before}\"id\": …{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => line.to_owned(),
    };
    out.lines().map(|line| id(line) + "\n").collect()
}

fn ask(script: &str, question: &str) -> String {
    let mut words = question.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let output = Command::new(env!("CARGO_BIN_EXE_ouro"))
        .current_dir(folder())
        .args(["--color", "never", kind, script])
        .args(words)
        .stdin(Stdio::null())
        .output()
        .expect("ouro starts");
    let mut text = format!("$ ouro {kind} {script}{}\n", question.trim_start().trim_start_matches(kind));
    text.push_str(&masked(&String::from_utf8_lossy(&output.stdout)));
    for line in masked(&String::from_utf8_lossy(&output.stderr)).lines() {
        text.push_str(&format!("! {line}\n"));
    }
    text.push_str(&format!("=> {}\n\n", output.status.code().unwrap_or(-1)));
    text
}

#[test]
fn questions_are_answered_as_recorded() {
    let only = std::env::var("OURO_TEST_ONLY").unwrap_or_default();
    let record = std::env::var_os("OURO_RECORD").is_some();
    let mut scripts: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder of scripts")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "py"))
        .collect();
    scripts.sort();
    let mut wrong = Vec::new();
    for path in scripts {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.contains(&only) {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a script");
        let answers: String = source
            .lines()
            .filter_map(|line| line.strip_prefix("#: "))
            .map(|question| ask(&name, question))
            .collect();
        let file = path.with_extension("out");
        if record {
            fs::write(&file, &answers).expect("a file to write");
            continue;
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if answers != expected {
            wrong.push(format!("{name}: expected\n{expected}\ngot\n{answers}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
