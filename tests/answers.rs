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
    out.lines().map(|line| hide_numbers(line) + "\n").collect()
}

/// Numbers that change whenever the library does: what imports make, how many objects there are of a built-in type.
fn hide_numbers(line: &str) -> String {
    for key in ["\"id\": ", "\"imported\": ", "\"imported_bytes\": "] {
        if let Some((before, after)) = line.split_once(key) {
            return format!("{before}{key}…{}", after.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
    }
    if line.starts_with("not counted: what imports made") {
        return "not counted: what imports made, …".to_owned();
    }
    if line.starts_with("marked ") {
        return "marked … live objects".to_owned();
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    if let [new, gone, _, bytes, name] = words.as_slice()
        && new.starts_with('+')
        && gone.starts_with('-')
    {
        return format!("{new} {gone} … {bytes} {name}");
    }
    line.to_owned()
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

fn ouro(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_ouro"))
        .current_dir(folder())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("ouro starts")
}

/// The numbers of a flat array of a `.heapsnapshot`.
fn array(text: &str, name: &str) -> Vec<u64> {
    let begin = text.find(&format!("\"{name}\":[")).expect("the array") + name.len() + 4;
    let end = begin + text[begin..].find(']').expect("its end");
    text[begin..end].split(',').map(|number| number.trim().parse().expect("a number")).collect()
}

#[test]
fn a_heap_snapshot_has_the_documented_structure() {
    let file = std::env::temp_dir().join(format!("ouro-answers-{}.heapsnapshot", std::process::id()));
    let name = file.to_string_lossy().into_owned();
    let output = ouro(&["snapshot", "graph.py", "--at", "16", "-o", &name]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&file).expect("the snapshot");
    fs::remove_file(&file).expect("it can be removed");
    let count = |name: &str| -> usize {
        let after = text.split_once(&format!("\"{name}\":")).expect("a count").1;
        after.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok()).expect("a number")
    };
    let (nodes, edges) = (array(&text, "nodes"), array(&text, "edges"));
    let strings = text.split_once("\"strings\":[").expect("strings").1.lines().count();
    assert_eq!((nodes.len(), edges.len()), (count("node_count") * 7, count("edge_count") * 3));
    assert!(count("node_count") > 1000);
    // Each node: type, name, id, own size, how many edges, 0, 0. Ids are odd and each is used once.
    let mut ids: Vec<u64> = nodes.chunks(7).map(|node| node[2]).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count("node_count"));
    for node in nodes.chunks(7) {
        assert!(node[0] < 15 && (node[1] as usize) < strings && node[2] % 2 == 1, "{node:?}");
    }
    assert_eq!(nodes.chunks(7).map(|node| node[4]).sum::<u64>() as usize, count("edge_count"));
    // Each edge: type, name or index, where its end begins in the nodes.
    for edge in edges.chunks(3) {
        assert!(edge[0] < 7 && edge[2] % 7 == 0 && (edge[2] as usize) < nodes.len(), "{edge:?}");
        assert!(edge[0] == 1 || (edge[1] as usize) < strings, "{edge:?}");
    }
    // The root is the first node, and everything below it is reached from there.
    assert_eq!(nodes[0], 9);
    for name in ["ClassA", "(GC roots)", "__main__"] {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn pictures_are_written() {
    for (end, signs) in [
        ("svg", ["<svg xmlns", "class=\"cycle\"", "ClassA #1", "</svg>"]),
        ("dot", ["digraph", "n0 -> n1", ".name = 'first'", "}"]),
    ] {
        let file = std::env::temp_dir().join(format!("ouro-answers-{}.{end}", std::process::id()));
        let name = file.to_string_lossy().into_owned();
        let output = ouro(&["graph", "graph.py", "--at", "end", "c1", "-o", &name]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = fs::read_to_string(&file).expect("the picture");
        fs::remove_file(&file).expect("it can be removed");
        for sign in signs {
            assert!(text.contains(sign), "{sign} in {text}");
        }
    }
}

#[test]
fn commands_of_the_prompt_answer_as_recorded() {
    let typed = fs::File::open(folder().join("commands.in")).expect("what is typed");
    let output = Command::new(env!("CARGO_BIN_EXE_ouro"))
        .args(["-i", "-q", "--plain", "--color", "never"])
        .stdin(typed)
        .output()
        .expect("ouro starts");
    let text = masked(&String::from_utf8_lossy(&output.stdout));
    let file = folder().join("commands.out");
    if std::env::var_os("OURO_RECORD").is_some() {
        fs::write(&file, &text).expect("a file to write");
        return;
    }
    assert_eq!(text, fs::read_to_string(&file).unwrap_or_default());
}
