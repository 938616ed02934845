//! Where objects were made: for each block of the heap the place in the program that its object came from, and in
//! which stretch between two marks.
//!
//! A place is the innermost line of the user's own code at the time, or an `import` statement in such a line. What
//! is written for a block is overwritten by its next object, so deaths need not be followed. Nothing is asked of
//! the program: the frame that runs is looked at, its instruction is known from the last time, and a number is stored.
use std::collections::HashMap;

use super::origin::is_users_frame;
use crate::code::opcode::op;
use crate::memory::events::{mark, unmark};
use crate::session::protocol::Location;
use crate::vm::Ctx;
use crate::vm::frame::Frame;

const PAGE_BITS: u32 = 14;
const PLACES: usize = 1 << (PAGE_BITS - 4);
/// Bits of the number of a place; the rest of a word is the stretch.
const SITE_BITS: u32 = 20;
const LAST_STRETCH: u32 = (1 << (32 - SITE_BITS)) - 1;
/// Pages from the first that lie in one list: 64 GiB.
const FAR: usize = 1 << 22;
/// Pages below the first one seen that may come.
const BELOW: usize = 1 << 12;
/// Instructions remembered.
const REMEMBERED: usize = 1 << 12;

/// Where and when an object was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Birth(u32);

impl Birth {
    /// The number of the place; 0 if it is not known.
    pub fn site(self) -> u32 {
        self.0 & ((1 << SITE_BITS) - 1)
    }

    /// How many marks had been set.
    pub fn stretch(self) -> u32 {
        self.0 >> SITE_BITS
    }
}

/// A place where objects are made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    pub location: Location,
    /// By what an `import` there ran.
    pub import: bool,
}

/// What is remembered of a code object.
#[derive(Clone, Copy, Debug)]
struct Kind {
    users: bool,
}

/// What is remembered of births.
#[derive(Debug)]
pub struct Births {
    /// The place of site number `n + 1`.
    sites: Vec<Site>,
    known: HashMap<Site, u32>,
    stretch: u32,
    /// By page, from `base` on.
    pages: Vec<Option<Box<[u32; PLACES]>>>,
    base: usize,
    /// Pages far from those.
    far: HashMap<usize, Box<[u32; PLACES]>>,
    /// By address of the code object.
    codes: HashMap<usize, Kind>,
    /// By address of the instruction: its site, when it is a line of the user's.
    memo: Vec<(usize, u32)>,
}

impl Default for Births {
    fn default() -> Births {
        Births {
            sites: Vec::new(),
            known: HashMap::new(),
            stretch: 0,
            pages: Vec::new(),
            base: 0,
            far: HashMap::new(),
            codes: HashMap::new(),
            memo: vec![(0, 0); REMEMBERED],
        }
    }
}

impl Births {
    /// An object is made at this address.
    #[inline]
    pub fn note(&mut self, cx: Ctx, address: usize) {
        let word = self.stretch << SITE_BITS | self.site_now(cx);
        self.page(address >> PAGE_BITS)[(address >> 4) % PLACES] = word;
    }

    fn page(&mut self, page: usize) -> &mut [u32; PLACES] {
        let fresh = || Box::new([0; PLACES]);
        if self.pages.is_empty() {
            // Pages below the first one seen are in use by then; leave room for them.
            self.base = page.saturating_sub(BELOW);
        }
        let offset = page.wrapping_sub(self.base);
        if offset >= FAR {
            return self.far.entry(page).or_insert_with(fresh);
        }
        if offset >= self.pages.len() {
            self.pages.resize_with(offset + 64, || None);
        }
        self.pages[offset].get_or_insert_with(fresh)
    }

    /// Where the object at an address was made.
    pub fn of(&self, address: usize) -> Birth {
        let page = address >> PAGE_BITS;
        let places = match self.pages.get(page.wrapping_sub(self.base)) {
            Some(places) => places.as_deref(),
            None => self.far.get(&page).map(|places| &**places),
        };
        Birth(places.map_or(0, |places| places[(address >> 4) % PLACES]))
    }

    /// The place with this number.
    pub fn site(&self, number: u32) -> Option<&Site> {
        self.sites.get((number as usize).checked_sub(1)?)
    }

    /// All places; that of number `n + 1` at `n`.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// What is made from now on belongs to the next stretch; its number.
    pub fn mark(&mut self) -> u32 {
        self.stretch = (self.stretch + 1).min(LAST_STRETCH);
        self.stretch
    }

    /// The number of the present stretch.
    pub fn stretch(&self) -> u32 {
        self.stretch
    }

    /// The object at this address is no more; it may have been a code object.
    pub fn forget(&mut self, address: usize) {
        if self.codes.remove(&address).is_some() {
            unmark(address);
            self.memo.fill((0, 0));
        }
    }

    fn site_now(&mut self, cx: Ctx) -> u32 {
        let mut import = false;
        let mut frame = cx.innermost_frame();
        while let Some(running) = frame {
            let instruction = running.prev_instr.addr();
            let slot = (instruction >> 1) % REMEMBERED;
            if !import && self.memo[slot].0 == instruction {
                return self.memo[slot].1;
            }
            import |= is_importing(running);
            let kind = self.kind(cx, running);
            if kind.users {
                let site = self.number(running, import);
                if import == is_importing(running) {
                    self.memo[slot] = (instruction, site);
                }
                return site;
            }
            frame = running.outer();
        }
        0
    }

    fn kind(&mut self, cx: Ctx, frame: &Frame) -> Kind {
        let address = frame.code().object.address();
        if let Some(kind) = self.codes.get(&address) {
            return *kind;
        }
        let kind = Kind { users: is_users_frame(cx, frame) };
        // So that its death is told: another could take its place.
        mark(address);
        self.codes.insert(address, kind);
        kind
    }

    fn number(&mut self, frame: &Frame, import: bool) -> u32 {
        let site = Site {
            location: Location {
                file: frame.code().filename.to_string_lossy().into(),
                line: frame.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(0),
                function: frame.code().qualname.to_string_lossy().into(),
            },
            import,
        };
        if let Some(number) = self.known.get(&site) {
            return *number;
        }
        let number = self.sites.len() as u32 + 1;
        if number >= 1 << SITE_BITS {
            return 0;
        }
        self.sites.push(site.clone());
        self.known.insert(site, number);
        number
    }
}

/// Whether a frame is at an `import`.
fn is_importing(frame: &Frame) -> bool {
    let at = usize::try_from(frame.lasti()).unwrap_or(0);
    matches!(
        frame.code().plain.code.get(at).copied(),
        Some(op::IMPORT_NAME | op::IMPORT_FROM | op::IMPORT_STAR)
    )
}
