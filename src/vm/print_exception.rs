//! Showing exceptions as CPython 3.11's `PyErr_Display` does: tracebacks with source lines and
//! anchors, chains, groups, notes, suggestions.
//!
//! The text is gathered first and written in one piece. Whatever a program's `__str__` or
//! `__notes__` do wrong on the way, something is printed; nothing is left pending.

use super::Ctx;
use super::suggestions;
use super::traceback_text;
use crate::memory::{Object, Ref};
use crate::objects::exceptions::ExceptionObject;
use crate::objects::str::StrBuilder;
use crate::objects::{IntObject, PyResult, StrObject, TupleObject, TypeObject, exceptions, names, types};

const CAUSE: &str = "The above exception was the direct cause of the following exception:\n";
const CONTEXT: &str = "During handling of the above exception, another exception occurred:\n";
/// Sub-exceptions shown of one group.
const MAX_GROUP_WIDTH: usize = 15;
/// Groups shown inside one another.
const MAX_GROUP_DEPTH: usize = 10;
/// How many exceptions of a chain are followed on the native stack.
const MAX_CHAIN: usize = 2000;

/// The text that [`print_exception`] writes.
pub fn format_exception(cx: Ctx, exception: &Object) -> Ref<StrObject> {
    cx.with_exception_saved(|| {
        let mut printer = Printer::new(cx);
        printer.recursive(exception);
        printer.out.finish()
    })
}

/// As [`format_exception`], and whether everything could be shown.
fn try_format_exception(cx: Ctx, exception: &Object) -> (Ref<StrObject>, bool) {
    cx.with_exception_saved(|| {
        let mut printer = Printer::new(cx);
        printer.recursive(exception);
        let failed = printer.failed;
        (printer.out.finish(), !failed)
    })
}

/// What is said, past `sys.stderr`, of an exception that could not be shown there.
fn dump(cx: Ctx, value: &Object) {
    let count = value.refcount();
    let shown = cx.with_exception_saved(|| match cx.repr(value) {
        Ok(shown) => shown.to_string_lossy(),
        Err(raised) => {
            cx.clear_exception(raised);
            String::new()
        }
    });
    let (ty, name) = (value.ty().as_object().address(), value.ty().tp_name().to_string());
    super::sys_attr::write_raw_stderr(&format!(
        "object address  : {:#x}\nobject refcount : {count}\nobject type     : {ty:#x}\n\
         object type name: {name}\nobject repr     : {shown}\nlost sys.stderr\n",
        value.address()
    ));
}

/// Shows an exception on `sys.stderr`: what `sys.excepthook` does at the start.
pub fn print_exception(cx: Ctx, exception: &Object) {
    let file = match cx.sys_attr("stderr") {
        None => return dump(cx, exception),
        Some(file) if cx.is_none(&file) => return,
        Some(file) => file,
    };
    let (text, complete) = try_format_exception(cx, exception);
    let written = cx.with_exception_saved(|| {
        let written = cx.write_to(&file, &text).map_err(|raised| cx.clear_exception(raised));
        cx.flush_quietly(&file);
        written.is_ok()
    });
    if !written || !complete {
        dump(cx, exception);
    }
}

/// `sys.excepthook(type, value, traceback)`.
pub fn excepthook(cx: Ctx, _ty: &Object, value: &Object, traceback: &Object) {
    if let Some(exception) = value.downcast::<ExceptionObject>()
        && traceback.is_instance(types().traceback)
        && exception.traceback.is_empty()
    {
        exception.traceback.set(Some(traceback.to_ref()));
    }
    print_exception(cx, value);
}

/// An exception reached the top of the program: sets `sys.last_type` and its kin when
/// `set_last` and calls `sys.excepthook` (`PyErr_PrintEx`, but for `SystemExit`). Gives back the
/// `SystemExit` that the hook raised, if it did.
pub fn report_uncaught(cx: Ctx, exception: Ref<ExceptionObject>, set_last: bool) -> Option<Ref> {
    let ty = exception.object.ty().to_object();
    let traceback = exception.traceback.get().unwrap_or_else(|| cx.none());
    let args = [ty, exception.into_object(), traceback];
    if set_last {
        for (name, object) in ["last_type", "last_value", "last_traceback"].iter().zip(&args) {
            if let Err(raised) = cx.set_sys_attr(name, Some(object.clone())) {
                cx.clear_exception(raised);
            }
        }
    }
    let Some(hook) = cx.sys_attr("excepthook") else {
        cx.write_stderr("sys.excepthook is missing\n");
        print_exception(cx, &args[1]);
        return None;
    };
    if let Err(raised) = cx.call(&hook, &args) {
        let second = cx.take_exception(raised);
        if second.object.is_instance(exceptions().system_exit) {
            return Some(second.into_object());
        }
        cx.write_stderr("Error in sys.excepthook:\n");
        print_exception(cx, second.as_object());
        cx.write_stderr("\nOriginal exception was:\n");
        print_exception(cx, &args[1]);
    }
    None
}

/// Appends a traceback with its header, as the unraisable hook shows it.
pub fn push_traceback(cx: Ctx, out: &mut StrBuilder, traceback: &Object) {
    let header = "Traceback (most recent call last):\n";
    traceback_text::push_traceback(cx, out, traceback, "", "", header);
}

/// Appends the name of an exception type, with its module unless that is `builtins` or
/// `__main__`.
pub fn push_type_name(cx: Ctx, out: &mut StrBuilder, ty: &Object) {
    match cx.get_attr(ty, &names().module) {
        Ok(module) => match module.downcast::<StrObject>() {
            Some(module) if module.eq_str("builtins") => {}
            Some(module) if module.eq_str("__main__") && !crate::era::is_classic() => {}
            Some(module) => {
                out.push_obj(module);
                out.push_char('.');
            }
            None => out.push_str("<unknown>."),
        },
        Err(raised) => {
            cx.clear_exception(raised);
            out.push_str("<unknown>.");
        }
    }
    match ty.downcast::<TypeObject>() {
        Some(ty) if crate::era::is_classic() => out.push_str(&ty.name_text()),
        Some(ty) => match ty.qualname.get().or_else(|| ty.name.get()) {
            Some(name) => out.push_obj(&name),
            None => out.push_str(&ty.name_text()),
        },
        None => out.push_str("<unknown>"),
    }
}

struct Printer {
    cx: Ctx,
    out: StrBuilder,
    /// Addresses of the exceptions shown so far: no chain is followed twice.
    seen: Vec<usize>,
    /// How deep in exception groups the text stands; 0 outside.
    depth: usize,
    /// The frame around a group's members is still open.
    need_close: bool,
    /// Something could not be asked of an exception: nothing more is shown.
    failed: bool,
}

impl Printer {
    fn new(cx: Ctx) -> Self {
        Printer { cx, out: StrBuilder::new(), seen: Vec::new(), depth: 0, need_close: false, failed: false }
    }

    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    fn margin(&self) -> &'static str {
        if self.depth > 0 { "| " } else { "" }
    }

    fn push_margin(&mut self) {
        let indent = self.indent();
        self.out.push_str(&indent);
        let margin = self.margin();
        self.out.push_str(margin);
    }

    /// An exception after those it came from.
    fn recursive(&mut self, value: &Object) {
        if self.failed {
            return;
        }
        let Ok(_guard) = self.cx.enter_recursion(" in print_exception_recursive").map_err(|raised| {
            self.cx.clear_exception(raised);
        }) else {
            return;
        };
        if value.is_instance(exceptions().base_exception) {
            self.chain(value);
        }
        if self.failed {
            return;
        }
        if value.is_instance(exceptions().base_exception_group) {
            self.group(value);
        } else {
            self.single(value);
        }
    }

    fn chain(&mut self, value: &Object) {
        if self.seen.len() >= MAX_CHAIN {
            return;
        }
        self.seen.push(value.address());
        let Some(exception) = value.downcast::<ExceptionObject>() else { return };
        let (link, message) = match exception.cause.get() {
            Some(cause) => (cause, CAUSE),
            None if exception.suppress_context.get() => return,
            None => match exception.context.get() {
                Some(context) => (context, CONTEXT),
                None => return,
            },
        };
        if self.seen.contains(&link.address()) {
            return;
        }
        let need_close = std::mem::replace(&mut self.need_close, false);
        self.recursive(&link);
        if self.failed {
            return;
        }
        self.need_close = need_close;
        self.push_margin();
        self.out.push_char('\n');
        self.push_margin();
        self.out.push_str(message);
        self.push_margin();
        self.out.push_char('\n');
    }

    fn group(&mut self, value: &Object) {
        if self.depth > MAX_GROUP_DEPTH {
            self.push_margin();
            self.out.push_str(&format!("... (max_group_depth is {MAX_GROUP_DEPTH})\n"));
            return;
        }
        if self.depth == 0 {
            self.depth = 1;
        }
        self.single(value);
        let members = self.members(value);
        let shown = members.len().min(MAX_GROUP_WIDTH + 1);
        self.need_close = false;
        for index in 0..shown {
            if self.failed {
                return;
            }
            let is_last = index + 1 == shown;
            if is_last {
                // A group inside may close the frame for us.
                self.need_close = true;
            }
            let truncated = index >= MAX_GROUP_WIDTH;
            let indent = self.indent();
            self.out.push_str(&indent);
            self.out.push_str(if index == 0 { "+-" } else { "  " });
            let label = if truncated { "...".to_string() } else { (index + 1).to_string() };
            self.out.push_str(&format!("+---------------- {label} ----------------\n"));
            self.depth += 1;
            match members.get(index) {
                Some(member) if !truncated => self.recursive(member),
                _ => {
                    let rest = members.len() - MAX_GROUP_WIDTH;
                    self.push_margin();
                    let plural = if rest == 1 { "" } else { "s" };
                    self.out.push_str(&format!("and {rest} more exception{plural}\n"));
                }
            }
            if is_last && self.need_close {
                let indent = self.indent();
                self.out.push_str(&indent);
                self.out.push_str("+------------------------------------\n");
                self.need_close = false;
            }
            self.depth -= 1;
        }
        if self.depth == 1 {
            self.depth = 0;
        }
    }

    fn members(&self, group: &Object) -> Vec<Ref> {
        let found = self.cx.get_attr_str(group, "exceptions");
        match found {
            Ok(members) => members.downcast::<TupleObject>().map_or(Vec::new(), |m| m.as_slice().to_vec()),
            Err(raised) => {
                self.cx.clear_exception(raised);
                Vec::new()
            }
        }
    }

    fn single(&mut self, value: &Object) {
        let cx = self.cx;
        let Some(exception) = value.downcast::<ExceptionObject>() else {
            let name = value.ty().tp_name();
            self.push_margin();
            self.out.push_str("TypeError: print_exception(): Exception expected for value, ");
            self.out.push_str(&name);
            self.out.push_str(" found\n");
            return;
        };
        if let Some(traceback) = exception.traceback.get() {
            let is_group = value.is_instance(exceptions().base_exception_group);
            let header = if is_group {
                "Exception Group Traceback (most recent call last):\n"
            } else {
                "Traceback (most recent call last):\n"
            };
            let indent = self.indent();
            let margin = self.margin();
            let header_margin = if is_group && self.depth == 1 { "+ " } else { margin };
            let header = format!("{indent}{header_margin}{header}");
            traceback_text::push_traceback(cx, &mut self.out, &traceback, &indent, margin, &header);
        }
        let notes = match cx.get_attr_opt(value, &names().notes) {
            Ok(notes) => notes,
            Err(raised) => {
                cx.clear_exception(raised);
                self.failed = true;
                return;
            }
        };
        let message = self.file_and_line(value);
        self.push_margin();
        push_type_name(cx, &mut self.out, value.ty().as_object());
        self.message(message.as_deref().unwrap_or(value));
        if let Some(suggestion) = suggestions::offer(cx, exception) {
            self.out.push_str(". Did you mean: '");
            self.out.push_obj(&suggestion);
            self.out.push_str("'?");
        }
        self.out.push_char('\n');
        if let Some(notes) = notes {
            self.notes(&notes);
        }
    }

    fn message(&mut self, value: &Object) {
        match self.cx.str(value) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => {
                self.out.push_str(": ");
                self.out.push_obj(&text);
            }
            Err(raised) => {
                self.cx.clear_exception(raised);
                self.out.push_str(": <exception str() failed>");
            }
        }
    }

    /// For exceptions with a place in a source, such as SyntaxError: shows the place and returns the
    /// message to show instead of the exception.
    fn file_and_line(&mut self, value: &Object) -> Option<Ref> {
        let cx = self.cx;
        let shows = cx.get_attr_opt(value, &cx.intern("print_file_and_line"));
        match shows {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(raised) => {
                cx.clear_exception(raised);
                return None;
            }
        }
        let place = match SourcePlace::of(cx, value) {
            Ok(place) => place?,
            Err(raised) => {
                cx.clear_exception(raised);
                return None;
            }
        };
        self.push_margin();
        self.out.push_str("  File \"");
        match &place.filename {
            Some(name) => cx.push_str_of(&mut self.out, name, "<unprintable file name>"),
            None => self.out.push_str("<string>"),
        }
        self.out.push_str(&format!("\", line {}\n", place.line));
        if let Some(text) = place.text.as_ref().and_then(|t| t.downcast::<StrObject>()) {
            let (indent, margin) = (self.indent(), self.margin());
            push_error_text(&mut self.out, text, &place, &format!("{indent}{margin}"));
        }
        Some(place.message)
    }

    fn notes(&mut self, notes: &Object) {
        let cx = self.cx;
        let slots = notes.ty().slots();
        let is_sequence = slots.sq_item.is_some() && !notes.is_instance(types().dict);
        if !is_sequence {
            self.push_margin();
            match cx.repr(notes) {
                Ok(shown) => self.out.push_obj(&shown),
                Err(raised) => {
                    cx.clear_exception(raised);
                    self.out.push_str("<__notes__ repr() failed>");
                }
            }
            return;
        }
        let items = match cx.len(notes) {
            Ok(count) => count,
            Err(raised) => return cx.clear_exception(raised),
        };
        for index in 0..items {
            let note = match cx.sequence_item(notes, index as isize) {
                Ok(note) => note,
                Err(raised) => return cx.clear_exception(raised),
            };
            let mut text = StrBuilder::new();
            match note.downcast::<StrObject>() {
                Some(note) => text.push_obj(note),
                None => cx.push_str_of(&mut text, &note, "<note str() failed>"),
            }
            self.note_lines(&text);
        }
    }

    /// A note, the margin before each of its lines.
    fn note_lines(&mut self, text: &StrBuilder) {
        let points: Vec<u32> = text.units().points().collect();
        let mut at = 0;
        while at < points.len() {
            let mut end = at;
            while end < points.len() && !crate::objects::str::unicode::is_line_break(points[end]) {
                end += 1;
            }
            if end < points.len() {
                let crlf = points[end] == 0x0d && points.get(end + 1) == Some(&0x0a);
                end += if crlf { 2 } else { 1 };
            }
            self.push_margin();
            for &point in &points[at..end] {
                self.out.push(point);
            }
            at = end;
        }
        self.out.push_char('\n');
    }
}

/// Where in a source an exception says it is about, as far as its attributes have the right types.
struct SourcePlace {
    message: Ref,
    filename: Option<Ref>,
    line: i64,
    /// Columns from 1; not positive where there is none.
    offset: i64,
    end_line: i64,
    end_offset: i64,
    text: Option<Ref>,
}

impl SourcePlace {
    /// Reads the attributes of a SyntaxError or what looks like one; `None` when they do not fit.
    fn of(cx: Ctx, value: &Object) -> PyResult<Option<SourcePlace>> {
        let attribute = |name: &str| cx.get_attr_str(value, name);
        let given = |name: &str| -> PyResult<Option<Ref>> {
            Ok(cx.get_attr_opt(value, &cx.intern(name))?.filter(|found| !cx.is_none(found)))
        };
        let number = |found: &Ref| found.downcast::<IntObject>().and_then(IntObject::as_i64);
        let message = attribute("msg")?;
        let filename = Some(attribute("filename")?).filter(|name| !cx.is_none(name));
        let Some(line) = number(&attribute("lineno")?) else { return Ok(None) };
        let offset = attribute("offset")?;
        let offset = if cx.is_none(&offset) { -1 } else { number(&offset).unwrap_or(-1) };
        // The reference does not ask subclasses (IndentationError, too) where the place ends.
        let (mut end_line, mut end_offset) = (line, -1);
        if value.is_exact(exceptions().syntax_error) {
            end_line = given("end_lineno")?.and_then(|v| number(&v)).unwrap_or(line);
            end_offset = given("end_offset")?.and_then(|v| number(&v)).unwrap_or(-1);
        }
        let text = Some(attribute("text")?).filter(|text| !cx.is_none(text));
        Ok(Some(SourcePlace { message, filename, line, offset, end_line, end_offset, text }))
    }
}

/// The source line of a SyntaxError with carets under the place.
fn push_error_text(out: &mut StrBuilder, text: &StrObject, place: &SourcePlace, margin: &str) {
    let mut points: Vec<u32> = text.code_points().collect();
    let newline = u32::from('\n');
    if points.last() == Some(&newline) {
        points.pop();
    }
    // As in CPython, the end of the line is counted in bytes.
    let len =
        points.iter().map(|&point| char::from_u32(point).map_or(3, char::len_utf8)).sum::<usize>() as i64;
    let (mut offset, mut end) = (place.offset, place.end_offset);
    if place.end_line > place.line {
        end = len + 1;
    }
    offset = offset.min(len + 1);
    end = end.min(len + 1);
    let carets = if offset > 0 && end > offset { (end - offset) as usize } else { 1 };
    // Column from 0; of several lines the one with the place is shown.
    let mut column = offset - 1;
    let mut line = points.as_slice();
    while let Some(at) = line.iter().position(|&point| point == newline) {
        if at as i64 >= column {
            break;
        }
        column -= at as i64 + 1;
        line = &line[at + 1..];
    }
    while let Some(&first) = line.first()
        && (first == 0x20 || first == 0x09 || first == 0x0c)
    {
        line = &line[1..];
        column -= 1;
    }
    out.push_str(margin);
    out.push_str("    ");
    for &point in line {
        out.push(point);
    }
    out.push_char('\n');
    if column >= 0 {
        out.push_str(margin);
        out.push_str("    ");
        out.push_many(0x20, column as usize);
        out.push_many(u32::from('^'), carets);
        out.push_char('\n');
    }
}

use crate::memory::Layout as _;
