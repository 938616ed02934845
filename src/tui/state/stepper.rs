//! What the stepper's own panes show: source, frames with their variables, bytecode.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::session::protocol::{Breakpoint, DisListing, FrameRow, Location, Moment, SourceText};
use crate::tui::highlight::{LineRoles, highlight};

/// A source file, coloured once.
#[derive(Debug, Default)]
pub struct Source {
    pub lines: Vec<String>,
    pub roles: Vec<LineRoles>,
    /// Lines at which the program can stop.
    pub stops: Vec<u32>,
    /// Why there is no text.
    pub missing: Option<String>,
}

/// State of the stepper's panes.
#[derive(Debug, Default)]
pub struct Stepper {
    pub sources: BTreeMap<Arc<str>, Source>,
    /// The file that is shown.
    pub file: Option<Arc<str>>,
    /// Where the program stands.
    pub location: Option<Location>,
    /// Line under the cursor, one-based.
    pub cursor: u32,
    /// First line shown, one-based.
    pub top: u32,
    /// Columns scrolled to the right.
    pub left: usize,
    pub breakpoints: BTreeSet<Breakpoint>,
    /// The stack, innermost first.
    pub frames: Vec<FrameRow>,
    /// The frame whose variables are shown.
    pub frame: usize,
    /// First row and selected row of the variables.
    pub variable: usize,
    pub variable_top: usize,
    pub show_bytecode: bool,
    pub bytecode: Option<DisListing>,
    /// First instruction shown; `None` follows the current one.
    pub bytecode_top: Option<usize>,
    /// How many times the program has stopped: the number of the step shown.
    pub stops: u64,
    /// Where in the recorded run this is.
    pub moment: Option<Moment>,
    /// Lines that are still to be gone back.
    pub back_left: u64,
    /// How far a journey through the run has come: at, of.
    pub progress: Option<(u64, u64)>,
}

impl Stepper {
    /// Takes a file's text.
    pub fn add_source(&mut self, text: SourceText) {
        let lines: Vec<String> = text.lines.iter().map(|l| l.replace('\t', "        ")).collect();
        let roles = highlight(&lines.join("\n"));
        self.sources.insert(text.file, Source { lines, roles, stops: text.stops, missing: None });
    }

    /// Notes that a file's text cannot be had.
    pub fn no_source(&mut self, file: Arc<str>, reason: String) {
        self.sources.insert(file, Source { missing: Some(reason), ..Source::default() });
    }

    /// The program stopped here: show it.
    pub fn stop_at(&mut self, location: &Location) {
        self.stops += 1;
        self.show(location);
        self.location = Some(location.clone());
        self.frame = 0;
        self.variable = 0;
        self.variable_top = 0;
        self.bytecode_top = None;
    }

    /// Shows a place without going there.
    pub fn show(&mut self, location: &Location) {
        self.file = Some(location.file.clone());
        self.cursor = location.line.max(1);
        self.left = 0;
    }

    /// The source shown.
    pub fn source(&self) -> Option<&Source> {
        self.sources.get(self.file.as_ref()?)
    }

    /// Number of lines of the source shown.
    pub fn line_count(&self) -> u32 {
        self.source().map_or(0, |s| u32::try_from(s.lines.len()).unwrap_or(u32::MAX))
    }

    /// Moves the cursor by lines.
    pub fn move_cursor(&mut self, by: i64) {
        let last = i64::from(self.line_count().max(1));
        let to = i64::from(self.cursor).saturating_add(by).clamp(1, last);
        self.cursor = u32::try_from(to).unwrap_or(1);
    }

    /// Scrolls so that the cursor is in sight of so many rows, with a few lines around it.
    pub fn follow(&mut self, rows: u32) {
        let margin = (rows / 4).min(4);
        let last_top = self.line_count().saturating_sub(rows).saturating_add(1).max(1);
        if self.cursor < self.top.saturating_add(margin) {
            self.top = self.cursor.saturating_sub(margin).max(1);
        } else if self.cursor.saturating_add(margin) >= self.top.saturating_add(rows) {
            self.top = (self.cursor + margin + 1).saturating_sub(rows).max(1);
        }
        self.top = self.top.clamp(1, last_top);
    }

    /// The breakpoint that the cursor's line would have.
    pub fn breakpoint_at(&self, line: u32) -> Option<Breakpoint> {
        Some(Breakpoint { file: self.file.clone()?, line })
    }

    /// The variables of the chosen frame, and the value stack below them.
    pub fn variables(&self) -> Vec<VariableRow<'_>> {
        let mut rows = Vec::new();
        for (i, frame) in self.frames.iter().enumerate() {
            rows.push(VariableRow::Frame { index: i, frame, open: i == self.frame });
            if i == self.frame {
                rows.extend(frame.locals.iter().map(VariableRow::Local));
                rows.extend(frame.stack.iter().map(VariableRow::Slot));
            }
        }
        rows
    }
}

/// A row of the variables pane.
#[derive(Clone, Copy, Debug)]
pub enum VariableRow<'a> {
    Frame { index: usize, frame: &'a FrameRow, open: bool },
    Local(&'a crate::session::protocol::LocalRow),
    Slot(&'a crate::session::protocol::LocalRow),
}
