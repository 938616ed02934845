//! How long answers take on a heap of a million objects: why, a snapshot, what grew, where the memory is.
//!
//! `cargo bench --bench answers`. With `OURO_REFERENCE=/path/to/python3.11` the reference counts types and counts
//! of the tracked objects of the same heap, and looks for the holders along one way, one `gc.get_referrers` a step.
use std::process::Command;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use ouro::session::engine::spawn;
use ouro::session::link::EngineHandle;
use ouro::session::protocol::{Answer, Event, Query, Request, SizesBy, Subject};
use ouro::vm::Options;

/// A million objects: instances, a float and a list in each, and a list of them in an order that is not that of birth.
const HEAP: &str = "
class Node: pass

nodes = []
for i in range(330000):
    n = Node()
    n.number = i * 1.5
    n.tag = [n]
    nodes.append(n)
    del n
order = [nodes[i * 7919 % 330000] for i in range(330000)]
nodes = None
held = order[200000]
target = order[100].number
deep = {'a': {'b': [order[123456].tag]}}
";

const REFERENCE: &str = "
import gc, sys, time
from collections import Counter
start = time.perf_counter()
objects = gc.get_objects()
types = Counter(map(type, objects))
counts = [sys.getrefcount(o) for o in objects]
print('snapshot of types and counts', round((time.perf_counter() - start) * 1000), 'ms,', len(objects), 'objects')
del objects, counts
x = deep['a']['b']
start = time.perf_counter()
gc.get_referrers(x)
print('one step of referrers', round((time.perf_counter() - start) * 1000), 'ms')
";

fn ask(handle: &EngineHandle, events: &Receiver<Event>, ticket: u64, query: Query) -> (Answer, Duration) {
    let begin = Instant::now();
    handle.ask(ticket, query).expect("the engine listens");
    loop {
        if let Event::Answer { ticket: whose, answer } = events.recv().expect("the engine answers")
            && whose == ticket
        {
            return (answer, begin.elapsed());
        }
    }
}

fn prompt(events: &Receiver<Event>) {
    while !matches!(events.recv().expect("the engine lives"), Event::Prompt { .. }) {}
}

fn main() {
    let (handle, events) =
        spawn(Options { argv: vec![String::new()], ..Options::default() }).expect("a thread");
    prompt(&events);
    for source in [HEAP.split("\n\n").next().unwrap_or(""), ""] {
        handle.send(Request::Evaluate { source: format!("{source}\n\n") }).expect("the engine listens");
        prompt(&events);
    }
    let rest = HEAP.split("\n\n").nth(1).unwrap_or("");
    handle.send(Request::Evaluate { source: format!("exec({rest:?})\n") }).expect("the engine listens");
    prompt(&events);
    let mut ticket = 0;
    let mut best = |name: &str, query: Query| {
        let mut least = Duration::MAX;
        let mut last = None;
        for _ in 0..5 {
            ticket += 1;
            let (answer, spent) = ask(&handle, &events, ticket, query.clone());
            least = least.min(spent);
            last = Some(answer);
        }
        println!("{name:<40} {:>8.1} ms", least.as_secs_f64() * 1000.0);
        last
    };
    for expression in ["held", "target", "order[329999].number", "deep['a']['b'][0]", "Node", "None"] {
        let answer =
            best(&format!("why {expression}"), Query::Why(Subject::Expression(expression.to_owned())));
        match answer {
            Some(Answer::Why(report)) => assert_eq!(report.holders.unexplained, 0, "{expression}"),
            other => panic!("{expression}: {other:?}"),
        }
    }
    if let Some(Answer::Marked { objects, .. }) = best("mark (a snapshot)", Query::Mark) {
        println!("{objects} objects");
    }
    best("diff (a snapshot, and what changed)", Query::Growth);
    best("sizes by type", Query::Sizes(SizesBy::Type));
    best("sizes by owner (dominators)", Query::Sizes(SizesBy::Owner));
    best("sizes by line", Query::Sizes(SizesBy::Line));
    let _ = handle.send(Request::Quit);
    if let Some(reference) = std::env::var_os("OURO_REFERENCE") {
        let output = Command::new(reference).args(["-c", &format!("{HEAP}\n{REFERENCE}")]).output();
        println!("reference:\n{}", String::from_utf8_lossy(&output.expect("the reference runs").stdout));
    }
}
