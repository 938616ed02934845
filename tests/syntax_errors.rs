//! Broken programs: class, message, line and offset of the error as the reference gives them.
//!
//! `tests/syntax_errors/record.py` writes the expectations; `OURO_SYNTAX_CASES` names another file
//! to check against, with every difference printed.

use ouro::syntax::{Mode, parse};

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('x') => {
                    let code: String = chars.by_ref().take(2).collect();
                    out.extend(u8::from_str_radix(&code, 16).ok().map(char::from));
                }
                other => out.extend(other),
            },
            _ => out.push(char),
        }
    }
    out
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        match char {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if (char as u32) < 32 || (127..0xa1).contains(&(char as u32)) => {
                out.push_str(&format!("\\x{:02x}", char as u32));
            }
            _ => out.push(char),
        }
    }
    out
}

#[test]
fn errors_are_the_reference_s() {
    let path = std::env::var("OURO_SYNTAX_CASES");
    let verbose = path.is_ok();
    let path =
        path.unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/syntax_errors/cases.txt").into());
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (mut total, mut agreed, mut exact) = (0, 0, 0);
    for pair in lines.chunks(2) {
        let [source, expected] = pair else { continue };
        let (mode, source) = source.split_once('\t').unwrap();
        let mode = match mode {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            _ => Mode::Single,
        };
        let got = match parse(&unescape(source), "t.py", mode) {
            Ok(_) => "ok".to_string(),
            Err(error) => {
                let number = |value: Option<i64>| value.map_or("-".to_string(), |value| value.to_string());
                format!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    error.kind.class_name(),
                    escape(&error.message),
                    number(error.lineno),
                    number(error.offset),
                    number(error.end_lineno),
                    number(error.end_offset),
                    error.text.map_or("-".to_string(), |text| escape(&text)),
                )
            }
        };
        total += 1;
        let main = |verdict: &str| verdict.split('\t').take(4).collect::<Vec<_>>().join("\t");
        if got == *expected {
            exact += 1;
        }
        if main(&got) == main(expected) {
            agreed += 1;
            if verbose && got != *expected {
                println!("minor {source}\n   ours {got}\n   its  {expected}");
            }
        } else if verbose {
            println!("DIFFERS {source}\n   ours {got}\n   its  {expected}");
        }
    }
    println!("{agreed} of {total} agree, {exact} in every field");
    assert!(agreed * 100 >= total * 95, "{agreed} of {total} agree");
}

/// Every file below `OURO_LIB_DIR` must be accepted (or refused) as the reference does; the verdicts
/// come from `OURO_LIB_VERDICTS`, lines of `ok|error<TAB>path`.
#[test]
#[ignore = "needs a library and its verdicts"]
fn library_verdicts() {
    let (Ok(list), mut wrong) = (std::env::var("OURO_LIB_VERDICTS"), 0) else { return };
    for line in std::fs::read_to_string(list).unwrap().lines() {
        let (verdict, path) = line.split_once('\t').unwrap();
        let bytes = std::fs::read(path).unwrap();
        let started = std::time::Instant::now();
        let result = ouro::syntax::decode_source(&bytes, path, ouro::syntax::Origin::Bytes)
            .and_then(|source| parse(&source, path, Mode::Exec).map(|_| ()));
        let elapsed = started.elapsed();
        if elapsed.as_millis() > 2000 {
            println!("slow {path} {elapsed:?}");
        }
        let ours = result.as_ref().map_or_else(|error| error.to_string(), |()| "ok".to_string());
        if (verdict == "ok") != result.is_ok() {
            wrong += 1;
            println!("WRONG {path} reference {verdict} ours {ours}");
        }
    }
    assert_eq!(wrong, 0);
}

/// Broken programs that would take exponential time or deep native stacks without care.
#[test]
fn hostile_sources_are_answered_soon() {
    let cases = [
        "[".repeat(190) + "x" + &"]".repeat(190) + " y",
        "{".repeat(150),
        "(".repeat(500),
        "{1:".repeat(150) + "a b",
        "[{".repeat(90) + "x y" + &"}]".repeat(90),
        "f(".repeat(150) + "a b" + &")".repeat(150),
        "f(a=".repeat(100) + "1 2" + &")".repeat(100),
        "lambda x: ".repeat(1500) + "a b",
        "-".repeat(100_000) + "x",
        "-".repeat(300_000) + "x",
        "+".repeat(300_000),
        "x".to_string() + &".a".repeat(300_000),
        "x".to_string() + &"()".repeat(30_000) + " y",
        "not ".repeat(50_000) + "x",
        "a+".repeat(50_000) + "b",
        "a.".repeat(50_000) + "b",
        "a if b else ".repeat(5_000) + "c d",
        "x = ".repeat(20_000) + "1 1",
        "a, ".repeat(30_000) + "b c",
        "(a, ".repeat(150) + "b c",
        "if x:\n pass\n".repeat(5_000) + "a b",
        (0..120).map(|depth| " ".repeat(depth) + "if x:\n").collect::<String>(),
        "f'{".repeat(100) + "x",
        format!("f'{}'", "{x}".repeat(5_000)),
        format!("f'{}' y", "{x}".repeat(5_000)),
        "try:\n pass\n".repeat(300),
        "(yield ".repeat(150) + "x y",
        "x[".repeat(150) + "1 2" + &"]".repeat(150),
        "with (a as b, ".repeat(60) + ": pass",
        "match x:\n case ".to_string() + &"[".repeat(150) + "a b",
        "case(".repeat(60) + "a b" + &")".repeat(60),
        "1 if ".repeat(500) + "x",
        "a = b : ".repeat(100),
        "@a\n".repeat(5_000),
        "((a for b in ".repeat(60) + "c d",
    ];
    for source in cases {
        let started = std::time::Instant::now();
        let _ = parse(&source, "t.py", Mode::Exec);
        let elapsed = started.elapsed();
        let head: String = source.chars().take(12).collect();
        println!("{elapsed:?} {head}");
        assert!(elapsed.as_secs() < 20, "{head} took {elapsed:?}");
    }
}
