//! All of the program's state in few words: two moments whose digests are equal are the same moment.
use std::fmt::Write;

use super::desk::Desk;
use crate::memory::gc::{query, state};
use crate::memory::look::Still;
use crate::vm::Ctx;

/// A hash that is the same in every process (FNV-1a on 64-bit words).
#[derive(Clone, Copy)]
struct Sum(u64);

impl Sum {
    fn new() -> Sum {
        Sum(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x100_0000_01b3).rotate_left(23);
    }
}

/// Names and values.
pub fn digest(cx: Ctx, still: Still<'_>, desk: &Desk) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
    fact("moment", cx.vm().executed.get().to_string());
    desk.outbox.flush(false);
    fact("output", desk.link.port().map_or(0, |end| end.output()).to_string());
    let mut depth = 0;
    cx.each_frame(&mut |frame| {
        let code = frame.code();
        let mut text = format!(
            "{}:{:?} at {} in {}, {} slots,",
            code.filename.to_string_lossy(),
            frame.next_line(),
            frame.lasti(),
            code.qualname.to_string_lossy(),
            frame.live_slots().len(),
        );
        for value in frame.local_values().into_iter().chain(frame.stack_values()) {
            // Writing to a string cannot fail.
            let _ = match value {
                Some(value) => write!(text, " {:x}*{}", value.address(), value.refcount()),
                None => write!(text, " -"),
            };
        }
        fact(&format!("frame {depth}"), text);
        depth += 1;
    });
    fact("counts", format!("{:?} of {:?}", state::counts(), state::thresholds()));
    for (generation, stats) in state::stats().iter().enumerate() {
        let name = format!("generation {generation}");
        let done = (stats.collections, stats.collected, stats.uncollectable);
        fact(&name, format!("{done:?}, {} now", query::len_of(generation)));
    }
    fact("long-lived", format!("{:?}, {} frozen", state::long_lived(), state::frozen_count()));
    let mut order = Sum::new();
    for generation in 0..4 {
        still.generation(generation, &mut |object| order.add(object.address() as u64));
    }
    fact("order", format!("{:x}", order.0));
    let (mut objects, mut sum) = (0u64, Sum::new());
    still.objects(&mut |object| {
        objects += 1;
        sum.add(object.address() as u64);
        sum.add(object.refcount() as u64);
        sum.add(object.type_ptr().addr() as u64);
        sum.add(crate::inspect::size::size_of(object));
    });
    fact("objects", format!("{objects}: {:x}", sum.0));
    facts
}
