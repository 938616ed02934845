//! `_csv`: reading and writing of delimited text.

use std::cell::{Cell, RefCell};

use crate::memory::{self, Layout as _, Object, Ref, Slot};
use crate::objects::args::{bind, check_count};
use crate::objects::declare::{self, TypeCell};
use crate::objects::module::ModuleObject;
use crate::objects::spec::{GetSetDef, Layout, MemberDef, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, DictObject, ModuleSpec, PyResult, Raised, Slots, StrObject, TypeObject, exceptions, types,
};
use crate::vm::Ctx;

const QUOTE_MINIMAL: i64 = 0;
const QUOTE_ALL: i64 = 1;
const QUOTE_NONNUMERIC: i64 = 2;
const QUOTE_NONE: i64 = 3;
// DIFFERENCE: 3.12's, which the embedded library asks for.
const QUOTE_STRINGS: i64 = 4;
const QUOTE_NOTNULL: i64 = 5;

const DIALECTS: &str = "csv.dialects";
const LIMIT: &str = "csv.limit";
const DEFAULT_LIMIT: i64 = 128 * 1024;

fn error(cx: Ctx, message: impl std::fmt::Display) -> Raised {
    super::support::raise_of(cx, "_csv", "Error", exceptions().exception, message)
}

fn field_limit(cx: Ctx) -> PyResult<i64> {
    cx.named_root(LIMIT).map_or(Ok(DEFAULT_LIMIT), |limit| cx.to_i64(&limit))
}

// ---- dialects ----

/// The rules of a dialect; characters are code points.
#[derive(Clone)]
pub struct Rules {
    delimiter: u32,
    quote: Option<u32>,
    escape: Option<u32>,
    terminator: Vec<u32>,
    doublequote: bool,
    skip_space: bool,
    strict: bool,
    quoting: i64,
}

crate::declare_object! {
    /// `_csv.Dialect`.
    Dialect {
        traced { terminator: Slot, }
        plain { rules: RefCell<Option<Box<Rules>>>, }
    }
}

static DIALECT: TypeCell = TypeCell::new();
static READER: TypeCell = TypeCell::new();
static WRITER: TypeCell = TypeCell::new();

fn rules(cx: Ctx, dialect: &Object) -> PyResult<Rules> {
    Dialect::of(dialect)
        .rules
        .borrow()
        .as_deref()
        .cloned()
        .ok_or_else(|| cx.system_error("a dialect without rules"))
}

const NAMES: [&str; 9] = [
    "dialect",
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

fn one_char(
    cx: Ctx,
    name: &str,
    value: Option<&Ref>,
    default: Option<u32>,
    none: bool,
) -> PyResult<Option<u32>> {
    let Some(value) = value else { return Ok(default) };
    if none && cx.is_none(value) {
        return Ok(None);
    }
    let Some(text) = value.downcast::<StrObject>() else {
        let or_none = if none { " or None" } else { "" };
        let ty = value.ty().tp_name();
        return Err(cx.type_error(format_args!("\"{name}\" must be string{or_none}, not {ty}")));
    };
    match text.len() {
        1 => Ok(Some(text.code_point(0))),
        0 if none => Err(cx.type_error(format_args!("\"{name}\" must be a 1-character string"))),
        _ => Err(cx.type_error(format_args!("\"{name}\" must be a 1-character string"))),
    }
}

fn dialect_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "Dialect", params: &NAMES, required: 0, max_positional: 9 };
    let mut given: [Option<Ref>; 9] = Default::default();
    bind(cx, &SIGNATURE, args, &mut given)?;
    let mut dialect = given[0].take().filter(|dialect| !cx.is_none(dialect));
    if let Some(named) = dialect.as_ref().filter(|dialect| dialect.downcast::<StrObject>().is_some()) {
        dialect = Some(find_dialect(cx, named)?);
    }
    if let Some(dialect) = &dialect {
        if dialect.is_exact(DIALECT.get(cx)?) && given.iter().all(Option::is_none) {
            return Ok(dialect.clone());
        }
        for (place, name) in given.iter_mut().zip(NAMES).skip(1) {
            if place.is_none() {
                *place = cx.get_attr_opt(dialect, &cx.intern(name))?;
            }
        }
    }
    let flag = |index: usize, default: bool| {
        given[index].as_ref().map_or(Ok(default), |value: &Ref| cx.is_true(value))
    };
    let delimiter = one_char(cx, "delimiter", given[1].as_ref(), Some(u32::from(',')), false)?;
    let doublequote = flag(2, true)?;
    let escape = one_char(cx, "escapechar", given[3].as_ref(), None, true)?;
    let terminator = match &given[4] {
        None => "\r\n".chars().map(u32::from).collect(),
        Some(value) => match value.downcast::<StrObject>() {
            Some(text) => text.code_points().collect(),
            None => return Err(cx.type_error("\"lineterminator\" must be a string")),
        },
    };
    let quote = one_char(cx, "quotechar", given[5].as_ref(), Some(u32::from('"')), true)?;
    let quoting = match &given[6] {
        None => QUOTE_MINIMAL,
        Some(value) if value.is_exact(types().int) => cx.to_i64(value)?,
        Some(_) => return Err(cx.type_error("\"quoting\" must be an integer")),
    };
    let (skip_space, strict) = (flag(7, false)?, flag(8, false)?);
    if !(QUOTE_MINIMAL..=QUOTE_NOTNULL).contains(&quoting) {
        return Err(cx.type_error("bad \"quoting\" value"));
    }
    let Some(delimiter) = delimiter else {
        return Err(cx.type_error("\"delimiter\" must be a 1-character string"));
    };
    let no_quote_given = given[5].as_ref().is_some_and(|value| cx.is_none(value)) && given[6].is_none();
    let quoting = if no_quote_given { QUOTE_NONE } else { quoting };
    if quoting != QUOTE_NONE && quote.is_none() {
        return Err(cx.type_error("quotechar must be set if quoting enabled"));
    }
    let shown = given[4].clone().unwrap_or_else(|| cx.new_str("\r\n").into_object());
    let made = declare::make::<Dialect>(cx, ty)?;
    made.terminator.set(Some(shown));
    *made.rules.borrow_mut() = Some(Box::new(Rules {
        delimiter,
        quote,
        escape,
        terminator,
        doublequote,
        skip_space,
        strict,
        quoting,
    }));
    Ok(made.into_object())
}

fn shown_char(cx: Ctx, point: Option<u32>) -> Ref {
    point.map_or_else(|| cx.none(), |point| crate::objects::str::raw::from_point(point).into_object())
}

macro_rules! attribute {
    ($name:literal, |$cx:ident, $rules:ident| $value:expr) => {
        MemberDef {
            name: $name,
            get: |$cx, this| {
                let $rules = rules($cx, this)?;
                Ok($value)
            },
            set: None,
            doc: "",
        }
    };
}

static DIALECT_SPEC: TypeSpec = TypeSpec {
    name: "_csv.Dialect",
    doc: Some("CSV dialect\n\nThe Dialect type records CSV dialect options."),
    layout: Layout::gc::<Dialect>(),
    basicsize: 56,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::BASETYPE),
    slots: Slots { new: Some(dialect_new), ..Slots::EMPTY },
    members: &[
        attribute!("delimiter", |cx, rules| shown_char(cx, Some(rules.delimiter))),
        attribute!("skipinitialspace", |cx, rules| cx.bool(rules.skip_space)),
        attribute!("doublequote", |cx, rules| cx.bool(rules.doublequote)),
        attribute!("strict", |cx, rules| cx.bool(rules.strict)),
        attribute!("escapechar", |cx, rules| shown_char(cx, rules.escape)),
        attribute!("quotechar", |cx, rules| shown_char(cx, rules.quote)),
        attribute!("quoting", |cx, rules| cx.new_int(rules.quoting)),
    ],
    getset: &[GetSetDef {
        name: "lineterminator",
        get: Some(|cx, this| Ok(Dialect::of(this).terminator.get().unwrap_or_else(|| cx.none()))),
        set: None,
        doc: "",
    }],
    dealloc: Some(memory::dealloc_as::<Dialect>),
    traverse: Some(Dialect::traverse),
    ..TypeSpec::EMPTY
};

fn registered(cx: Ctx) -> PyResult<Ref<DictObject>> {
    if let Some(dict) = cx.named_root(DIALECTS)
        && let Ok(dict) = dict.downcast_ref::<DictObject>()
    {
        return Ok(dict);
    }
    let dict = cx.new_dict();
    cx.set_named_root(DIALECTS, Some(dict.to_object()));
    Ok(dict)
}

fn find_dialect(cx: Ctx, name: &Object) -> PyResult {
    match registered(cx)?.get(cx, name)? {
        Some(dialect) => Ok(dialect),
        None => Err(error(cx, "unknown dialect")),
    }
}

/// A dialect of these arguments: `dialect` positional, the rest by keyword.
fn dialect_of(cx: Ctx, dialect: Option<&Ref>, keywords: Args<'_>) -> PyResult {
    let class = DIALECT.get(cx)?.as_object();
    let mut all: Vec<Ref> = dialect.into_iter().cloned().collect();
    all.extend(keywords.keywords().map(|(_, value)| value.clone()));
    cx.call_args(class, Args::new(&all, keywords.names()))
}

fn register_dialect(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    check_count(cx, "register_dialect", args.pos(), 1, 2)?;
    let name = &args.pos()[0];
    if name.downcast::<StrObject>().is_none() {
        return Err(cx.type_error("dialect name must be a string"));
    }
    let dialect = dialect_of(cx, args.pos().get(1), args)?;
    registered(cx)?.set(cx, name, dialect)?;
    Ok(cx.none())
}

fn unregister_dialect(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    match registered(cx)?.remove(cx, name)? {
        true => Ok(cx.none()),
        false => Err(error(cx, "unknown dialect")),
    }
}

fn list_dialects(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_list(registered(cx)?.keys_to_vec())?.into_object())
}

fn get_dialect(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    find_dialect(cx, name)
}

fn field_size_limit(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "field_size_limit", args, 0, 1)?;
    let old = field_limit(cx)?;
    if let Some(limit) = args.first() {
        if !limit.is_exact(types().int) {
            return Err(cx.type_error("limit must be an integer"));
        }
        cx.to_i64(limit)?;
        cx.set_named_root(LIMIT, Some(limit.clone()));
    }
    Ok(cx.new_int(old))
}

// ---- the reader ----

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    StartRecord,
    StartField,
    Escaped,
    InField,
    InQuoted,
    EscapedInQuoted,
    QuoteInQuoted,
    EatNewline,
    AfterEscapedNewline,
}

crate::declare_object! {
    /// `_csv.reader`.
    Reader {
        traced {
            lines: Slot,
            dialect: Slot,
        }
        plain { line_number: Cell<usize>, }
    }
}

/// A record that is being read.
struct Record<'a> {
    cx: Ctx,
    rules: &'a Rules,
    limit: usize,
    state: State,
    field: Vec<u32>,
    numeric: bool,
    fields: Vec<Ref>,
}

/// Stands for the end of a line.
const END: u32 = u32::MAX;

impl Record<'_> {
    fn save(&mut self) -> PyResult<()> {
        let cx = self.cx;
        let field = cx.new_str_from_code_points(&self.field).into_object();
        self.field.clear();
        let field = if std::mem::take(&mut self.numeric) {
            cx.call1(types().float.as_object(), &field)?
        } else {
            field
        };
        self.fields.push(field);
        Ok(())
    }

    fn add(&mut self, point: u32) -> PyResult<()> {
        if self.field.len() >= self.limit {
            return Err(error(self.cx, format_args!("field larger than field limit ({})", self.limit)));
        }
        self.field.push(point);
        Ok(())
    }

    /// Takes one character, or [`END`].
    fn take(&mut self, point: u32) -> PyResult<()> {
        const LF: u32 = 10;
        const CR: u32 = 13;
        let rules = self.rules;
        let is_end = matches!(point, END | LF | CR);
        let quotes = rules.quoting != QUOTE_NONE;
        match self.state {
            State::StartRecord | State::StartField => {
                if self.state == State::StartRecord {
                    if point == END {
                        return Ok(());
                    }
                    if is_end {
                        self.state = State::EatNewline;
                        return Ok(());
                    }
                    self.state = State::StartField;
                }
                if is_end {
                    self.save()?;
                    self.state = if point == END { State::StartRecord } else { State::EatNewline };
                } else if Some(point) == rules.quote && quotes {
                    self.state = State::InQuoted;
                } else if Some(point) == rules.escape {
                    self.state = State::Escaped;
                } else if point == u32::from(' ') && rules.skip_space {
                } else if point == rules.delimiter {
                    self.save()?;
                } else {
                    self.numeric = rules.quoting == QUOTE_NONNUMERIC;
                    self.add(point)?;
                    self.state = State::InField;
                }
            }
            State::Escaped => {
                if matches!(point, LF | CR) {
                    self.add(point)?;
                    self.state = State::AfterEscapedNewline;
                } else {
                    self.add(if point == END { LF } else { point })?;
                    self.state = State::InField;
                }
            }
            State::AfterEscapedNewline if point == END => {}
            State::AfterEscapedNewline | State::InField => {
                if is_end {
                    self.save()?;
                    self.state = if point == END { State::StartRecord } else { State::EatNewline };
                } else if Some(point) == rules.escape {
                    self.state = State::Escaped;
                } else if point == rules.delimiter {
                    self.save()?;
                    self.state = State::StartField;
                } else {
                    self.add(point)?;
                    self.state = State::InField;
                }
            }
            State::InQuoted => {
                if point == END {
                } else if Some(point) == rules.escape {
                    self.state = State::EscapedInQuoted;
                } else if Some(point) == rules.quote && quotes {
                    self.state = if rules.doublequote { State::QuoteInQuoted } else { State::InField };
                } else {
                    self.add(point)?;
                }
            }
            State::EscapedInQuoted => {
                self.add(if point == END { LF } else { point })?;
                self.state = State::InQuoted;
            }
            State::QuoteInQuoted => {
                if quotes && Some(point) == rules.quote {
                    self.add(point)?;
                    self.state = State::InQuoted;
                } else if point == rules.delimiter {
                    self.save()?;
                    self.state = State::StartField;
                } else if is_end {
                    self.save()?;
                    self.state = if point == END { State::StartRecord } else { State::EatNewline };
                } else if !rules.strict {
                    self.add(point)?;
                    self.state = State::InField;
                } else {
                    let (delimiter, quote) = (
                        char::from_u32(rules.delimiter).unwrap_or(' '),
                        rules.quote.and_then(char::from_u32).unwrap_or(' '),
                    );
                    return Err(error(self.cx, format_args!("'{delimiter}' expected after '{quote}'")));
                }
            }
            State::EatNewline => {
                if point == END {
                    self.state = State::StartRecord;
                } else if !is_end {
                    return Err(error(
                        self.cx,
                        "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?",
                    ));
                }
            }
        }
        Ok(())
    }
}

fn reader(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    check_count(cx, "reader", args.pos(), 1, 2)?;
    let lines = cx.iter(&args.pos()[0])?;
    let dialect = dialect_of(cx, args.pos().get(1), args)?;
    let made = declare::make::<Reader>(cx, READER.get(cx)?)?;
    made.lines.set(Some(lines));
    made.dialect.set(Some(dialect));
    Ok(made.into_object())
}

fn reader_next(cx: Ctx, this: &Object) -> PyResult<Option<Ref>> {
    let reader = Reader::of(this);
    let (Some(lines), Some(dialect)) = (reader.lines.get(), reader.dialect.get()) else { return Ok(None) };
    let rules = rules(cx, &dialect)?;
    let limit = usize::try_from(field_limit(cx)?).unwrap_or(0);
    let mut record = Record {
        cx,
        rules: &rules,
        limit,
        state: State::StartRecord,
        field: Vec::new(),
        numeric: false,
        fields: Vec::new(),
    };
    loop {
        let Some(line) = cx.next(&lines)? else {
            if !record.field.is_empty() || record.state == State::InQuoted {
                if rules.strict {
                    return Err(error(cx, "unexpected end of data"));
                }
                record.save()?;
                return Ok(Some(cx.new_list(record.fields)?.into_object()));
            }
            return Ok(None);
        };
        let Some(text) = line.downcast::<StrObject>() else {
            let ty = line.ty().tp_name();
            return Err(error(
                cx,
                format_args!(
                    "iterator should return strings, not {ty} (the file should be opened in text mode)"
                ),
            ));
        };
        reader.line_number.set(reader.line_number.get() + 1);
        for point in text.code_points() {
            record.take(point)?;
        }
        record.take(END)?;
        if record.state == State::StartRecord {
            return Ok(Some(cx.new_list(record.fields)?.into_object()));
        }
    }
}

static READER_SPEC: TypeSpec = TypeSpec {
    name: "_csv.reader",
    doc: Some(
        "CSV reader\n\nReader objects are responsible for reading and parsing tabular data in CSV format.",
    ),
    layout: Layout::gc::<Reader>(),
    basicsize: 96,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots { iter: Some(|_, this| Ok(this.to_ref())), iternext: Some(reader_next), ..Slots::EMPTY },
    members: &[
        MemberDef {
            name: "dialect",
            get: |cx, this| Ok(Reader::of(this).dialect.get().unwrap_or_else(|| cx.none())),
            set: None,
            doc: "",
        },
        MemberDef {
            name: "line_num",
            get: |cx, this| Ok(cx.new_uint(Reader::of(this).line_number.get())),
            set: None,
            doc: "",
        },
    ],
    dealloc: Some(memory::dealloc_as::<Reader>),
    traverse: Some(Reader::traverse),
    ..TypeSpec::EMPTY
};

// ---- the writer ----

crate::declare_object! {
    /// `_csv.writer`.
    Writer {
        traced {
            write: Slot,
            dialect: Slot,
        }
        plain {}
    }
}

fn writer(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    check_count(cx, "writer", args.pos(), 1, 2)?;
    let write = cx.get_attr_opt(&args.pos()[0], &cx.intern("write"))?;
    let Some(write) = write.filter(|write| write.ty().slots().call.is_some()) else {
        return Err(cx.type_error("argument 1 must have a \"write\" method"));
    };
    let dialect = dialect_of(cx, args.pos().get(1), args)?;
    let made = declare::make::<Writer>(cx, WRITER.get(cx)?)?;
    made.write.set(Some(write));
    made.dialect.set(Some(dialect));
    Ok(made.into_object())
}

/// Appends a field to a record.
fn join(cx: Ctx, rules: &Rules, out: &mut StrBuilder, text: &StrObject, mut quoted: bool) -> PyResult<()> {
    let mut body = StrBuilder::with_capacity(text.len());
    for point in text.code_points() {
        let special = point == rules.delimiter
            || Some(point) == rules.escape
            || Some(point) == rules.quote
            || rules.terminator.contains(&point);
        let mut escape = false;
        if special {
            if rules.quoting == QUOTE_NONE {
                escape = true;
            } else {
                if Some(point) == rules.quote {
                    if rules.doublequote {
                        body.push(point);
                    } else {
                        escape = true;
                    }
                } else if Some(point) == rules.escape {
                    escape = true;
                }
                if !escape {
                    quoted = true;
                }
            }
            if escape {
                let Some(mark) = rules.escape else {
                    return Err(error(cx, "need to escape, but no escapechar set"));
                };
                body.push(mark);
            }
        }
        body.push(point);
    }
    match rules.quote.filter(|_| quoted) {
        Some(quote) => {
            out.push(quote);
            out.push_units(body.units());
            out.push(quote);
        }
        None => out.push_units(body.units()),
    }
    Ok(())
}

fn writerow(cx: Ctx, this: &Object, row: &Ref) -> PyResult {
    let writer = Writer::of(this);
    let (Some(write), Some(dialect)) = (writer.write.get(), writer.dialect.get()) else {
        return Ok(cx.none());
    };
    let rules = rules(cx, &dialect)?;
    let iterator = match cx.iter(row) {
        Ok(iterator) => iterator,
        Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
            cx.clear_exception(raised);
            return Err(error(cx, format_args!("iterable expected, not {}", row.ty().tp_name())));
        }
        Err(raised) => return Err(raised),
    };
    let (mut out, mut count, mut only_empty) = (StrBuilder::new(), 0usize, false);
    while let Some(field) = cx.next(&iterator)? {
        let quoted = match rules.quoting {
            QUOTE_NONNUMERIC => !is_number(&field),
            QUOTE_ALL => true,
            QUOTE_STRINGS => field.downcast::<StrObject>().is_some(),
            QUOTE_NOTNULL => !cx.is_none(&field),
            _ => false,
        };
        if count > 0 {
            out.push(rules.delimiter);
        }
        let text = if cx.is_none(&field) { cx.new_str("") } else { cx.str(&field)? };
        only_empty = count == 0 && text.is_empty() && !quoted;
        join(cx, &rules, &mut out, &text, quoted)?;
        count += 1;
    }
    if count == 1 && only_empty {
        // A single empty field would read as an empty record.
        match rules.quote.filter(|_| rules.quoting != QUOTE_NONE) {
            Some(quote) => out.push_many(quote, 2),
            None => return Err(error(cx, "single empty field record must be quoted")),
        }
    }
    rules.terminator.iter().for_each(|point| out.push(*point));
    cx.call1(&write, &out.finish().into_object())
}

fn is_number(object: &Object) -> bool {
    let slots = object.ty().slots();
    slots.nb_index.is_some()
        || slots.nb_int.is_some()
        || slots.nb_float.is_some()
        || object.is_instance(types().complex)
}

fn writerows(cx: Ctx, this: &Object, rows: &Ref) -> PyResult {
    let iterator = cx.iter(rows)?;
    while let Some(row) = cx.next(&iterator)? {
        writerow(cx, this, &row)?;
    }
    Ok(cx.none())
}

static WRITER_SPEC: TypeSpec = TypeSpec {
    name: "_csv.writer",
    doc: Some(
        "CSV writer\n\nWriter objects are responsible for generating tabular data in CSV format from sequence input.",
    ),
    layout: Layout::gc::<Writer>(),
    basicsize: 72,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    methods: &[
        MethodDef::one(
            "writerow",
            writerow,
            "writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields.",
        ),
        MethodDef::one(
            "writerows",
            writerows,
            "writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv file.",
        ),
    ],
    members: &[MemberDef {
        name: "dialect",
        get: |cx, this| Ok(Writer::of(this).dialect.get().unwrap_or_else(|| cx.none())),
        set: None,
        doc: "",
    }],
    dealloc: Some(memory::dealloc_as::<Writer>),
    traverse: Some(Writer::traverse),
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let ready = crate::objects::type_::ready::new_static_type;
    for (spec, cell) in [(&DIALECT_SPEC, &DIALECT), (&READER_SPEC, &READER), (&WRITER_SPEC, &WRITER)] {
        cell.set(ready(cx, spec)?);
    }
    module.add(cx, "Dialect", DIALECT.get(cx)?.to_object())?;
    module.add(cx, "Reader", READER.get(cx)?.to_object())?;
    module.add(cx, "Writer", WRITER.get(cx)?.to_object())?;
    module.add(cx, "_dialects", registered(cx)?.into_object())?;
    module.add(cx, "__version__", cx.new_str("1.0").into_object())?;
    let class = super::support::new_exception(cx, "_csv", "Error", exceptions().exception.to_object())?;
    module.add(cx, "Error", class)?;
    super::support::add_numbers(
        cx,
        module,
        &[
            ("QUOTE_MINIMAL", QUOTE_MINIMAL),
            ("QUOTE_ALL", QUOTE_ALL),
            ("QUOTE_NONNUMERIC", QUOTE_NONNUMERIC),
            ("QUOTE_NONE", QUOTE_NONE),
            ("QUOTE_STRINGS", QUOTE_STRINGS),
            ("QUOTE_NOTNULL", QUOTE_NOTNULL),
        ],
    )
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_csv",
    doc: Some("CSV parsing and writing."),
    functions: &[
        MethodDef::keywords(
            "reader",
            reader,
            "csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])",
        ),
        MethodDef::keywords(
            "writer",
            writer,
            "csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])",
        ),
        MethodDef::keywords(
            "register_dialect",
            register_dialect,
            "Create a mapping from a string name to a dialect class.",
        ),
        MethodDef::one(
            "unregister_dialect",
            unregister_dialect,
            "unregister_dialect($module, /, name)\n--\n\nDelete the name/dialect mapping associated with a string name.",
        ),
        MethodDef::no_args(
            "list_dialects",
            list_dialects,
            "list_dialects($module, /)\n--\n\nReturn a list of all known dialect names.",
        ),
        MethodDef::one(
            "get_dialect",
            get_dialect,
            "get_dialect($module, /, name)\n--\n\nReturn the dialect instance associated with name.",
        ),
        MethodDef::fast("field_size_limit", field_size_limit, "Sets an upper limit on parsed fields."),
    ],
    exec: Some(exec),
};
