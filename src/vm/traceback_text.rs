//! The lines of a traceback: places, source lines, anchors under the part that failed.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::Ctx;
use super::traceback::TracebackObject;
use crate::code::location::Location;
use crate::memory::{Object, Ref};
use crate::objects::str::StrBuilder;
use crate::objects::{IntObject, ListObject, StrObject, types};

/// So many equal entries in a row are shown; the rest is summed up.
const RECURSIVE_CUTOFF: usize = 3;

/// Appends a traceback after its header. Each line begins with `indent` and `margin`. With
/// `sys.tracebacklimit` at zero or less, nothing is appended, the header neither.
pub fn push_traceback(
    cx: Ctx,
    out: &mut StrBuilder,
    traceback: &Object,
    indent: &str,
    margin: &str,
    header: &str,
) {
    let limit = match cx.sys_attr("tracebacklimit") {
        Some(limit) if limit.is_instance(types().int) => match limit.downcast::<IntObject>() {
            Some(int) => int.as_i64().unwrap_or(if int.is_negative() { 0 } else { i64::MAX }),
            None => 1000,
        },
        _ => 1000,
    };
    let Some(limit) = usize::try_from(limit).ok().filter(|&limit| limit > 0) else { return };
    forget_sources();
    out.push_str(header);
    let margin = format!("{indent}{margin}");
    let mut depth = 0;
    let mut cursor = Some(traceback.to_ref());
    while let Some(entry) = cursor {
        depth += 1;
        cursor = entry.downcast::<TracebackObject>().and_then(|entry| entry.next.get());
    }
    let mut cursor = Some(traceback.to_ref());
    let mut last: Option<(usize, usize, i32)> = None;
    let mut repeats = 0;
    let mut left = depth;
    while let Some(entry) = cursor {
        let Some(entry) = entry.downcast::<TracebackObject>() else { break };
        if left > limit {
            left -= 1;
            cursor = entry.next.get();
            continue;
        }
        let Some(frame) = entry.frame.get() else { break };
        let code = frame.frame().code();
        let line = match entry.line.get() {
            -1 => code.line_of(entry.lasti.get()).unwrap_or(-1),
            line => line,
        };
        let key = (code.filename.as_object().address(), code.name.as_object().address(), line);
        if last != Some(key) {
            push_repeats(out, repeats, &margin);
            last = Some(key);
            repeats = 0;
        }
        repeats += 1;
        if repeats <= RECURSIVE_CUTOFF {
            let location = code.location_of(entry.lasti.get());
            push_entry(cx, out, &code.filename, &code.name, line, &location, &margin);
        }
        cursor = entry.next.get();
    }
    push_repeats(out, repeats, &margin);
}

fn push_repeats(out: &mut StrBuilder, repeats: usize, margin: &str) {
    if repeats > RECURSIVE_CUTOFF {
        let more = repeats - RECURSIVE_CUTOFF;
        let plural = if more == 1 { "" } else { "s" };
        out.push_str(&format!("{margin}  [Previous line repeated {more} more time{plural}]\n"));
    }
}

fn push_entry(
    cx: Ctx,
    out: &mut StrBuilder,
    filename: &StrObject,
    name: &StrObject,
    line: i32,
    location: &Location,
    margin: &str,
) {
    out.push_str(margin);
    out.push_str("  File \"");
    out.push_obj(filename);
    out.push_str(&format!("\", line {line}, in "));
    out.push_obj(name);
    out.push_char('\n');
    let Some(source) = source_line(cx, filename, line) else { return };
    out.push_str(margin);
    out.push_str("    ");
    out.push_str(source.trim_start_matches([' ', '\t', '\x0c']));
    out.push_char('\n');
    if !crate::era::is_classic()
        && let Some(carets) = carets(&source, location)
    {
        out.push_str(margin);
        out.push_str(&carets);
        out.push_char('\n');
    }
}

/// The marks below a source line; `None` when the whole line would be marked, or the place is not
/// known.
fn carets(source: &str, location: &Location) -> Option<String> {
    let (line, end_line) = (location.line?, location.end_line?);
    let start = u32::try_from(location.col?).ok()?;
    let end = u32::try_from(location.end_col?).ok()?;
    crate::syntax::caret_line(source, start, end, line == end_line, crate::syntax::Marks::Interpreter)
}

struct CachedSource {
    path: PathBuf,
    lines: Rc<Vec<String>>,
}

thread_local! {
    /// The file that was shown last: tracebacks show many lines of few files.
    static LAST: RefCell<Option<CachedSource>> = const { RefCell::new(None) };
}

/// Files change between two tracebacks: each reads anew.
fn forget_sources() {
    LAST.with(|last| *last.borrow_mut() = None);
}

/// A line of a source file, without its end, if the file can be found.
pub(super) fn source_line(cx: Ctx, filename: &StrObject, line: i32) -> Option<String> {
    let name = filename.to_utf8()?;
    if name.starts_with('<') && name.ends_with('>') {
        return None;
    }
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    if let Some(source) = crate::stdlib::library::source_of_file(&name) {
        return std::str::from_utf8(source).ok()?.lines().nth(index).map(str::to_string);
    }
    let path = find_file(cx, Path::new(name.as_ref()))?;
    let lines = read_lines(&path)?;
    lines.get(index).cloned()
}

/// The file itself, or one of its name in a folder of `sys.path`.
fn find_file(cx: Ctx, path: &Path) -> Option<PathBuf> {
    if super::outside::is_file(path) {
        return Some(path.to_path_buf());
    }
    let tail = path.file_name()?;
    let folders: Vec<Ref> = cx.sys_attr("path")?.downcast::<ListObject>()?.to_vec();
    folders
        .iter()
        .filter_map(|folder| {
            folder.downcast::<StrObject>()?.to_utf8().map(|f| Path::new(f.as_ref()).join(tail))
        })
        .find(|candidate| super::outside::is_file(candidate))
}

fn read_lines(path: &Path) -> Option<Rc<Vec<String>>> {
    let cached = LAST.with(|last| {
        last.borrow().as_ref().filter(|source| source.path == path).map(|source| source.lines.clone())
    });
    if let Some(lines) = cached {
        return Some(lines);
    }
    let bytes = super::outside::read_file(path).ok()?;
    let text = crate::syntax::decode_source(&bytes, "", crate::syntax::Origin::Script).ok()?;
    let lines: Rc<Vec<String>> =
        Rc::new(text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_string).collect());
    LAST.with(|last| {
        *last.borrow_mut() = Some(CachedSource { path: path.to_path_buf(), lines: lines.clone() })
    });
    Some(lines)
}

use crate::memory::Layout as _;
