//! The events feed: what happened to memory, newest last.
use std::collections::VecDeque;

use crate::session::protocol::{FeedLevel, MemoryEvent, MemoryEventKind};

/// Events that are kept.
const MAX_EVENTS: usize = 2_000;

/// A line of the feed.
#[derive(Clone, Debug, PartialEq)]
pub enum FeedLine {
    Event(MemoryEvent),
    /// So many happened too fast to be listed.
    Skipped(u64),
}

/// The feed with its place.
#[derive(Debug)]
pub struct Feed {
    pub lines: VecDeque<FeedLine>,
    /// Rows scrolled back from the newest.
    pub scroll: usize,
    pub level: FeedLevel,
    /// Objects freed and created since the start, as far as they were reported.
    pub freed: u64,
}

impl Default for Feed {
    fn default() -> Feed {
        Feed { lines: VecDeque::new(), scroll: 0, level: FeedLevel::UserObjects, freed: 0 }
    }
}

impl Feed {
    /// Takes what the engine reported.
    pub fn add(&mut self, events: Vec<MemoryEvent>, skipped: u64) {
        let before = self.lines.len();
        if skipped > 0 {
            if let Some(FeedLine::Skipped(more)) = self.lines.back_mut() {
                *more += skipped;
            } else {
                self.lines.push_back(FeedLine::Skipped(skipped));
            }
        }
        for event in events {
            if matches!(event.kind, MemoryEventKind::Freed { .. }) {
                self.freed += 1;
            }
            self.lines.push_back(FeedLine::Event(event));
        }
        if self.scroll > 0 {
            self.scroll += self.lines.len().saturating_sub(before);
        }
        while self.lines.len() > MAX_EVENTS {
            self.lines.pop_front();
        }
        self.scroll = self.scroll.min(self.lines.len().saturating_sub(1));
    }

    /// The next level: collections, user objects, everything, nothing.
    pub fn next_level(&mut self) {
        self.level = match self.level {
            FeedLevel::Off => FeedLevel::Collections,
            FeedLevel::Collections => FeedLevel::UserObjects,
            FeedLevel::UserObjects => FeedLevel::Everything,
            FeedLevel::Everything => FeedLevel::Off,
        };
    }

    /// The level in words.
    pub fn level_words(&self) -> &'static str {
        match self.level {
            FeedLevel::Off => "off",
            FeedLevel::Collections => "collections only",
            FeedLevel::UserObjects => "your objects",
            FeedLevel::Everything => "everything",
        }
    }
}
