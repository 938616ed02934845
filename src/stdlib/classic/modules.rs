//! Library modules of the classic era: small ones in Python 2, written for this, and the modern ones behind them.

/// Modules in the classic dialect, by name.
static SOURCES: &[(&str, &str)] = &[
    ("types", include_str!("lib/types.py")),
    ("weakref", include_str!("lib/weakref.py")),
    ("traceback", include_str!("lib/traceback.py")),
    ("StringIO", include_str!("lib/StringIO.py")),
    ("cStringIO", include_str!("lib/StringIO.py")),
    ("copy", include_str!("lib/copy.py")),
    ("contextlib", include_str!("lib/contextlib.py")),
];

/// The source of a classic library module.
pub fn source(name: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Whether the file that a source is read from belongs to the modern library, and is in the modern dialect.
pub fn is_modern(filename: &str) -> bool {
    filename.starts_with("<frozen ") || filename.contains("/lib/python3") || filename.starts_with("<library>")
}
