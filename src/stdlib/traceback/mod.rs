//! What 3.11's `traceback` knows and the library's version does not: columns, the marks under source
//! lines, exception groups and notes. `newer.py` runs in the library's module when it is imported; what
//! it needs of tables and of the marks is native.

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::module::ModuleObject;
use crate::objects::spec::MethodDef;
use crate::objects::{PyResult, StrObject};
use crate::vm::Ctx;
use crate::vm::code_object::{Code, make_code};

/// `_place_of(code, lasti)`: line, end line, column, end column.
fn place_of(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_place_of", args, 2, 2)?;
    let lasti = cx.to_i32(&args[1])?;
    let place = match args[0].downcast::<Code>() {
        Some(code) if lasti >= 0 => code.location_of(lasti),
        _ => Default::default(),
    };
    let number = |value: Option<i32>| value.map_or_else(|| cx.none(), |value| cx.new_int(i64::from(value)));
    let numbers = [place.line, place.end_line, place.col, place.end_col].map(number);
    Ok(cx.new_tuple(numbers.to_vec()).into_object())
}

/// `_marks(line, start, end, is_one_line)`: what is put under a source line, or `None`.
fn marks(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_marks", args, 4, 4)?;
    let Some(line) = args[0].downcast::<StrObject>() else { return Ok(cx.none()) };
    let line = line.to_string_lossy();
    let column = |value: &Ref| Ok(u32::try_from(cx.to_i64(value)?).unwrap_or(0));
    let (start, end) = (column(&args[1])?, column(&args[2])?);
    // The module takes all that was stripped from the line for what stood before it, less the newline.
    let stripped = line.len() - line.trim_end().len();
    let (line, one_line) = (line.trim_end_matches(['\n', '\r']), cx.is_true(&args[3])?);
    let row = crate::syntax::caret_line(line, start, end, one_line, crate::syntax::Marks::Module);
    let row = row.map(|row| {
        let rest = row.trim_start_matches(' ');
        let blank = (row.len() - rest.len() + 1).saturating_sub(stripped).max(4);
        format!("{}{rest}", " ".repeat(blank))
    });
    Ok(row.map_or_else(|| cx.none(), |row| cx.new_str(&row).into_object()))
}

static FUNCTIONS: [MethodDef; 2] =
    [MethodDef::fast("_place_of", place_of, ""), MethodDef::fast("_marks", marks, "")];

/// Brings the library's module up to 3.11.
pub fn install(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let Some(dict) = module.dict.get() else { return Ok(()) };
    for def in &FUNCTIONS {
        let shown = cx.intern("traceback").into_object();
        let native = crate::objects::native::new_native(cx, def, Some(module.to_object()), Some(shown));
        dict.set_str(cx, &cx.intern(def.name), native.into_object())?;
    }
    let text = include_str!("newer.py");
    let code = crate::vm::run::compile_text(cx, text, "<frozen traceback>", crate::syntax::Mode::Exec)?;
    let code = make_code(cx, &code);
    crate::vm::import_find::run_code(cx, code, &dict, None).map(drop)
}
