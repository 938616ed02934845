//! References that no object holds: frames, the interpreter's own fields, tables of native code.
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::TypeFlags;
use crate::objects::look::as_class;
use crate::vm::Ctx;

/// Shows every root: what it is called, and what it holds. A root that holds something twice shows it twice.
pub fn each_root<'h>(cx: Ctx, still: Still<'h>, each: &mut dyn FnMut(String, &'h Object)) {
    let mut depth = 0;
    cx.each_frame(&mut |frame| {
        let function = frame.code().qualname.to_string_lossy();
        let place = if depth == 0 { function.clone() } else { format!("{function} ({depth} calls up)") };
        depth += 1;
        if frame.is_shown_by_generator() {
            return;
        }
        frame.each_held(&mut |held, object| {
            each(format!("{held} of {place}"), still.keep(object));
        });
        for (index, address) in frame.stack_before_call() {
            if let Some(object) = still.at(address) {
                each(format!("stack slot {index} of {place}"), object);
            }
        }
    });
    cx.each_root(&mut |name, object| each(name.to_owned(), still.keep(object)));
    // Types that are not made by a `class` statement live as long as the interpreter, which holds each once.
    still.objects(&mut |object| {
        if as_class(object).is_some_and(|class| !class.has_flag(TypeFlags::HEAPTYPE)) {
            each("the interpreter (built-in types)".to_owned(), object);
        }
    });
    crate::objects::look::each_static(&mut |name, object| each(name.to_owned(), still.keep(object)));
}
