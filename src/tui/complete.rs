//! Whether what was typed can be run, or goes on in the next line.
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// Whether input is complete, as CPython's REPL sees it: a block ends with an empty line, a simple statement with
/// its line. Broken input is complete too: it is run and gives its SyntaxError.
pub fn is_complete(source: &str) -> bool {
    let trimmed = source.trim_end_matches([' ', '\t', '\n']);
    if trimmed.is_empty() {
        return true;
    }
    if source.ends_with('\\') {
        return false;
    }
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let blank_line = source.rsplit_once('\n').is_some_and(|(_, last)| last.trim().is_empty());
    if let Some(error) = parsed.errors().first() {
        let words = error.error.to_string();
        let from = source.get(error.location.start().into()..).unwrap_or_default();
        let opening = from.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let unclosed =
            words.contains("unexpected EOF") || opening.starts_with("'''") || opening.starts_with("\"\"\"");
        let at_end = usize::from(error.location.start()) >= trimmed.len();
        return !(unclosed || at_end) || (blank_line && !unclosed && words.contains("indented block"));
    }
    let Some(module) = parsed.syntax().as_module() else { return true };
    match module.body.last() {
        // `if x: y` could still be followed by `else`: CPython waits for an empty line there too.
        Some(last) if is_compound(last) => blank_line,
        _ => true,
    }
}

fn is_compound(statement: &ruff_python_ast::Stmt) -> bool {
    use ruff_python_ast::Stmt;
    matches!(
        statement,
        Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
    )
}

#[cfg(test)]
mod tests {
    use super::is_complete;

    #[test]
    fn blocks_wait_for_an_empty_line() {
        for (source, complete) in [
            ("", true),
            ("x = 1", true),
            ("x = (1,", false),
            ("x = (1,\n2)", true),
            ("def f():", false),
            ("def f():\n    return 1", false),
            ("def f():\n    return 1\n", true),
            ("def f():\n    return 1\n    ", true),
            ("if x: y", false),
            ("if x: y\n", true),
            ("'''a", false),
            ("'''a\n'''", true),
            ("x = 'a", true),
            ("x = )", true),
            ("x = 1 \\", false),
            ("@decorate", false),
            ("import gc; gc.collect()", true),
        ] {
            assert_eq!(is_complete(source), complete, "{source:?}");
        }
    }
}
