//! `ouro record`: the page that replays a run holds the whole run, and asks for nothing from outside.
mod common;

use std::fs;

use common::command;

const SCRIPT: &str = "\
class Node:
    def __init__(self, name):
        self.name = name

def pair():
    a, b = Node('a'), Node('b')
    a.other, b.other = b, a

pair()
import gc
print('</script> found', gc.collect())
";

/// Records a script; the page, the script's output, the exit status.
fn record(script: &str, more: &[&str]) -> (String, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let (path, page) = (folder.path().join("pair.py"), folder.path().join("run.html"));
    fs::write(&path, script).unwrap();
    let output = command().arg("record").args(more).arg("-o").arg(&page).arg(&path).output().unwrap();
    let html = fs::read_to_string(&page).unwrap_or_default();
    (html, String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

/// The part of the data between two keys.
fn part<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
}

fn steps(html: &str) -> Vec<&str> {
    part(html, "\"steps\":[\n", "\n]}").split(",\n").collect()
}

#[test]
fn the_whole_run_is_in_the_page() {
    let (html, printed, status) = record(SCRIPT, &[]);
    assert_eq!((printed.as_str(), status), ("</script> found 2\n", Some(0)));
    let steps = steps(&html);
    // Lines 1, 1 and 2 (the class), 5, 9, 6, 3, 3, 7, 10, 11 and the end.
    assert_eq!(steps.len(), 12, "{steps:#?}");
    assert!(steps[11].contains("\"p\":[[0,\"\\u003c/script> found 2\\n\"]]"), "{}", steps[11]);
    assert!(steps[11].contains("\"z\":0"), "{}", steps[11]);
    let texts = part(&html, "\"texts\":[", "],\"values\"");
    for text in
        ["\"Node\"", "\".other\"", "gc.collect(2): 2 unreachable, 2 collected, 0 uncollectable", "Node #"]
    {
        assert!(texts.contains(text), "{text} is not in {texts}");
    }
}

#[test]
fn the_page_stands_alone() {
    let (html, ..) = record(SCRIPT, &[]);
    let html = html.replace("http://www.w3.org/2000/svg", "");
    for outside in ["http:", "https:", "src=", "href=", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert_eq!(html.matches("</script>").count(), 2, "the program's texts end no element");
}

#[test]
fn a_long_run_is_cut_and_goes_on() {
    let (html, printed, status) =
        record("for i in range(100):\n    x = i\nprint(x)\nraise SystemExit(3)\n", &["--steps", "20"]);
    assert_eq!((printed.as_str(), status), ("99\n", Some(3)));
    assert!(html.contains("\"cut\":true"));
    // The end is one more.
    assert_eq!(steps(&html).len(), 21);
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.py");
    fs::write(&path, "x = 1\n").unwrap();
    let page = folder.path().join("no").join("run.html");
    let output = command().arg("record").arg("-o").arg(&page).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("the recording cannot be written to") && message.contains("No such file"),
        "{message}"
    );
}
