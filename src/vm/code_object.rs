//! `code`: a plain code object made live: its constants are objects, its instructions can be
//! specialised in place.

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::Arc;

use super::Ctx;
use crate::code::location::{self, Location};
use crate::code::object::{CodeObject, Const, Text, flags, kind};
use crate::code::verify::{self, Refusal};
use crate::memory::{Layout as MemoryLayout, Object, Ref, dealloc_as, new_ref};
use crate::objects::spec::{Layout, TypeFlags};
use crate::objects::{Slots, StrObject, TupleObject, TypeObject, TypeSpec, TypedLayout, Types, types};

/// A live code object. Immutable but for the specialised instructions.
#[repr(C)]
pub struct Code {
    pub object: Object,
    pub consts: Ref<TupleObject>,
    pub names: Ref<TupleObject>,
    pub localsplusnames: Ref<TupleObject>,
    pub filename: Ref<StrObject>,
    pub name: Ref<StrObject>,
    pub qualname: Ref<StrObject>,
    pub weaklist: Cell<usize>,
    /// What it was made from.
    pub plain: Arc<CodeObject>,
    /// The instructions as executed: opcode in the low byte, specialised in place.
    units: Box<[Cell<u16>]>,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub flags: u32,
    /// Local variables, cells among them.
    pub nlocals: u32,
    pub nlocalsplus: u32,
    /// Cells that are not arguments or locals.
    pub ncellvars: u32,
    pub nfreevars: u32,
    /// Words of a frame: header, localsplus, stack.
    pub framesize: u32,
    /// Code unit of the first instruction at or after which a frame may be shown: behind `RESUME 0`'s
    /// prologue.
    pub first_traceable: Cell<u32>,
    /// Why the code may not run: `units` then holds one instruction that says so.
    pub refusal: Option<Refusal>,
    /// Classic: a frame of the last call waits for the next.
    pub spare_frame: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for Code {}
// SAFETY: `code` cannot be subclassed; every instance has this layout.
unsafe impl TypedLayout for Code {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.code
    }
}

impl Code {
    /// The first code unit.
    #[inline(always)]
    pub fn first_instr(&self) -> *const u16 {
        self.units.as_ptr().cast()
    }

    /// The instructions as executed.
    pub fn units(&self) -> &[Cell<u16>] {
        &self.units
    }

    /// Whether arguments and locals live in slots only (functions).
    #[inline(always)]
    pub fn is_optimized(&self) -> bool {
        self.flags & flags::OPTIMIZED != 0
    }

    /// The source range of the instruction at a byte offset.
    pub fn location_of(&self, lasti: i32) -> Location {
        match u32::try_from(lasti) {
            Ok(offset) => location::lookup(&self.plain.linetable, self.plain.firstlineno, offset),
            // Before the first instruction: the line of the definition.
            Err(_) => Location { line: Some(self.plain.firstlineno), ..Location::default() },
        }
    }

    /// The line of the instruction at a byte offset.
    pub fn line_of(&self, lasti: i32) -> Option<i32> {
        self.location_of(lasti).line
    }

    /// Name of a localsplus slot.
    pub fn local_name(&self, index: usize) -> &StrObject {
        // SAFETY: the tuple was filled with strings by `make_code`.
        unsafe { self.localsplusnames.as_slice()[index].cast::<StrObject>() }
    }

    /// Kind bits of a localsplus slot (`code::object::kind`).
    pub fn local_kind(&self, index: usize) -> u8 {
        self.plain.localspluskinds[index]
    }
}

/// Makes a code object live, nested ones included. Equal constants of the whole tree become one
/// object, strings that look like identifiers are interned, as the reference compiler does.
pub fn make_code(cx: Ctx, plain: &Arc<CodeObject>) -> Ref<Code> {
    Maker::new(cx, true).code(plain)
}

/// As [`make_code`], for code that our compiler did not just make: what the verifier refuses becomes a
/// code object that shows as it is and raises `SystemError` when it is run.
pub fn make_foreign_code(cx: Ctx, plain: &Arc<CodeObject>) -> Ref<Code> {
    Maker::new(cx, false).code(plain)
}

/// Makes one constant live; code in it is foreign.
pub fn make_const(cx: Ctx, constant: &Const) -> Ref {
    Maker::new(cx, false).constant(constant)
}

/// Stack depth that a foreign code object may declare beyond what it can reach: all of it is memory.
const SPARE_STACK: u32 = 1 << 12;

/// What stands where refused code would: no opcode has this number.
const REFUSED: u16 = 0xff;

/// The live objects of a code object.
pub struct Parts {
    pub consts: Ref<TupleObject>,
    /// Interned strings only, as is `localsplusnames`.
    pub names: Ref<TupleObject>,
    pub localsplusnames: Ref<TupleObject>,
    pub filename: Ref<StrObject>,
    pub name: Ref<StrObject>,
    pub qualname: Ref<StrObject>,
}

/// A code object of plain data and the objects that the data describes. Unless it is `trusted`, the
/// verifier has a look.
pub fn assemble(_cx: Ctx, plain: Arc<CodeObject>, parts: Parts, trusted: bool) -> Ref<Code> {
    let verified = match (trusted, crate::era::is_classic()) {
        (true, _) => Ok(plain.stacksize),
        (false, true) => verify::verify_classic(&plain),
        (false, false) => verify::verify(&plain),
    };
    let refusal = verified.err();
    let deepest = verified.map_or(1, |deepest| plain.stacksize.min(deepest.saturating_add(SPARE_STACK)));
    let units: Box<[Cell<u16>]> = match refusal {
        Some(_) => Box::new([Cell::new(REFUSED)]),
        None => {
            plain.code.chunks_exact(2).map(|unit| Cell::new(u16::from_le_bytes([unit[0], unit[1]]))).collect()
        }
    };
    let count = |bit: u8| plain.localspluskinds.iter().filter(|k| **k & bit != 0).count() as u32;
    let (nlocals, ncellvars, nfreevars) = (count(kind::LOCAL), count(kind::CELL), count(kind::FREE));
    let nlocalsplus = plain.localsplusnames.len() as u32;
    // Nothing is bound to variables that may not be there.
    let of_sound = |count: u32| if refusal.is_some() { 0 } else { count };
    let (argcount, posonlyargcount) = (of_sound(plain.argcount), of_sound(plain.posonlyargcount));
    let kwonlyargcount = of_sound(plain.kwonlyargcount);
    let stars = flags::VARARGS | flags::VARKEYWORDS;
    let live_flags = if refusal.is_some() { plain.flags & !stars } else { plain.flags };
    let first_traceable = units
        .iter()
        .position(|unit| unit.get() & 0xff == u16::from(crate::code::opcode::op::RESUME))
        .unwrap_or(0);
    let Parts { consts, names, localsplusnames, filename, name, qualname } = parts;
    new_ref(&types().code.core, |object| Code {
        object,
        consts,
        names,
        localsplusnames,
        filename,
        name,
        qualname,
        weaklist: Cell::new(0),
        argcount,
        posonlyargcount,
        kwonlyargcount,
        flags: live_flags,
        nlocals,
        nlocalsplus,
        ncellvars,
        nfreevars,
        framesize: super::frame::FRAME_WORDS as u32 + nlocalsplus + deepest,
        first_traceable: Cell::new(first_traceable as u32),
        spare_frame: Cell::new(false),
        refusal,
        units,
        plain,
    })
}

struct Maker {
    cx: Ctx,
    /// The code comes from our own compiler.
    trusted: bool,
    /// Constants made so far, found through `index` by a hash of their contents.
    made: Vec<(Const, Ref)>,
    index: std::collections::HashMap<u64, Vec<usize>>,
}

impl Maker {
    fn new(cx: Ctx, trusted: bool) -> Self {
        // The verifier knows the modern instructions only; in the classic era all code is our own compiler's.
        let trusted = trusted || crate::era::is_classic();
        Maker { cx, trusted, made: Vec::new(), index: std::collections::HashMap::new() }
    }

    fn code(&mut self, plain: &Arc<CodeObject>) -> Ref<Code> {
        let parts = Parts {
            consts: self.tuple(plain.consts.clone(), &mut |maker, item| maker.constant(item)),
            names: self.names(&plain.names),
            localsplusnames: self.names(&plain.localsplusnames),
            filename: self.string(&plain.filename, false),
            name: self.string(&plain.name, true),
            qualname: self.string(&plain.qualname, true),
        };
        assemble(self.cx, plain.clone(), parts, self.trusted)
    }

    fn names(&mut self, names: &[Text]) -> Ref<TupleObject> {
        let names = names.iter().cloned().map(Const::Str).collect();
        self.tuple(names, &mut |maker, name| match name {
            Const::Str(name) => maker.string(name, true).into_object(),
            other => maker.constant(other),
        })
    }

    /// A tuple of constants or names: one object with every equal one of the tree.
    fn tuple(
        &mut self,
        items: Vec<Const>,
        item: &mut dyn FnMut(&mut Self, &Const) -> Ref,
    ) -> Ref<TupleObject> {
        let constant = Const::Tuple(items.into());
        let key = content_hash(&constant);
        let made = match self.known(key, &constant) {
            Some(known) => known,
            None => {
                let Const::Tuple(items) = &constant else { return self.cx.new_tuple(Vec::new()) };
                let items = items.iter().map(|one| item(self, one)).collect();
                let made = self.cx.new_tuple(items).into_object();
                self.remember(key, constant, &made);
                made
            }
        };
        // SAFETY: a `Const::Tuple` becomes an exact tuple.
        unsafe { made.cast_unchecked() }
    }

    fn known(&self, key: u64, constant: &Const) -> Option<Ref> {
        let candidates = self.index.get(&key)?;
        let &at = candidates.iter().find(|&&at| self.made[at].0.same(constant))?;
        Some(self.made[at].1.clone())
    }

    fn remember(&mut self, key: u64, constant: Const, made: &Ref) {
        self.index.entry(key).or_default().push(self.made.len());
        self.made.push((constant, made.clone()));
    }

    fn string(&mut self, text: &Text, intern: bool) -> Ref<StrObject> {
        let made = self.constant(&Const::Str(text.clone()));
        // SAFETY: a `Const::Str` becomes an exact string.
        let made: Ref<StrObject> = unsafe { made.cast_unchecked() };
        if intern { self.cx.intern_ref(made) } else { made }
    }

    fn constant(&mut self, constant: &Const) -> Ref {
        let cx = self.cx;
        match constant {
            Const::None => return cx.none(),
            Const::True => return cx.bool(true),
            Const::False => return cx.bool(false),
            Const::Ellipsis => return cx.ellipsis(),
            Const::Code(code) => return self.code(code).into_object(),
            _ => {}
        }
        let key = content_hash(constant);
        if let Some(known) = self.known(key, constant) {
            return known;
        }
        let made = match constant {
            Const::Int(value) => cx.new_bigint(value.clone()),
            Const::Long(value) => crate::objects::classic::new_long(cx, value),
            Const::Unicode(text) => {
                let points: Vec<u32> = text.code_points().collect();
                crate::objects::classic::new_unicode(cx, &points)
            }
            Const::Float(value) => cx.new_float(*value),
            Const::Complex { re, im } => cx.new_complex(*re, *im),
            Const::Str(text) => {
                let string = match text.as_str() {
                    Some(text) => cx.new_str(text),
                    None => cx.new_str_from_code_points(&text.code_points().collect::<Vec<_>>()),
                };
                if looks_like_name(text) { cx.intern_ref(string).into_object() } else { string.into_object() }
            }
            Const::Bytes(bytes) => cx.new_bytes(bytes).into_object(),
            Const::Tuple(items) => {
                let items = items.iter().map(|item| self.constant(item)).collect();
                cx.new_tuple(items).into_object()
            }
            Const::FrozenSet(items) => {
                let items: Vec<Ref> = items.iter().map(|item| self.constant(item)).collect();
                crate::objects::set::new_frozenset(cx, &items).unwrap_or_else(|raised| {
                    cx.clear_exception(raised);
                    cx.none()
                })
            }
            _ => unreachable!("handled above"),
        };
        self.remember(key, constant.clone(), &made);
        made
    }
}

/// CPython interns constant strings made only of letters, digits and underscores.
fn looks_like_name(text: &Text) -> bool {
    text.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

fn content_hash(constant: &Const) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    fn feed(constant: &Const, hasher: &mut DefaultHasher) {
        std::mem::discriminant(constant).hash(hasher);
        match constant {
            Const::Int(value) | Const::Long(value) => value.hash(hasher),
            Const::Float(value) => value.to_bits().hash(hasher),
            Const::Complex { re, im } => (re.to_bits(), im.to_bits()).hash(hasher),
            Const::Str(text) | Const::Unicode(text) => text.hash(hasher),
            Const::Bytes(bytes) => bytes.hash(hasher),
            Const::Tuple(items) | Const::FrozenSet(items) => items.iter().for_each(|item| feed(item, hasher)),
            Const::Code(code) => (Arc::as_ptr(code) as usize).hash(hasher),
            _ => {}
        }
    }
    let mut hasher = DefaultHasher::new();
    feed(constant, &mut hasher);
    hasher.finish()
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the `code` type.
    unsafe {
        super::classic::frames::forget(object.as_ref().cast::<Code>());
        dealloc_as::<Code>(object)
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "code",
    doc: Some("Create a code object.  Not for mere mortals."),
    layout: Layout::plain::<Code>().weaklist(std::mem::offset_of!(Code, weaklist)),
    basicsize: 176,
    itemsize: 1,
    flags: TypeFlags::NONE,
    dealloc: Some(dealloc),
    slots: Slots {
        repr: Some(super::code_attrs::repr),
        hash: Some(super::code_attrs::hash),
        richcompare: Some(super::code_attrs::richcompare),
        ..Slots::EMPTY
    },
    methods: super::code_attrs::METHODS,
    members: super::code_attrs::MEMBERS,
    getset: super::code_attrs::GETSET,
    ..TypeSpec::EMPTY
};
