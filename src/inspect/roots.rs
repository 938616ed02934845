//! References that no object holds: frames, the interpreter's own fields, tables of native code.
use std::fmt;

use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::TypeFlags;
use crate::objects::look::as_class;
use crate::vm::Ctx;
use crate::vm::frame::{Frame, Owner};

/// Which of the running frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameLabel {
    /// `co_qualname`.
    pub function: String,
    /// The line that runs; 0 where the code has none.
    pub line: u32,
    /// 0 is the innermost.
    pub depth: usize,
}

impl FrameLabel {
    /// Of a running frame. The innermost stands before an instruction, the others are inside one.
    pub fn of(frame: &Frame, depth: usize) -> FrameLabel {
        let line = if depth == 0 { frame.next_line().or(frame.line()) } else { frame.line() };
        FrameLabel {
            function: frame.code().qualname.to_string_lossy(),
            line: line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0),
            depth,
        }
    }
}

impl fmt::Display for FrameLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.function),
            line => write!(f, "{} line {line}", self.function),
        }
    }
}

/// What a root is called.
#[derive(Clone, Copy, Debug)]
pub enum RootName<'a> {
    Local(&'a FrameLabel, &'a str),
    /// A slot of a frame's value stack, from the bottom.
    Stack(&'a FrameLabel, usize),
    /// Something else that a frame holds.
    Part(&'a FrameLabel, &'static str),
    Other(&'a str),
}

impl fmt::Display for RootName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RootName::Local(frame, name) => write!(f, "local {name} of {frame}"),
            RootName::Stack(frame, slot) => write!(f, "value stack of {frame}, slot {slot}"),
            RootName::Part(frame, part) => write!(f, "{part} of {frame}"),
            RootName::Other(name) => f.write_str(name),
        }
    }
}

/// The root that [`is_static_type`] tells of.
pub const STATIC_TYPES: &str = "the interpreter (built-in types)";

/// Types that are not made by a `class` statement live as long as the interpreter, which holds each once.
pub fn is_static_type(object: &Object) -> bool {
    as_class(object).is_some_and(|class| !class.has_flag(TypeFlags::HEAPTYPE))
}

/// Shows every root but those of [`is_static_type`], for which the heap must be walked: what it is called, and what it
/// holds. A root that holds something twice shows it twice. Those of [`each_likely_root`] are among them.
pub fn each_held_root<'h>(cx: Ctx, still: Still<'h>, each: &mut dyn FnMut(RootName<'_>, &'h Object)) {
    each_certain_root(cx, still, each);
    each_likely_root(cx, &mut |name, address| {
        if let Some(object) = still.at(address) {
            each(name, object);
        }
    });
}

/// What native calls at work hold as far as it has a name, by address: value stacks of the frames that made the calls,
/// as they were when the calls began, and what native code says it holds. Part of it may have been taken from there
/// and released, or be borrowed: so these explain counts that nothing else explains, see [`super::native`].
pub fn each_likely_root(cx: Ctx, each: &mut dyn FnMut(RootName<'_>, usize)) {
    let mut depth = 0;
    cx.each_frame(&mut |frame| {
        let words = frame.stack_before_call();
        if !words.is_empty() {
            let label = FrameLabel::of(frame, depth);
            for (index, address) in words {
                each(RootName::Stack(&label, index), address);
            }
        }
        depth += 1;
    });
    cx.each_hold(&mut |name, address| each(RootName::Other(name), address));
}

/// As [`each_held_root`], without those of [`each_likely_root`].
pub fn each_certain_root<'h>(cx: Ctx, still: Still<'h>, each: &mut dyn FnMut(RootName<'_>, &'h Object)) {
    let mut depth = 0;
    cx.each_frame(&mut |frame| {
        let label = FrameLabel::of(frame, depth);
        depth += 1;
        if frame.is_shown_by_generator() {
            return;
        }
        for (index, object) in frame.local_values().into_iter().enumerate() {
            if let Some(object) = object {
                let name = frame.code().local_name(index).to_string_lossy();
                each(RootName::Local(&label, &name), still.keep(object));
            }
        }
        for (index, object) in frame.stack_values().into_iter().enumerate() {
            if let Some(object) = object {
                each(RootName::Stack(&label, index), still.keep(object));
            }
        }
        // A generator shows everything else that its frame holds, also while it runs.
        if frame.owner != Owner::Generator {
            frame.each_part(&mut |part, object| each(RootName::Part(&label, part), still.keep(object)));
        }
    });
    cx.each_root(&mut |name, object| each(RootName::Other(name), still.keep(object)));
    crate::objects::look::each_static(&mut |name, object| each(RootName::Other(name), still.keep(object)));
}
