//! The command line without a terminal: arguments, standard input, exit statuses, bad input.

mod common;

use std::fs;

use common::{Outcome, command, run};

fn ouro(arguments: &[&str], stdin: &str) -> Outcome {
    let mut command = command();
    command.args(arguments);
    run(command, stdin.as_bytes())
}

#[track_caller]
fn prints(outcome: &Outcome, stdout: &str) {
    assert_eq!((outcome.out().as_str(), outcome.status), (stdout, Some(0)), "it said: {}", outcome.err());
}

#[test]
fn code_modules_and_standard_input() {
    prints(
        &ouro(&["-c", "import sys; print(sys.argv, __name__)", "a", "-b"], ""),
        "['-c', 'a', '-b'] __main__\n",
    );
    prints(&ouro(&["-"], "print('from', 'stdin')\n"), "from stdin\n");
    prints(&ouro(&["-", "x"], "import sys\nprint(sys.argv)\n"), "['-', 'x']\n");
    prints(&ouro(&[], "print(1)\nprint(2)\n"), "1\n2\n");
    prints(&ouro(&["-c", "import sys; print(sys.stdin.read())"], "piped"), "piped\n");
    prints(&ouro(&["-c", "print(input() + input())"], "a\nb\n"), "ab\n");
    prints(&ouro(&["-OO", "-c", "assert False\nprint(__debug__)"], ""), "False\n");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pkg")).unwrap();
    fs::write(folder.path().join("pkg/__init__.py"), "").unwrap();
    fs::write(
        folder.path().join("pkg/__main__.py"),
        "import sys\nprint('main', __package__, sys.argv[1:])\n",
    )
    .unwrap();
    fs::write(folder.path().join("mod.py"), "print(__name__, __file__.endswith('mod.py'))\n").unwrap();
    let in_folder = |arguments: &[&str]| {
        let mut command = command();
        command.arg("-B").args(arguments).current_dir(folder.path());
        run(command, b"")
    };
    prints(&in_folder(&["-m", "mod"]), "__main__ True\n");
    prints(&in_folder(&["-m", "pkg", "--flag"]), "main pkg ['--flag']\n");
    prints(&in_folder(&["pkg"]), "main  []\n");
    let missing = in_folder(&["-m", "missing_module"]);
    assert_eq!(missing.status, Some(1));
    assert!(missing.err().contains("No module named missing_module"), "{}", missing.err());
}

#[test]
fn exit_statuses_are_pythons() {
    for (code, status) in [
        ("pass", 0),
        ("raise SystemExit", 0),
        ("raise SystemExit(5)", 5),
        ("import sys; sys.exit('message')", 1),
        ("raise SystemExit(300)", 300 & 0xff),
        ("raise SystemExit(-1)", 255),
        ("1/0", 1),
        ("x = = 1", 1),
        ("import os; os._exit(9)", 9),
    ] {
        let outcome = ouro(&["-c", code], "");
        assert_eq!(outcome.status, Some(status), "{code}: {}", outcome.err());
    }
}

#[test]
fn mistakes_on_the_command_line() {
    for arguments in [&["--nonsense"][..], &["-c"], &["--era", "4.0"], &["--memory-limit", "x", "-c", "1"]] {
        let outcome = ouro(arguments, "");
        assert_eq!(outcome.status, Some(2), "{arguments:?}");
        assert!(!outcome.err().is_empty());
    }
    let outcome = ouro(&["no_such_file.py"], "");
    assert_eq!(outcome.status, Some(2));
    assert!(
        outcome.err().contains("no_such_file.py': [Errno 2] No such file or directory"),
        "{}",
        outcome.err()
    );
    let folder = tempfile::tempdir().unwrap();
    let outcome = ouro(&[&folder.path().to_string_lossy()], "");
    assert_eq!(outcome.status, Some(1));
    assert!(outcome.err().contains("can't find '__main__' module"), "{}", outcome.err());
    let help = ouro(&["--help"], "");
    assert!(help.status == Some(0) && help.out().contains("step FILE"));
    let version = ouro(&["-V"], "");
    assert!(version.out().starts_with("ouro ") && version.out().contains("3.11.7"));
}

#[test]
fn interactive_without_a_terminal() {
    let outcome = ouro(&["-i", "-q", "-c", "x = 20"], "x + 1\ndef f():\n    return x\n\nf() * 2\n1/0\nx\n");
    assert_eq!(outcome.out(), "21\n40\n20\n", "{}", outcome.err());
    assert!(outcome.err().contains(">>> ") && outcome.err().contains("ZeroDivisionError"));
    assert_eq!(outcome.status, Some(0));
}

#[test]
fn broken_input_never_breaks_it() {
    let deep = "[".repeat(5000);
    let nested = format!("x = {}{}", "(".repeat(300), ")".repeat(300));
    for code in [
        deep.as_str(),
        nested.as_str(),
        "def f(): f()\nf()",
        "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
        "x = []\nfor i in range(100000): x = [x]\nrepr(x)",
        "x = []\nfor i in range(100000): x = [x]\nx == x[:]",
        "int('9' * 10000)",
        "'a' * (1 << 62)",
        "[0] * (1 << 60)",
        "bytes(1 << 62)",
        "range(10**30)[10**29:][::-1].index(5)",
        "eval('(' * 1000)",
        "eval('-' * 5000 + '1')",
        "compile('x=1\\n' * 10, 'f', 'exec').replace(co_code=b'')",
        "import marshal; marshal.loads(b'\\xff' * 100)",
        "'\\ud800'.encode()",
        "import sys; sys.setrecursionlimit(10**6)\ndef f(): return f()\nf()",
    ] {
        let outcome = ouro(&["-c", code], "");
        let shown: String = code.chars().take(60).collect();
        assert!(matches!(outcome.status, Some(0 | 1)), "{shown}: {:?} {}", outcome.status, outcome.err());
    }
    for bytes in [&b"\xff\xfe"[..], b"x = '\0'", b"# coding: nonsense\n", b"\xef\xbb\xbfprint(1)", b"", b"\\"]
    {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("script.py");
        fs::write(&script, bytes).unwrap();
        let outcome = ouro(&[&script.to_string_lossy()], "");
        assert!(matches!(outcome.status, Some(0 | 1)), "{bytes:?}: {:?} {}", outcome.status, outcome.err());
    }
}

#[test]
fn memory_has_a_limit() {
    let outcome = ouro(
        &[
            "--memory-limit",
            "64M",
            "-c",
            "x = []\ntry:\n    while True: x.append('y' * 100000 + str(len(x)))\nexcept MemoryError:\n    del x\n    print('limit')",
        ],
        "",
    );
    prints(&outcome, "limit\n");
}

#[test]
fn output_that_nobody_reads() {
    use std::io::Read;
    use std::process::Stdio;
    let mut command = command();
    command.args(["-c", "for i in range(100000): print('x' * 80)"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 80];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    let status = child.wait().unwrap();
    assert!(!status.success() && words.contains("BrokenPipeError"), "{status:?} {words}");
}
