//! Mutation fuzzing of what reads bytes from outside: `marshal`, `.pyc` files and source text.
//!
//! Inputs are real ones, changed by bytes and by structure. Each must end in a value or an error: no
//! panic, no crash, in bounded time and memory; code objects that come out are verified, shown, written
//! again and run. The run in `cargo test` is short and always the same;
//!
//! ```text
//! OURO_FUZZ=10000000 [OURO_FUZZ_SEED=7] [OURO_FUZZ_ONLY=source] cargo test --release --test fuzz -- --nocapture
//! ```
//!
//! makes so many executions. What fails is reported with the number of its execution; with
//! `OURO_FUZZ_FROM=<number>` the run starts there.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ouro::code::marshal::{self, Value};
use ouro::code::object::{CodeObject, Const};
use ouro::code::{dis, exception_table, location, pyc, verify};
use ouro::compile::Options as CompileOptions;
use ouro::syntax::{Mode, Origin};
use ouro::vm::lifecycle::Interpreter;
use ouro::vm::state::{raise_signal, signal};

/// Executions in `cargo test`.
const SMOKE: u64 = 4_000;
/// Longest time for one input; a debug build on a busy machine is slow.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 10 });
/// Most memory for one input beyond what is proportional to it.
const MEMORY: usize = 192 << 20;
const STACK: usize = 512 << 20;

/// Counts what is allocated, so that an input which asks for much is found.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// xorshift64*: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64, execution: u64) -> Self {
        let mut mixed = seed.wrapping_add(execution.wrapping_mul(0x9e37_79b9_7f4a_7c15)) | 1;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Random((mixed ^ (mixed >> 27)) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 16) as usize % limit.max(1)
    }

    fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

const NUMBERS: [i32; 14] =
    [0, 1, -1, 2, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 1 << 24, i32::MAX, i32::MIN];

/// Changes any bytes.
fn mutate_bytes(random: &mut Random, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let at = random.below(bytes.len() + 1);
    let here = at.min(bytes.len().saturating_sub(1));
    match random.below(9) {
        0 | 1 if !bytes.is_empty() => bytes[here] ^= 1 << random.below(8),
        2 if !bytes.is_empty() => bytes[here] = random.next() as u8,
        3 => bytes.insert(at, random.next() as u8),
        4 if !bytes.is_empty() => {
            let len = 1 + random.below(8.min(bytes.len() - here));
            bytes.drain(here..here + len);
        }
        5 => {
            let number = NUMBERS[random.below(NUMBERS.len())].to_le_bytes();
            for (to, from) in bytes[at..].iter_mut().zip(number) {
                *to = from;
            }
        }
        6 => {
            let end = (at + 1 + random.below(64)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        7 => {
            let other = &others[random.below(others.len())];
            let start = random.below(other.len());
            let end = (start + 1 + random.below(100)).min(other.len());
            let to = (at + random.below(20)).min(bytes.len());
            bytes.splice(at..to, other[start..end].iter().copied());
        }
        _ => bytes.truncate(at),
    }
}

/// Changes what looks like a record of the marshal format: its type, its flag, its size, its index.
fn mutate_marshal(random: &mut Random, bytes: &mut Vec<u8>) {
    const TYPES: &[u8] = b"0NFTS.ilfgxystuaAzZ()[{<>cr";
    let places: Vec<usize> = (0..bytes.len()).filter(|&at| TYPES.contains(&(bytes[at] & 0x7f))).collect();
    if places.is_empty() {
        return;
    }
    let at = places[random.below(places.len())];
    match random.below(6) {
        0 => bytes[at] ^= 0x80,
        1 => bytes[at] = TYPES[random.below(TYPES.len())] | (bytes[at] & 0x80),
        2 | 3 => {
            let small = random.below(40) as i32;
            let number = if random.below(2) == 0 { small } else { NUMBERS[random.below(NUMBERS.len())] };
            for (to, from) in bytes[at + 1..].iter_mut().zip(number.to_le_bytes()) {
                *to = from;
            }
        }
        4 => {
            let mut reference = vec![b'r'];
            reference.extend((random.below(60) as i32).to_le_bytes());
            let end = (at + random.below(12)).min(bytes.len());
            bytes.splice(at..end, reference);
        }
        _ => {
            // A level of nesting more.
            let opening: &[u8] = random.pick(&[b"\xa9\x01", b"\xdb\x01\0\0\0", b"\xbe\x01\0\0\0", b"{N"]);
            bytes.splice(at..at, opening.iter().copied());
        }
    }
}

/// Changes instructions of the first code object: the bytecode is the first string of the stream.
fn mutate_instructions(random: &mut Random, bytes: &mut [u8]) {
    let Some(start) = bytes.iter().position(|byte| byte & 0x7f == b's') else { return };
    let Some(size) = bytes.get(start + 1..start + 5).and_then(|size| size.try_into().ok()) else { return };
    let size = (u32::from_le_bytes(size) as usize).min(bytes.len() - start - 5);
    if size < 2 {
        return;
    }
    for _ in 0..1 + random.below(3) {
        let at = start + 5 + 2 * random.below(size / 2);
        let from = start + 5 + 2 * random.below(size / 2);
        match random.below(4) {
            0 => bytes[at] = bytes[from],
            1 => bytes[at + 1] = random.below(12) as u8,
            2 => bytes[at + 1] = random.next() as u8,
            _ => {
                bytes.swap(at, from);
                bytes.swap(at + 1, from + 1);
            }
        }
    }
}

const WORDS: &[&str] = &[
    "if",
    "else:",
    "def f(",
    "class",
    "lambda x:",
    "return",
    "yield",
    "await",
    "async",
    "for x in",
    "while",
    "try:",
    "except*",
    "finally:",
    "with",
    "match x:",
    "case",
    "not",
    "in",
    "is",
    "and",
    "or",
    "*",
    "**",
    "//",
    "@",
    ":=",
    "->",
    "...",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ";",
    ",",
    "=",
    "==",
    "!=",
    "\\\n",
    "\n",
    "\t",
    "    ",
    "#",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "f'{",
    "}'",
    "b'",
    "rb'",
    "0x",
    "1e9",
    "0b2",
    "1_",
    "1j",
    "0o9",
    "\\N{",
    "\\u12",
    "\\xff",
    "\u{e9}",
    "\u{4f60}",
    "\u{200b}",
    "\0",
    "\x0c",
    "\r",
    "global x",
    "nonlocal x",
    "del",
    "import",
    "from . import",
    "raise",
    "assert",
    "pass",
    "break",
    "continue",
    "None",
    "True",
    "print ",
    "exec ",
    "`",
    "<>",
    "$",
    "?",
    "!",
    "~",
    "-",
    "# coding: latin-1\n",
    "1 if 2 else",
    "x for x in",
];

/// Changes words and lines.
fn mutate_source(random: &mut Random, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let breaks: Vec<usize> = std::iter::once(0)
        .chain((0..bytes.len()).filter(|&at| !bytes[at].is_ascii_alphanumeric()))
        .chain([bytes.len()])
        .collect();
    let at = breaks[random.below(breaks.len())];
    let to = breaks[random.below(breaks.len())];
    match random.below(6) {
        0 | 1 => {
            let word = WORDS[random.below(WORDS.len())];
            bytes.splice(at..at, word.bytes());
        }
        2 => {
            let end = (at + random.below(12)).min(bytes.len());
            let word = WORDS[random.below(WORDS.len())];
            bytes.splice(at..end, word.bytes());
        }
        3 => {
            bytes.drain(at.min(to)..(at.min(to) + at.abs_diff(to).min(40)));
        }
        4 => {
            let count = 1 + random.below(300);
            let word = WORDS[random.below(WORDS.len())];
            bytes.splice(at..at, word.repeat(count).into_bytes());
        }
        _ => mutate_bytes(random, bytes, others),
    }
}

fn nested(code: &CodeObject, each: &mut dyn FnMut(&CodeObject)) {
    let mut pending = vec![code];
    while let Some(code) = pending.pop() {
        each(code);
        pending.extend(code.consts.iter().filter_map(|item| match item {
            Const::Code(code) => Some(&**code),
            _ => None,
        }));
    }
}

/// Everything that is done with a code object that was read.
fn examine(code: &CodeObject) {
    nested(code, &mut |code| {
        let _ = verify::verify(code);
        let _ = verify::verify_classic(code);
        let _ = exception_table::lookup(&code.exceptiontable, 10);
        let _ = location::lookup(&code.linetable, code.firstlineno, 20);
        let _ = location::line_starts(&code.linetable, code.firstlineno).count();
        let _ = location::positions(&code.linetable, code.firstlineno).take(1 << 16).count();
    });
    let _ = dis::disassemble(code, &|_| String::new(), dis::Options { depth: Some(2), ..Default::default() });
    if let Ok(bytes) = marshal::dumps_code(code) {
        assert!(marshal::loads_code(&bytes).is_ok(), "what was written can be read");
    }
}

fn plain_marshal(bytes: &[u8]) {
    if let Ok(value) = marshal::loads(bytes) {
        for version in [0, 2, 4] {
            let _ = marshal::dumps(&value, version);
        }
        if let Value::Plain(Const::Code(code)) = &value {
            examine(code);
        }
    }
}

fn pyc_file(bytes: &[u8]) {
    if let Ok((validation, code)) = pyc::read(bytes) {
        let _ = pyc::to_bytes(&code, validation);
        examine(&code);
    }
}

fn source_text(bytes: &[u8]) {
    if let Ok(text) = ouro::syntax::decode_source(bytes, "f.py", Origin::Script) {
        for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
            if let Ok(code) = ouro::compile::compile(&text, "f.py", mode, CompileOptions::default()) {
                // What we compile, we may run.
                nested(&code, &mut |code| {
                    assert!(verify::verify(code).is_ok(), "our code passes: {}", code.qualname);
                });
            }
        }
    }
}

/// `marshal.loads` on live objects, and running the code that comes out, in an interpreter of its own.
struct Live {
    interpreter: Interpreter,
}

impl Live {
    fn new() -> Self {
        let options = ouro::vm::Options { memory_limit: Some(256 << 20), ..Default::default() };
        Live { interpreter: Interpreter::start(options, STACK).expect("an interpreter") }
    }

    fn run(&self, bytes: &[u8]) {
        let cx = self.interpreter.cx();
        // Code with handlers could catch the interrupt that ends a loop, again and again: it is not run.
        let driver = "\
import marshal
def calm(code):
    nested = [item for item in code.co_consts if hasattr(item, 'co_code')]
    return not code.co_exceptiontable and all(calm(item) for item in nested)
def attempt(data):
    try:
        value = marshal.loads(data)
        marshal.dumps(value)
        if hasattr(value, 'co_code'):
            [*value.co_lines(), *value.co_positions()]
            if calm(value):
                names = {'range': range, 'len': len, 'super': super, '__build_class__': __build_class__}
                exec(value, {'__builtins__': names})
    except BaseException:
        pass
";
        let main = self.interpreter.main_dict();
        let name = cx.intern("attempt");
        if main.get_str(cx, &name).is_none() {
            let made = ouro::vm::run::run_source(cx, driver.as_bytes(), "<driver>", &main);
            assert!(made.is_ok(), "the driver runs");
        }
        let attempt = main.get_str(cx, &name).expect("the driver was defined");
        let data = cx.new_bytes(bytes).into_object();
        if let Err(raised) = cx.call(&attempt, &[data]) {
            cx.clear_exception(raised);
        }
    }
}

/// What runs now, for the watchdog.
static RUNNING: AtomicU64 = AtomicU64::new(0);
static STARTED: Mutex<Option<Instant>> = Mutex::new(None);
static LIVE: AtomicBool = AtomicBool::new(false);

/// Interrupts programs that run on, and ends the process when that does not help.
fn watch(target: &'static str) {
    loop {
        std::thread::sleep(Duration::from_millis(30));
        let started = *STARTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(elapsed) = started.map(|started| started.elapsed()) else { continue };
        if LIVE.load(Ordering::Relaxed) && elapsed > Duration::from_millis(60) {
            raise_signal(signal::INTERRUPT);
        }
        if elapsed > LIMIT {
            eprintln!("{target}: execution {} does not end", RUNNING.load(Ordering::Relaxed));
            std::process::abort();
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.replace('_', "").parse().ok()
}

fn fuzz(
    target: &'static str,
    share: u64,
    seeds: Vec<Vec<u8>>,
    change: impl Fn(&mut Random, &mut Vec<u8>, &[Vec<u8>]),
    run: impl Fn(&[u8]),
) {
    if std::env::var("OURO_FUZZ_ONLY").is_ok_and(|only| only != target) {
        return;
    }
    std::thread::spawn(move || watch(target));
    let total = number("OURO_FUZZ").unwrap_or(SMOKE) * share / 100;
    let (seed, first) = (number("OURO_FUZZ_SEED").unwrap_or(1), number("OURO_FUZZ_FROM").unwrap_or(0));
    let begin = Instant::now();
    let (mut slowest, mut largest) = (Duration::ZERO, 0);
    for execution in first..first + total {
        let mut random = Random::new(seed, execution);
        let mut bytes = seeds[random.below(seeds.len())].clone();
        for _ in 0..1 + random.below(4) {
            change(&mut random, &mut bytes, &seeds);
        }
        bytes.truncate(1 << 16);
        RUNNING.store(execution, Ordering::Relaxed);
        let started = Instant::now();
        *STARTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(started);
        let before = ALLOCATED.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&bytes)));
        *STARTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        let taken = PEAK.load(Ordering::Relaxed).saturating_sub(before);
        slowest = slowest.max(started.elapsed());
        largest = largest.max(taken);
        let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
        assert!(ended.is_ok(), "{target}: execution {execution} panics: {}", shown());
        assert!(
            taken <= MEMORY + 4000 * bytes.len(),
            "{target}: execution {execution} takes {taken} bytes: {}",
            shown()
        );
    }
    println!(
        "{target}: {total} executions in {:?}, the slowest {slowest:?}, the largest {largest} bytes",
        begin.elapsed()
    );
}

/// One target at a time: the watchdog and the counters are for one.
static TURN: Mutex<()> = Mutex::new(());

fn with_stack(work: impl FnOnce() + Send + 'static) {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    thread.expect("a thread").join().expect("no input fails");
}

const RECORDED: [&[u8]; 2] = [include_bytes!("marshal/sample.bin"), include_bytes!("dis/sample.bin")];

/// Small programs, whose code is small too: most changes hit something.
const PROGRAMS: &[&str] = &[
    "x = [i * 2 for i in range(9) if i]\ny = {**{'a': 1}, 'b': (2, 3.5)}\n",
    "def f(a, b=2, *c, d=3, **e):\n    for i in c:\n        b += i\n    return lambda: (a, b)\nf(1, 2, 3)()\n",
    "def g():\n    x = yield from [1, 2]\n    yield x\nfor v in g(): w = v\n",
    "try:\n    1 / 0\nexcept (ZeroDivisionError, TypeError) as e:\n    z = e\nfinally:\n    q = 1\n",
    "class A:\n    n: int = 1\n    def m(self): return super().m\ntry: A().m()\nexcept AttributeError: pass\n",
    "async def h(a):\n    async with a as b:\n        async for c in b:\n            await c\nx = h\n",
    "match [1, {'k': 2}]:\n    case [int(a), {'k': b, **r}] if b > 1: x = a\n    case _: pass\n",
    "class E(BaseException): pass\ntry:\n    raise E(1)\nexcept* E as e: x = e\nexcept* (E, E): raise\n",
    "i = 0\nwhile i < 50:\n    i += 1\n    if i % 7 == 3: continue\n    a, *b = 1, 2, i\n    s = f'{a!r:>4}{b}'\n",
    "def outer(n):\n    def inner(): nonlocal n; n += 1; return n\n    return inner\nk = outer(3); del k\nprint = len\n",
    "with open as f, f() as (a, b): x = a\n",
];

fn compiled() -> Vec<Vec<u8>> {
    let code = |text: &&str| {
        let code = ouro::compile::compile(text, "f.py", Mode::Exec, CompileOptions::default());
        marshal::dumps_code(&code.expect("the programs compile")).expect("code can be written")
    };
    PROGRAMS.iter().map(code).collect()
}

fn values() -> Vec<Vec<u8>> {
    let raw: [&[u8]; 6] = [
        b"[\x03\0\0\0i\x01\0\0\0z\x03abc\xf3\x02\0\0\0xy",
        b"{\xda\x01a[\0\0\0\0\xe9\x05\0\0\0\xa9\x02r\0\0\0\0r\x01\0\0\0<\x02\0\0\0i\x01\0\0\0i\x02\0\0\0N0",
        b">\x02\0\0\0g\0\0\0\0\0\0\xf8?y\0\0\0\0\0\0\xf8?\0\0\0\0\0\0\0@",
        b"l\x03\0\0\0\x01\0\x02\0\x03\0",
        b"\xdb\x02\0\0\0r\0\0\0\0u\x02\0\0\0\xc3\xa9",
        b"(\x03\0\0\0f\x031.5x\x011\x012t\x01\0\0\0q",
    ];
    raw.iter().map(|bytes| bytes.to_vec()).collect()
}

fn marshalled() -> Vec<Vec<u8>> {
    let recorded = RECORDED.iter().map(|bytes| bytes.to_vec());
    compiled().into_iter().chain(values()).chain(recorded).collect()
}

fn change_marshal(random: &mut Random, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    match random.below(4) {
        0 => mutate_bytes(random, bytes, others),
        1 => mutate_instructions(random, bytes),
        _ => mutate_marshal(random, bytes),
    }
}

#[test]
fn marshal_plain() {
    with_stack(|| fuzz("marshal", 40, marshalled(), change_marshal, plain_marshal));
}

#[test]
fn pyc_files() {
    let with_header = |flags: u32| {
        let header = [&pyc::MAGIC[..], &flags.to_le_bytes(), &[1, 2, 3, 4, 5, 6, 7, 8]].concat();
        compiled().into_iter().map(move |code| [&header[..], &code].concat())
    };
    let seeds: Vec<Vec<u8>> = with_header(0).chain(with_header(1)).chain(with_header(3)).collect();
    with_stack(move || fuzz("pyc", 20, seeds, change_marshal, pyc_file));
}

#[test]
fn source() {
    let mut seeds: Vec<Vec<u8>> = PROGRAMS.iter().map(|text| text.as_bytes().to_vec()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["tests/scripts/language", "tests/scripts/tracebacks", "demo_scripts"] {
        let mut files: Vec<_> =
            std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten().map(|e| e.path()).collect();
        files.sort();
        let scripts = files.iter().filter(|path| path.extension().is_some_and(|end| end == "py"));
        seeds.extend(scripts.filter_map(|path| std::fs::read(path).ok()).filter(|text| text.len() < 3000));
    }
    with_stack(move || fuzz("source", 30, seeds, mutate_source, source_text));
}

#[test]
fn marshal_live() {
    with_stack(|| {
        LIVE.store(true, Ordering::Relaxed);
        let live = Live::new();
        let seeds = compiled().into_iter().chain(values()).collect();
        fuzz("live", 10, seeds, change_marshal, |bytes| live.run(bytes));
        LIVE.store(false, Ordering::Relaxed);
        drop(live);
    });
}
