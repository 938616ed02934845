//! Themes: what each role looks like.
//!
//! A theme names roles (`ghost`, `prompt`, `gauge`), not places on screen. Built-in themes are the TOML files of
//! `themes/`; a user's file may inherit from any of them. A theme keeps full colours; [`Theme::at_depth`] brings
//! them down to what the terminal has, to no colour at all if need be.
mod colour;
mod load;

use ratatui::style::{Modifier, Style};

use crate::session::report::Tone;

pub use colour::{Colour, Depth, Wish};
pub use load::ThemeError;

macro_rules! roles {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// What a piece of the screen means. Themes give each a style.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Role { $($variant),+ }

        impl Role {
            /// All roles, in the order of the enumeration.
            pub const ALL: &'static [Role] = &[$(Role::$variant),+];

            /// Its key in a theme file.
            pub fn name(self) -> &'static str {
                match self { $(Role::$variant => $name),+ }
            }
        }
    };
}

roles! {
    // general
    Text = "text", Muted = "muted", Title = "title", TitleFocused = "title-focused",
    Border = "border", BorderFocused = "border-focused", Selection = "selection",
    Status = "status", StatusState = "status-state", Key = "key", Hint = "hint",
    Error = "error", Notice = "notice", Match = "match",
    Popup = "popup", PopupBorder = "popup-border", PopupSelected = "popup-selected",
    // what was typed and printed
    Prompt = "prompt", Stdout = "stdout", Stderr = "stderr", Report = "report",
    // Python
    Keyword = "keyword", Builtin = "builtin", String = "string", Number = "number",
    Comment = "comment", Operator = "operator", Definition = "definition",
    // objects
    Name = "name", TypeName = "type-name", UserType = "user-type", ObjectNumber = "object-number",
    RefCount = "refcount", CountUp = "count-up", CountDown = "count-down",
    Young = "generation-0", Middle = "generation-1", Old = "generation-2", Untracked = "untracked",
    Size = "size", Value = "value", New = "new", Changed = "changed", Ghost = "ghost", GhostFaint = "ghost-faint",
    Pinned = "pinned", Group = "group", Header = "header",
    // the collector
    Gauge = "gauge", GaugeHot = "gauge-hot", GaugeEmpty = "gauge-empty",
    // events
    Created = "created", Freed = "freed", Collected = "collected", Garbage = "garbage",
    // the stepper
    LineNumber = "line-number", CurrentLine = "current-line", Breakpoint = "breakpoint",
    Opcode = "opcode", JumpTarget = "jump-target",
}

impl From<Tone> for Role {
    fn from(tone: Tone) -> Role {
        match tone {
            Tone::Plain => Role::Report,
            Tone::Muted => Role::Muted,
            Tone::Strong => Role::Title,
            Tone::Name => Role::Name,
            Tone::Type => Role::UserType,
            Tone::Number => Role::RefCount,
            Tone::Good => Role::Notice,
            Tone::Bad => Role::Error,
        }
    }
}

/// For which background a theme is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Dark,
    Light,
}

/// One role's look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub fg: Option<Colour>,
    pub bg: Option<Colour>,
    pub modifiers: Modifier,
}

/// A complete theme: a look for every role.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub name: String,
    pub ground: Ground,
    looks: Vec<Look>,
    depth: Depth,
}

/// Name and text of the built-in themes.
pub static BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../../themes/colour-blind.toml")),
    ("plain", include_str!("../../../themes/plain.toml")),
];

impl Theme {
    /// A built-in theme by name.
    pub fn built_in(name: &str) -> Result<Theme, ThemeError> {
        load::built_in(name)
    }

    /// Reads a theme from the text of a file; `file` is for messages only.
    pub fn parse(text: &str, file: &str) -> Result<Theme, ThemeError> {
        load::parse(text, file)
    }

    /// What the user asked for: the name of a built-in theme, or a file.
    pub fn find(name_or_file: &str) -> Result<Theme, ThemeError> {
        if BUILT_IN.iter().any(|(name, _)| *name == name_or_file) {
            return Theme::built_in(name_or_file);
        }
        let looks_like_file = name_or_file.contains(['/', '\\']) || name_or_file.ends_with(".toml");
        match std::fs::read_to_string(name_or_file) {
            Ok(text) => Theme::parse(&text, name_or_file),
            Err(_) if !looks_like_file => Err(load::no_such_theme(name_or_file)),
            Err(error) => Err(load::unreadable(name_or_file, &error)),
        }
    }

    /// The theme for people who did not choose one: by the background that the terminal tells of, else dark.
    pub fn guess(colorfgbg: Option<&str>) -> &'static str {
        // "15;0" or "15;default;0": the last field is the background's number among the 16 colours.
        let background =
            colorfgbg.and_then(|v| v.rsplit(';').next()).and_then(|n| n.trim().parse::<u8>().ok());
        match background {
            Some(7 | 9..=15) => "light",
            _ => "dark",
        }
    }

    /// The same theme for a terminal with so many colours.
    pub fn at_depth(mut self, depth: Depth) -> Theme {
        self.depth = depth;
        self
    }

    /// How a role is drawn. Without colour only bold, reverse, underline and the like remain.
    pub fn style(&self, role: Role) -> Style {
        let look = self.looks.get(role as usize).copied().unwrap_or_default();
        let mut style = Style::new();
        if let Some(fg) = look.fg.and_then(|c| c.at_depth(self.depth)) {
            style = style.fg(fg);
        }
        if let Some(bg) = look.bg.and_then(|c| c.at_depth(self.depth)) {
            style = style.bg(bg);
        }
        let mut modifiers = look.modifiers;
        if self.depth == Depth::None && look.bg.is_some() {
            // A background that cannot be shown must not take its meaning with it.
            modifiers |= Modifier::REVERSED;
        }
        style.add_modifier(modifiers)
    }
}

/// Characters that are drawn, for terminals with and without Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    pub horizontal: &'static str,
    pub vertical: &'static str,
    pub top_left: &'static str,
    pub top_right: &'static str,
    pub bottom_left: &'static str,
    pub bottom_right: &'static str,
    pub left_tee: &'static str,
    pub right_tee: &'static str,
    pub gauge_full: &'static str,
    pub gauge_empty: &'static str,
    pub scroll_thumb: &'static str,
    pub ellipsis: &'static str,
    pub new: &'static str,
    pub changed: &'static str,
    pub ghost: &'static str,
    pub pinned: &'static str,
    pub closed: &'static str,
    pub open: &'static str,
    pub current: &'static str,
    pub breakpoint: &'static str,
    pub unnamed: &'static str,
    pub arrow: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub times: &'static str,
    pub dot: &'static str,
}

/// For terminals that show Unicode.
pub static UNICODE: Glyphs = Glyphs {
    horizontal: "─",
    vertical: "│",
    top_left: "┌",
    top_right: "┐",
    bottom_left: "└",
    bottom_right: "┘",
    left_tee: "├",
    right_tee: "┤",
    gauge_full: "█",
    gauge_empty: "░",
    scroll_thumb: "┃",
    ellipsis: "…",
    new: "+",
    changed: "*",
    ghost: "×",
    pinned: "^",
    closed: "▸",
    open: "▾",
    current: "▶",
    breakpoint: "●",
    unnamed: "·",
    arrow: "→",
    up: "▲",
    down: "▼",
    times: "×",
    dot: "·",
};

/// For those that do not.
pub static ASCII: Glyphs = Glyphs {
    horizontal: "-",
    vertical: "|",
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    left_tee: "+",
    right_tee: "+",
    gauge_full: "#",
    gauge_empty: ".",
    scroll_thumb: "#",
    ellipsis: "~",
    new: "+",
    changed: "*",
    ghost: "x",
    pinned: "^",
    closed: ">",
    open: "v",
    current: ">",
    breakpoint: "o",
    unnamed: "-",
    arrow: "->",
    up: "^",
    down: "v",
    times: "x",
    dot: "-",
};

/// Whether the locale of the environment (`LC_ALL`, else `LC_CTYPE`, else `LANG`) shows Unicode.
pub fn locale_is_unicode(lc_all: Option<&str>, lc_ctype: Option<&str>, lang: Option<&str>) -> bool {
    let chosen = [lc_all, lc_ctype, lang].into_iter().flatten().find(|v| !v.is_empty());
    match chosen {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        // Nothing said: terminals of today do, and the C locale of a bare container is no terminal's choice.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_theme_loads_and_says_its_name() {
        for (name, _) in BUILT_IN {
            let theme = Theme::built_in(name).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(theme.name, *name);
        }
    }

    #[test]
    fn every_role_of_a_coloured_theme_can_be_told_from_nothing() {
        for name in ["dark", "light", "high-contrast", "colour-blind"] {
            let theme = Theme::built_in(name).unwrap().at_depth(Depth::True);
            for role in [Role::Ghost, Role::New, Role::Changed, Role::Selection, Role::Error, Role::GaugeHot]
            {
                assert_ne!(theme.style(role), Style::new(), "{name}: {}", role.name());
            }
        }
    }

    #[test]
    fn without_colour_selection_and_ghosts_still_differ_from_text() {
        for (name, _) in BUILT_IN {
            let theme = Theme::built_in(name).unwrap().at_depth(Depth::None);
            for role in Role::ALL {
                let style = theme.style(*role);
                assert!(style.fg.is_none() && style.bg.is_none(), "{name}: {}", role.name());
            }
            assert_ne!(theme.style(Role::Selection), theme.style(Role::Text), "{name}");
            assert_ne!(theme.style(Role::Ghost), theme.style(Role::Text), "{name}");
        }
    }

    #[test]
    fn the_background_is_guessed() {
        assert_eq!(Theme::guess(None), "dark");
        assert_eq!(Theme::guess(Some("15;0")), "dark");
        assert_eq!(Theme::guess(Some("0;15")), "light");
        assert_eq!(Theme::guess(Some("0;default;7")), "light");
        assert_eq!(Theme::guess(Some("nonsense")), "dark");
    }
}
