//! Keys: one table from key and place to what is done. It also makes the help layer and the hints at the bottom.
use crate::session::commands::{self, CommandAction};

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyCode {
    Char(char),
    Enter,
    Tab,
    BackTab,
    Esc,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// A key as pressed. For characters shift is part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: KeyCode,
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

impl Key {
    /// A key with no modifier.
    pub fn plain(code: KeyCode) -> Key {
        Key { code, ctrl: false, alt: false, shift: false }
    }

    /// The character to insert, if the key types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Reads `ctrl-c`, `alt-enter`, `shift-f5`, `pagedown`, `?`.
    pub fn parse(text: &str) -> Option<Key> {
        let mut key = Key::plain(KeyCode::Esc);
        let mut rest = text;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|r| !r.is_empty()) {
                (key.ctrl, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|r| !r.is_empty()) {
                (key.alt, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("shift-").filter(|r| !r.is_empty()) {
                (key.shift, rest) = (true, after);
            } else {
                break;
            }
        }
        key.code = match rest {
            "enter" => KeyCode::Enter,
            "tab" => KeyCode::Tab,
            "backtab" => KeyCode::BackTab,
            "esc" => KeyCode::Esc,
            "backspace" => KeyCode::Backspace,
            "delete" => KeyCode::Delete,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            "space" => KeyCode::Char(' '),
            other => {
                let mut chars = other.chars();
                match (chars.next(), chars.as_str()) {
                    (Some(c), "") => KeyCode::Char(c),
                    (Some('f'), number) => KeyCode::F(number.parse().ok().filter(|n| (1..=24).contains(n))?),
                    _ => return None,
                }
            }
        };
        Some(key)
    }
}

/// Editing and moving, which are not commands: nobody types them after a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Left,
    Right,
}

/// What the line editor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    Submit,
    NewLine,
    Complete,
    Left,
    Right,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    Up,
    Down,
    HistoryBack,
    HistoryForward,
    HistorySearch,
    Backspace,
    Delete,
    DeleteWordBack,
    DeleteWord,
    DeleteToEnd,
    DeleteToStart,
    Yank,
    Undo,
    ScrollUp,
    ScrollDown,
    ScrollEnd,
    EndOfInput,
    Escape,
    Clear,
}

/// What a key is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    Command(CommandAction),
    Motion(Motion),
    Edit(Edit),
    /// Opens the command line.
    CommandLine,
    /// From a panel back to the main pane.
    Leave,
}

/// Where a binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// In every pane, unless the pane binds the key itself.
    Anywhere,
    /// In the REPL's editor, and in the stepper's input line.
    Editor,
    /// In every pane that is not an editor.
    Panes,
    /// In the memory panel.
    Memory,
    /// In the stepper, in every pane that is not an editor.
    Stepper,
    /// In the stepper's source pane.
    Source,
}

impl Context {
    /// Its heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Context::Anywhere => "Anywhere",
            Context::Editor => "Typing",
            Context::Panes => "In any pane",
            Context::Memory => "Memory",
            Context::Stepper => "Stepping",
            Context::Source => "Source",
        }
    }
}

/// One row of the keymap.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    pub context: Context,
    /// Keys that do the same, separated by spaces; the first is shown in hints.
    pub keys: &'static str,
    pub bound: Bound,
    /// One or two words for the bottom line; empty keeps it out of there.
    pub hint: &'static str,
    /// What it does; empty for commands, whose registry knows.
    pub doc: &'static str,
}

impl Binding {
    /// What it does, in a sentence.
    pub fn doc(&self) -> &'static str {
        match self.bound {
            Bound::Command(action) if self.doc.is_empty() => {
                commands::for_action(action).map_or("", |c| c.doc)
            }
            _ => self.doc,
        }
    }
}

const fn bind(
    context: Context,
    keys: &'static str,
    bound: Bound,
    hint: &'static str,
    doc: &'static str,
) -> Binding {
    Binding { context, keys, bound, hint, doc }
}

use Bound::{Command, Motion as Go};
use CommandAction as Do;
use Context::{Anywhere, Editor, Memory, Panes, Source, Stepper};

const fn edit(keys: &'static str, edit: Edit, hint: &'static str, doc: &'static str) -> Binding {
    bind(Editor, keys, Bound::Edit(edit), hint, doc)
}

/// Every binding. Within a context earlier rows win; a pane's own context wins over the general ones.
pub static KEYMAP: &[Binding] = &[
    // memory
    bind(Memory, "/", Command(Do::Search), "search", ""),
    bind(Memory, "s", Command(Do::Sort), "sort", ""),
    bind(Memory, "r", Command(Do::SortReverse), "", ""),
    bind(Memory, "p", Command(Do::Pin), "pin", ""),
    bind(
        Memory,
        "enter space",
        Command(Do::Details),
        "details",
        "Show an object's details, open or close a group",
    ),
    bind(Memory, "e", Command(Do::ToggleFeed), "", ""),
    // source
    bind(Source, "b f9", Command(Do::Breakpoint), "break", ""),
    bind(Source, "t f8", Command(Do::StepToLine), "to cursor", ""),
    // stepping
    bind(Stepper, "i f11 space", Command(Do::StepInto), "into", ""),
    bind(Stepper, "n f10", Command(Do::StepOver), "over", ""),
    bind(Stepper, "o f12 shift-f11", Command(Do::StepOut), "out", ""),
    bind(Stepper, "c f5", Command(Do::Continue), "continue", ""),
    bind(Stepper, "f", Command(Do::NextFree), "next free", ""),
    bind(Stepper, "g", Command(Do::NextCollection), "next gc", ""),
    bind(Stepper, "d", Command(Do::Bytecode), "bytecode", ""),
    bind(Stepper, "x", Command(Do::StepInstruction), "", ""),
    // back in time: the capital of each step
    bind(Stepper, "N backspace shift-f10", Command(Do::BackOver), "back", ""),
    bind(Stepper, "I", Command(Do::BackInto), "", ""),
    bind(Stepper, "O", Command(Do::BackOut), "", ""),
    bind(Stepper, "C shift-f5", Command(Do::BackBreakpoint), "", ""),
    bind(Stepper, "X", Command(Do::BackInstruction), "", ""),
    bind(Stepper, "F", Command(Do::LastFree), "", ""),
    bind(Stepper, "G", Command(Do::LastCollection), "", ""),
    bind(Stepper, "<", Command(Do::LastChange), "", ""),
    bind(Stepper, "M", Command(Do::WhereMade), "", ""),
    bind(Stepper, "[", Command(Do::Earlier), "", ""),
    bind(Stepper, "]", Command(Do::Later), "", ""),
    bind(Stepper, "P", Command(Do::Present), "", ""),
    bind(Stepper, "ctrl-c f6", Command(Do::Pause), "", ""),
    bind(Stepper, "q ctrl-d", Command(Do::Quit), "quit", ""),
    // panes
    bind(Panes, "up k", Go(Motion::Up), "", "Move up"),
    bind(Panes, "down j", Go(Motion::Down), "", "Move down"),
    bind(Panes, "pageup", Go(Motion::PageUp), "", "Move a page up"),
    bind(Panes, "pagedown", Go(Motion::PageDown), "", "Move a page down"),
    bind(Panes, "home", Go(Motion::First), "", "Move to the first row"),
    bind(Panes, "end G", Go(Motion::Last), "", "Move to the last row"),
    bind(Panes, "left h", Go(Motion::Left), "", "Scroll left, or to the frame above"),
    bind(Panes, "right l", Go(Motion::Right), "", "Scroll right, or to the frame below"),
    bind(Panes, "tab", Command(Do::NextPane), "panes", ""),
    bind(Panes, "?", Command(Do::Help), "help", ""),
    bind(Panes, ":", Bound::CommandLine, "", "Type a command"),
    bind(Panes, "esc q", Bound::Leave, "back", "Back to the main pane"),
    // editor
    edit("enter", Edit::Submit, "", "Run what is typed, or begin a new line while it is incomplete"),
    edit("alt-enter", Edit::NewLine, "", "Begin a new line"),
    edit("tab", Edit::Complete, "complete", "Complete, indent; on an empty line move to the next pane"),
    edit("left ctrl-b", Edit::Left, "", "Move left"),
    edit("right ctrl-f", Edit::Right, "", "Move right"),
    edit("ctrl-left alt-b", Edit::WordLeft, "", "Move a word left"),
    edit("ctrl-right alt-f", Edit::WordRight, "", "Move a word right"),
    edit("home ctrl-a", Edit::LineStart, "", "Move to the beginning of the line"),
    edit("end ctrl-e", Edit::LineEnd, "", "Move to the end of the line"),
    edit("up", Edit::Up, "", "Line above, or the input before"),
    edit("down", Edit::Down, "", "Line below, or the input after"),
    edit("ctrl-p alt-up", Edit::HistoryBack, "", "The input before"),
    edit("ctrl-n alt-down", Edit::HistoryForward, "", "The input after"),
    edit("ctrl-r", Edit::HistorySearch, "", "Last input that begins like this one"),
    edit("backspace ctrl-h", Edit::Backspace, "", "Delete backwards"),
    edit("delete", Edit::Delete, "", "Delete"),
    edit("ctrl-w alt-backspace", Edit::DeleteWordBack, "", "Delete the word before"),
    edit("alt-d ctrl-delete", Edit::DeleteWord, "", "Delete the word after"),
    edit("ctrl-k", Edit::DeleteToEnd, "", "Delete to the end of the line"),
    edit("ctrl-u", Edit::DeleteToStart, "", "Delete to the beginning of the line"),
    edit("ctrl-y", Edit::Yank, "", "Put back what was deleted last"),
    edit("ctrl-_ ctrl-z ctrl-7", Edit::Undo, "", "Undo"),
    edit("pageup shift-up", Edit::ScrollUp, "", "Scroll back"),
    edit("pagedown shift-down", Edit::ScrollDown, "", "Scroll forward"),
    edit("ctrl-end", Edit::ScrollEnd, "", "Scroll to the end"),
    edit("ctrl-d", Edit::EndOfInput, "leave", "Delete; on an empty line leave"),
    edit("ctrl-l", Edit::Clear, "", "Clear the pane"),
    edit("esc", Edit::Escape, "", "Close the completion"),
    // anywhere
    bind(Anywhere, "ctrl-c", Command(Do::Interrupt), "", ""),
    bind(Anywhere, "f1", Command(Do::Help), "help", ""),
    bind(Anywhere, "shift-tab backtab f2", Command(Do::NextPane), "panes", ""),
];

/// What a key does where the contexts, most special first, hold.
pub fn lookup(key: Key, contexts: &[Context]) -> Option<Bound> {
    for context in contexts {
        let mut rows = KEYMAP.iter().filter(|b| b.context == *context);
        let hit = rows.find(|b| b.keys.split(' ').any(|k| Key::parse(k) == Some(key)));
        if let Some(binding) = hit {
            return Some(binding.bound);
        }
    }
    None
}

/// The bindings that hold in these contexts, in the order of the contexts, hidden ones left out.
pub fn bindings<'a>(contexts: &'a [Context]) -> impl Iterator<Item = &'static Binding> + 'a {
    contexts.iter().flat_map(|context| KEYMAP.iter().filter(move |b| b.context == *context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_can_be_read_and_every_row_is_explained() {
        for binding in KEYMAP {
            for key in binding.keys.split(' ') {
                assert!(Key::parse(key).is_some(), "{key}");
            }
            assert!(!binding.doc().is_empty(), "{}", binding.keys);
        }
    }

    #[test]
    fn no_key_is_bound_twice_in_one_context() {
        let mut seen = std::collections::HashSet::new();
        for binding in KEYMAP {
            for key in binding.keys.split(' ') {
                assert!(seen.insert((binding.context, Key::parse(key))), "{key} in {:?}", binding.context);
            }
        }
    }

    #[test]
    fn the_special_context_wins() {
        let key = Key::plain(KeyCode::Enter);
        assert_eq!(lookup(key, &[Memory, Panes]), Some(Command(Do::Details)));
        assert_eq!(lookup(key, &[Panes]), None);
        assert_eq!(lookup(Key::parse("ctrl-c").unwrap(), &[Panes, Anywhere]), Some(Command(Do::Interrupt)));
    }
}
