//! Questions answered: each by looking, with the program standing still.
use std::sync::Arc;

use super::desk::Desk;
use crate::code::dis;
use crate::code::object::Const;
use crate::inspect::around::around;
use crate::inspect::audit::audit;
use crate::inspect::complete::complete;
use crate::inspect::devtools;
use crate::inspect::edges::edges;
use crate::inspect::holders::holders;
use crate::inspect::leaks::leaks;
use crate::inspect::links::links;
use crate::inspect::names::{each_local, named};
use crate::inspect::origin::module_dict;
use crate::inspect::resolve::resolve;
use crate::inspect::row::{Generations, Rows};
use crate::inspect::short::{entry, float_text, short};
use crate::inspect::sizes::{growth, sizes};
use crate::inspect::snapshot::Snapshot;
use crate::inspect::why::why;
use crate::inspect::window::Window;
use crate::memory::Object;
use crate::memory::alloc::block_size;
use crate::memory::gc::{query, state};
use crate::memory::look::{Still, stand_still};
use crate::objects::look::as_class;
use crate::objects::{ListObject, TypeObject, types};
use crate::session::protocol::{
    Answer, DisListing, DisRow, Edge, FrameRow, GcState, GenerationStats, LocalRow, Location, ObjectDetails,
    Query, SizesBy, SourceText, Subject, WhyReport,
};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::frame::Frame;
use crate::vm::function::FunctionObject;

/// Referents listed at most.
const MAX_REFERENTS: usize = 200;
/// Objects of `gc.garbage` that are named.
const MAX_GARBAGE: usize = 8;

/// Answers a question.
pub fn answer(cx: Ctx, desk: &Desk, query: Query) -> Answer {
    let result = stand_still(|still| match query {
        Query::Heap(view) => {
            let mut window = Window::like(&desk.window.borrow());
            let (update, _) = window.update(
                cx,
                still,
                &view,
                &mut desk.numbers.borrow_mut(),
                &mut desk.origin.borrow_mut(),
            );
            Ok(Answer::Heap(update))
        }
        Query::Object(subject) => find(cx, still, desk, &subject)
            .map(|object| Answer::Object(Box::new(details(cx, still, desk, object)))),
        Query::Holders(subject) => find(cx, still, desk, &subject)
            .map(|object| Answer::Holders(holders(cx, still, object, &mut desk.numbers.borrow_mut()))),
        Query::Why(subject) => find(cx, still, desk, &subject).map(|object| {
            let asked = match &subject {
                Subject::Expression(text) => Some(text.trim()),
                Subject::Object { .. } => None,
            };
            Answer::Why(Box::new(explain(cx, still, desk, object, asked)))
        }),
        Query::Mark => Ok(mark(cx, still, desk)),
        Query::Growth => growth_since_mark(cx, still, desk),
        Query::Sizes(by) => {
            if by == SizesBy::Line {
                desk.note_all_births();
            }
            let shot = snapshot(cx, still, desk);
            Ok(Answer::Sizes(sizes(cx, still, &shot, &desk.births.borrow(), by)))
        }
        Query::Leaks { since } => {
            let shot = snapshot(cx, still, desk);
            let (births, mut numbers) = (desk.births.borrow(), desk.numbers.borrow_mut());
            Ok(Answer::Leaks(leaks(cx, still, &shot, &births, since, &mut numbers)))
        }
        Query::Graph { subject, depth } => find(cx, still, desk, &subject)
            .map(|object| Answer::Graph(around(cx, still, object, depth, &mut desk.numbers.borrow_mut()))),
        Query::Export { path } => export(cx, still, desk, &path),
        Query::Frames => Ok(Answer::Frames(frames(cx, still, desk))),
        Query::DisFrame { frame } => dis_frame(cx, frame),
        Query::Dis(subject) => find(cx, still, desk, &subject).and_then(dis_object),
        Query::Gc => Ok(Answer::Gc(Arc::new(gc_state(cx, desk, true)))),
        Query::Source { file } => source(cx, &file),
        Query::Complete { line, column } => Ok(Answer::Completion(complete(cx, still, &line, column))),
        Query::State => Ok(Answer::State(super::digest::digest(cx, still, desk))),
        Query::Links { objects } => {
            let numbers = desk.numbers.borrow();
            let known: Vec<(usize, u64)> = objects
                .iter()
                .filter_map(|id| usize::try_from(*id).ok())
                .filter_map(|address| numbers.at(address).map(|label| (address, label.number)))
                .collect();
            Ok(Answer::Links(links(still, &known)))
        }
        Query::Audit => Ok(Answer::Audit(audit(cx, still, &mut desk.numbers.borrow_mut()))),
    });
    result.unwrap_or_else(|reason| Answer::Unknown { reason })
}

fn find<'h>(cx: Ctx, still: Still<'h>, desk: &Desk, subject: &Subject) -> Result<&'h Object, String> {
    match subject {
        Subject::Expression(expression) => resolve(cx, still, expression),
        Subject::Object { id, number } => {
            let address = usize::try_from(*id).map_err(|_| "there is no such address".to_owned())?;
            let known = desk.numbers.borrow().at(address).is_some_and(|label| label.number == *number);
            if !known {
                return Err(format!("#{number} is gone"));
            }
            // Built-in types and a few other objects do not lie in the heap; a name leads to them.
            still
                .at(address)
                .or_else(|| named(cx, still).into_iter().map(|n| n.object).find(|o| o.address() == address))
                .ok_or_else(|| format!("#{number} is gone"))
        }
    }
}

/// Where the object lies that a question is about.
pub fn address_of(cx: Ctx, desk: &Desk, subject: &Subject) -> Option<u64> {
    stand_still(|still| find(cx, still, desk, subject).ok().map(|object| object.address() as u64))
}

fn details(cx: Ctx, still: Still<'_>, desk: &Desk, object: &Object) -> ObjectDetails {
    let names =
        named(cx, still).into_iter().find(|n| n.object.is(object)).map(|n| n.names).unwrap_or_default();
    let generations = Generations::of(still, &[object.address()]);
    let held = edges(still, still.keep(object));
    let mut numbers = desk.numbers.borrow_mut();
    let row = {
        let mut origin = desk.origin.borrow_mut();
        Rows { cx, numbers: &mut numbers, origin: &mut origin, generations }.row(still, object, names)
    };
    let referents = held
        .iter()
        .take(MAX_REFERENTS)
        .map(|way| Edge {
            path: way.path.clone(),
            object: numbers.label(way.object),
            repr: short(still, way.object),
        })
        .collect();
    let mut facts = Vec::new();
    if let Some(class) = as_class(object).filter(|_| object.is_instance(types().type_)) {
        let mro: Vec<String> = class
            .mro
            .peek()
            .into_iter()
            .flat_map(|mro| mro.as_slice())
            .filter_map(|base| as_class(base).map(TypeObject::name_text))
            .collect();
        facts.push(("mro".to_owned(), mro.join(", ")));
    }
    let references = crate::memory::weakref::count(object);
    if references > 0 {
        facts.push(("weak refs".to_owned(), references.to_string()));
    }
    if object.is_gc() && crate::memory::gc::is_finalized(object) {
        facts.push(("finalized".to_owned(), "yes: its finalizer has run".to_owned()));
    }
    drop(numbers);
    let why = explain(cx, still, desk, object, None);
    ObjectDetails {
        row,
        real_size: block_size_of(still, object),
        facts,
        referents,
        referents_total: held.len() as u64,
        holders: why.holders,
        path: why.path,
        notes: why.notes,
        created: why.created,
    }
}

fn snapshot(cx: Ctx, still: Still<'_>, desk: &Desk) -> Snapshot {
    Snapshot::take(cx, still, &mut desk.origin.borrow_mut(), Some(&desk.births.borrow()))
}

/// From now on everything new is told from what there is.
fn mark(cx: Ctx, still: Still<'_>, desk: &Desk) -> Answer {
    let shot = snapshot(cx, still, desk);
    let objects = shot.len() as u64;
    *desk.marked.borrow_mut() = Some(shot);
    desk.note_all_births();
    Answer::Marked { mark: desk.births.borrow_mut().mark(), objects }
}

fn growth_since_mark(cx: Ctx, still: Still<'_>, desk: &Desk) -> Result<Answer, String> {
    match desk.marked.borrow().as_ref() {
        Some(before) => {
            let after = snapshot(cx, still, desk);
            Ok(Answer::Growth(growth(before, &after, &desk.births.borrow())))
        }
        None => Err("there is no mark to compare with; set one first, with ':mark'".to_owned()),
    }
}

fn export(cx: Ctx, still: Still<'_>, desk: &Desk, path: &str) -> Result<Answer, String> {
    let shot = snapshot(cx, still, desk);
    let write = || -> std::io::Result<(u64, u64)> {
        let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
        let counts = devtools::write(cx, still, &shot, &mut out)?;
        std::io::Write::flush(&mut out)?;
        Ok(counts)
    };
    let (nodes, edges) = write().map_err(|error| format!("'{path}' cannot be written: {error}"))?;
    Ok(Answer::Written { nodes, edges })
}

/// Why an object is alive, and where it was made.
fn explain(cx: Ctx, still: Still<'_>, desk: &Desk, object: &Object, asked: Option<&str>) -> WhyReport {
    let mut report = why(cx, still, object, asked, &mut desk.numbers.borrow_mut());
    let births = desk.births.borrow();
    report.created = births.site(births.of(object.address()).site()).map(|site| site.location.clone());
    report
}

fn block_size_of(still: Still<'_>, object: &Object) -> u64 {
    match still.at(object.address()) {
        Some(object) => block_size(object) as u64,
        None => crate::inspect::size::size_of(object),
    }
}

fn frames(cx: Ctx, still: Still<'_>, desk: &Desk) -> Vec<FrameRow> {
    let mut addresses = Vec::new();
    cx.each_frame(&mut |frame| {
        each_variable(cx, still, frame, &mut |_, value, _| addresses.extend(value.map(Object::address)));
    });
    addresses.sort_unstable();
    let generations = Generations::of(still, &addresses);
    let mut numbers = desk.numbers.borrow_mut();
    let mut origin = desk.origin.borrow_mut();
    let mut rows = Rows { cx, numbers: &mut numbers, origin: &mut origin, generations };
    let mut frames = Vec::new();
    let mut innermost = true;
    cx.each_frame(&mut |frame| {
        let mut locals = Vec::new();
        each_variable(cx, still, frame, &mut |name, value, cell| {
            let object = value.map(|value| rows.row(still, value, Vec::new()));
            locals.push(LocalRow { name: name.into(), object, cell });
        });
        let mut stack = Vec::new();
        for (i, value) in frame.stack_values().into_iter().enumerate() {
            let object = value.map(|value| rows.row(still, value, Vec::new()));
            stack.push(LocalRow { name: format!("stack {i}").into(), object, cell: false });
        }
        frames.push(FrameRow {
            location: location_of(frame, innermost),
            locals,
            stack,
            offset: u32::try_from(frame.lasti() + 2).unwrap_or(0),
        });
        innermost = false;
    });
    frames
}

/// Variables of a frame: its slots, or for a module or class body the names in its namespace.
fn each_variable<'h>(
    cx: Ctx,
    still: Still<'h>,
    frame: &Frame,
    each: &mut dyn FnMut(String, Option<&'h Object>, bool),
) {
    if frame.code().is_optimized() {
        return each_local(still, frame, each);
    }
    let _ = cx;
    let namespace = frame.namespace();
    namespace.for_each_entry(&mut |key, value| {
        let Some(name) = crate::inspect::resolve::name_text(key) else { return };
        if !(name.starts_with("__") && name.ends_with("__")) {
            each(name, Some(still.keep(value)), false);
        }
    });
}

/// Where a frame is: the innermost one about to run its next instruction, others inside a call.
pub fn location_of(frame: &Frame, innermost: bool) -> Location {
    let line = if innermost { frame.next_line() } else { frame.line() };
    Location {
        file: frame.code().filename.to_string_lossy().into(),
        line: line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0),
        function: frame.code().qualname.to_string_lossy().into(),
    }
}

fn dis_frame(cx: Ctx, number: usize) -> Result<Answer, String> {
    let mut at = 0;
    let mut found = None;
    cx.each_frame(&mut |frame| {
        if at == number {
            found = Some(listing(frame.code(), Some(frame.lasti() + if number == 0 { 2 } else { 0 })));
        }
        at += 1;
    });
    found.map(Answer::Dis).ok_or_else(|| "there is no such frame".to_owned())
}

fn dis_object(object: &Object) -> Result<Answer, String> {
    let code = if let Some(function) = object.downcast_exact::<FunctionObject>() {
        Some(function.code())
    } else if let Some(method) = object.downcast_exact::<crate::objects::method::MethodObject>() {
        method.function.peek().and_then(|f| f.downcast_exact::<FunctionObject>()).map(FunctionObject::code)
    } else {
        object.downcast_exact::<Code>()
    };
    match code {
        Some(code) => Ok(Answer::Dis(listing(code, None))),
        None => Err(format!(
            "{} has no bytecode; give a function, a method or a code object",
            object.ty().name_text()
        )),
    }
}

fn listing(code: &Code, current: Option<i32>) -> DisListing {
    let rows = dis::instructions(&code.plain, &const_text, false)
        .into_iter()
        .map(|row| DisRow {
            current: current.and_then(|c| u32::try_from(c).ok()) == Some(row.offset),
            line: row.starts_line.and_then(|line| u32::try_from(line).ok()),
            offset: row.offset,
            name: row.opname,
            argument: row.arg,
            meaning: row.argrepr,
            jump_target: row.is_jump_target,
        })
        .collect();
    let title = format!("{} ({})", code.qualname.to_string_lossy(), code.filename.to_string_lossy());
    DisListing { title, rows }
}

fn source(cx: Ctx, file: &str) -> Result<Answer, String> {
    let bytes = std::fs::read(file).map_err(|_| format!("the source of {file} cannot be read"))?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n");
    let mut stops = Vec::new();
    cx.each_frame(&mut |frame| {
        if frame.code().filename.eq_str(file) {
            collect_lines(frame.code(), &mut stops);
        }
    });
    stops.sort_unstable();
    stops.dedup();
    Ok(Answer::Source(SourceText {
        file: file.into(),
        lines: text.lines().map(str::to_owned).collect(),
        stops,
    }))
}

/// Lines that a code object and those inside it begin instructions on.
fn collect_lines(code: &Code, lines: &mut Vec<u32>) {
    let starts = crate::code::location::line_starts(&code.plain.linetable, code.plain.firstlineno);
    lines.extend(starts.filter_map(|(_, line)| u32::try_from(line).ok()).filter(|line| *line > 0));
    for constant in code.consts.as_slice() {
        if let Some(inner) = constant.downcast_exact::<Code>() {
            collect_lines(inner, lines);
        }
    }
}

/// The nearest line at or after this one that has code; the line itself when nothing is known of the file.
pub fn line_with_code(cx: Ctx, file: &str, line: u32) -> u32 {
    let mut lines = Vec::new();
    cx.each_frame(&mut |frame| {
        if frame.code().filename.eq_str(file) {
            collect_lines(frame.code(), &mut lines);
        }
    });
    lines.sort_unstable();
    lines.iter().copied().find(|l| *l >= line).or(lines.last().copied()).unwrap_or(line)
}

/// The collector's state. `complete`: also how many objects each generation holds, which takes a walk.
pub fn gc_state(cx: Ctx, desk: &Desk, complete: bool) -> GcState {
    let stats = state::stats().map(|s| GenerationStats {
        collections: s.collections as u64,
        collected: s.collected as u64,
        uncollectable: s.uncollectable as u64,
    });
    let (total, pending) = state::long_lived();
    let mut gc = GcState {
        enabled: state::is_enabled(),
        counts: state::counts().map(i64::from),
        thresholds: state::thresholds().map(i64::from),
        stats,
        frozen: state::frozen_count() as u64,
        debug: u32::try_from(state::debug_flags().0).unwrap_or(0),
        long_lived_pending: pending as u64,
        long_lived_total: total as u64,
        last: desk.last.borrow().clone(),
        last_explicit: desk.last_explicit.borrow().clone(),
        ..GcState::default()
    };
    if complete {
        gc.tracked = [0, 1, 2].map(|generation| query::len_of(generation) as u64);
    }
    stand_still(|still| {
        let garbage = module_dict(cx, still, "gc").and_then(|dict| entry(still, dict, "garbage"));
        if let Some(list) = garbage.and_then(|g| g.downcast::<ListObject>()) {
            gc.garbage_len = list.len() as u64;
            let mut numbers = desk.numbers.borrow_mut();
            gc.garbage =
                list.peek_slice().iter().take(MAX_GARBAGE).map(|object| numbers.label(object)).collect();
        }
    });
    gc
}

/// A constant in a few words.
pub fn const_text(constant: &Const) -> String {
    let items = |items: &[Const]| items.iter().map(const_text).collect::<Vec<_>>().join(", ");
    match constant {
        Const::None => "None".to_owned(),
        Const::True => "True".to_owned(),
        Const::False => "False".to_owned(),
        Const::Ellipsis => "Ellipsis".to_owned(),
        Const::Int(value) if value.bits() > 400 => format!("int of {} bits", value.bits()),
        Const::Int(value) => value.to_string(),
        Const::Long(value) => format!("{value}L"),
        Const::Unicode(text) => format!("u{:?}", text.to_string()).replace("\\'", "'"),
        Const::Float(value) => float_text(*value),
        Const::Complex { re, im } => format!("({}{:+}j)", float_text(*re), im),
        Const::Str(text) => format!("{:?}", text.to_string()).replace("\\'", "'"),
        Const::Bytes(bytes) => format!("b{:?}", String::from_utf8_lossy(bytes)),
        Const::Tuple(held) if held.len() == 1 => format!("({},)", items(held)),
        Const::Tuple(held) => format!("({})", items(held)),
        Const::FrozenSet(held) => format!("frozenset({{{}}})", items(held)),
        Const::Code(code) => format!("<code object {}>", code.name),
    }
}
