//! The embedded standard library: Python sources packed into the binary by `build.rs`.

static INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/library.index"));
static DATA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.data"));

/// The folder that the embedded files seem to lie in; nothing is there.
pub const FOLDER: &str = "<library>";

/// A module of the embedded library.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    pub source: &'static [u8],
    pub is_package: bool,
}

/// The source of a module by its full name.
pub fn find(name: &str) -> Option<Embedded> {
    let lines = lines();
    let at = lines.binary_search_by(|line| line.split('\t').next().unwrap_or("").cmp(name)).ok()?;
    let mut fields = lines[at].split('\t').skip(1);
    let offset: usize = fields.next()?.parse().ok()?;
    let length: usize = fields.next()?.parse().ok()?;
    let is_package = fields.next()? == "1";
    Some(Embedded { source: DATA.get(offset..offset + length)?, is_package })
}

fn lines() -> &'static [&'static str] {
    static LINES: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    LINES.get_or_init(|| INDEX.lines().collect())
}

/// The name that a module's file has in tracebacks and in `__file__`.
pub fn file_name(name: &str, is_package: bool) -> String {
    let path = name.replace('.', "/");
    if is_package { format!("{FOLDER}/{path}/__init__.py") } else { format!("{FOLDER}/{path}.py") }
}

/// The source behind a name made by [`file_name`], for tracebacks.
pub fn source_of_file(file: &str) -> Option<&'static [u8]> {
    let path = file.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(".py")?;
    let name = path.strip_suffix("/__init__").unwrap_or(path).replace('/', ".");
    find(&name).map(|embedded| embedded.source)
}

/// Names of all modules, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    lines().iter().filter_map(|line| line.split('\t').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_by_name() {
        let os = find("os").expect("os is part of the library");
        assert!(!os.is_package && os.source.starts_with(b"r\"\"\"OS routines"));
        assert!(find("collections").is_some_and(|found| found.is_package));
        assert!(find("collections.abc").is_some_and(|found| !found.is_package));
        assert!(find("no.such").is_none());
        assert!(source_of_file(&file_name("json", true)).is_some());
        assert!(source_of_file(&file_name("abc", false)).is_some());
    }
}
